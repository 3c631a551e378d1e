/** What fetches texts from a sensor, or waits for them. It tries for ever, and tells each trouble to its channel. */
import type { SourceConfig } from '../config/config.ts';

/** Whom a driver tells. */
export interface Sink {
  text: (text: string) => void;
  /** It could not be asked this time; three times in a row count. */
  fault: (why: string) => void;
  /** It is not there. */
  lost: (why: string) => void;
}

export interface Driver {
  stop(): void;
}

export type OpenDriver = (config: SourceConfig, sink: Sink) => Driver;
