/** What a partition holds, apart from where in it: the plain data that is read, changed and written. */
import { type PlainType, STRING_BYTES_MAX, viewOf } from './layout.ts';

export type NvsType = PlainType | 'string' | 'blob';

export interface NvsEntry {
  namespace: string;
  key: string;
  type: NvsType;
  /** As in flash: little-endian; a string with its zero at the end. */
  data: Uint8Array;
}

export interface NvsContents {
  /** Index of each namespace. Kept when the partition is written again, so that old pages and new ones never disagree. */
  namespaces: ReadonlyMap<string, number>;
  /** Oldest first; each key of a namespace once. */
  entries: readonly NvsEntry[];
  /** Sequence number of the newest page; -1 where there is none. */
  last_sequence: number;
  /** What was found half written or damaged and left out, in words. */
  damaged: readonly string[];
}

export const EMPTY_CONTENTS: NvsContents = { namespaces: new Map(), entries: [], last_sequence: -1, damaged: [] };

export function textOf({ data }: NvsEntry): string {
  const end = data.indexOf(0);
  return Buffer.from(end < 0 ? data : data.subarray(0, end)).toString('utf8');
}

export function textData(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(`${text}\0`, 'utf8'));
}

/** Whether a text is short enough for one entry of type string, and has no zero that would end it early. */
export function fitsString(text: string): boolean {
  return !text.includes('\0') && Buffer.byteLength(text, 'utf8') < STRING_BYTES_MAX;
}

/** The value of `i32` and `u8`, the only numbers that the firmware's settings use. */
export function numberOf({ type, data }: NvsEntry): number {
  return type === 'i32' ? viewOf(data).getInt32(0, true) : data[0];
}

export function int32Data(value: number): Uint8Array {
  const data = new Uint8Array(4);
  viewOf(data).setInt32(0, value, true);
  return data;
}
