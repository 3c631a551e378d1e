/** Partitions as bytes, with errors for people. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Failure, systemReason, UsageError } from '../cli/errors.ts';
import type { NvsContents } from './nvs/contents.ts';
import { decodeNvs, NvsFormatError } from './nvs/decode.ts';
import { encodeNvs } from './nvs/encode.ts';
import { NvsFullError } from './nvs/page-writer.ts';

/** @param what the partition is called in an error: a file's name, or a port */
export function decodeFor(image: Uint8Array, what: string): NvsContents {
  try {
    return decodeNvs(image);
  } catch (error) {
    if (error instanceof NvsFormatError) throw new Failure(`${what}: this is no settings partition: ${error.message}`);
    throw error;
  }
}

export function encodeFor(contents: NvsContents, size_bytes: number): Uint8Array {
  try {
    return encodeNvs(contents, size_bytes);
  } catch (error) {
    if (!(error instanceof NvsFullError)) throw error;
    throw new Failure(
      `the settings do not fit the partition of ${size_bytes} bytes: they would take ${error.message}; ` +
        'use fewer keys, or a larger nvs partition in partitions.csv',
    );
  }
}

export function readImage(name: string, cwd: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(resolve(cwd, name)));
  } catch (error) {
    throw new UsageError(`${name}: cannot be read: ${systemReason(error)}`);
  }
}
