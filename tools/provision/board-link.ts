/** A board as provisioning needs it: where its settings lie, what is there, and something else in its place. */
import type { Emit } from '../flash/events.ts';
import type { ConnectionTexts } from './options.ts';

export interface BoardLink {
  /** `/dev/ttyUSB0` */
  port: string;
  /** As boards/ has it: `esp32c3`. */
  chip: string;
  /** `aa:bb:cc:dd:ee:ff` */
  mac: string;
  /** Of the settings' partition, as the board's own partition table says. */
  offset: number;
  size_bytes: number;
  read: () => Promise<Uint8Array>;
  /** Writes what differs, and verifies it. */
  write: (image: Uint8Array) => Promise<void>;
}

export interface ConnectContext {
  /** Whether the user may be asked which port is meant. */
  mayAsk: boolean;
  emit: Emit;
}

/** Reaches a board, works on it, and starts its application again, whatever the work came to. */
export type WithBoard = <Result>(
  connection: ConnectionTexts,
  context: ConnectContext,
  work: (link: BoardLink) => Promise<Result>,
) => Promise<Result>;
