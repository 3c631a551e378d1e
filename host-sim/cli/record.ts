/**
 * Writes down a run: a header line with the whole scenario, then for each cycle the digest of every node's state, eight
 * hexadecimal digits each, one after the other.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { Failure, writeReason, UsageError } from '../../tools/cli/errors.ts';
import type { Scenario } from '../world/scenario.ts';
import type { Watcher } from './runner.ts';

export const RECORD_FORMAT = 1;
/** Hexadecimal digits of one node's digest. */
export const DIGEST_DIGITS = 8;

export interface RecordHeader {
  type: 'header';
  format: typeof RECORD_FORMAT;
  bundle_sha256: string;
  /** Of the CSV files that the scenario names. */
  data_sha256: Record<string, string>;
  scenario: Scenario;
}

export function digestText(digest: number): string {
  return (digest >>> 0).toString(16).padStart(DIGEST_DIGITS, '0');
}

export interface Recorder extends Watcher {
  close(): void;
}

export function createRecorder(file: string, header: RecordHeader): Recorder {
  let descriptor: number;
  const line = (value: object): void => {
    try {
      writeSync(descriptor, `${JSON.stringify(value)}\n`);
    } catch (error) {
      throw new Failure(`--record ${file}: cannot be written: ${writeReason(error)}`);
    }
  };
  try {
    descriptor = openSync(file, 'w');
  } catch (error) {
    throw new UsageError(`--record ${file}: cannot be written: ${writeReason(error)}`);
  }
  line(header);
  return {
    cycle({ cycle, node_digests }) {
      let digests = '';
      for (const digest of node_digests) digests += digestText(digest);
      line({ cycle, digests });
      return undefined;
    },
    close: () => closeSync(descriptor),
  };
}
