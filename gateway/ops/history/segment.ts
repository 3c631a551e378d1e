/**
 * A piece of history: records of one form, one after the other, in memory as in its file. A file begins with a line of
 * JSON that says what its records hold; a record ends with a checksum, so that one torn by a power cut is known for it.
 *
 * Record, big-endian: time f64 (milliseconds since 1970), then for each key agreed, spread and own as f32 (NaN: none),
 * then CRC-32 of all that as u32.
 */
import { crc32 } from '../../../host-sim/node-platform/store/crc32.ts';

export const FIELDS = 3;
const TIME_BYTES = 8;
const FLOAT_BYTES = 4;
const CRC_BYTES = 4;
const FORMAT = 'lvs-history/1';
/** A first line is no longer: 64 names of 64 letters. */
const HEAD_MAX_BYTES = 65_536;
const FIRST_BYTES = 4096;

/** Of one key, in its unit. */
export interface Sample {
  agreed: number | null;
  spread: number | null;
  own: number | null;
}

const asFloat = (value: number | null): number => value ?? NaN;
const fromFloat = (value: number): number | null => (Number.isNaN(value) ? null : value);

export class Segment {
  readonly keys: readonly string[];
  readonly #record_bytes: number;
  #bytes: Buffer = Buffer.alloc(FIRST_BYTES);
  #used = 0;
  #saved = 0;

  constructor(keys: readonly string[]) {
    this.keys = keys;
    this.#record_bytes = TIME_BYTES + keys.length * FIELDS * FLOAT_BYTES + CRC_BYTES;
  }

  /** What a file holds; null when it is none of ours. What stands behind a torn record is left out. */
  static read(file: Buffer): Segment | null {
    const end = file.subarray(0, HEAD_MAX_BYTES).indexOf(0x0a);
    const keys = end < 0 ? null : keysOf(file.toString('utf8', 0, end));
    if (keys === null) return null;
    const segment = new Segment(keys);
    const size = segment.#record_bytes;
    const body = file.subarray(end + 1);
    let whole = 0;
    while ((whole + 1) * size <= body.length && isWhole(body.subarray(whole * size, (whole + 1) * size))) whole++;
    segment.#bytes = Buffer.from(body.subarray(0, whole * size));
    segment.#used = segment.#saved = whole * size;
    return segment;
  }

  head(): Buffer {
    return Buffer.from(`${JSON.stringify({ format: FORMAT, keys: this.keys })}\n`);
  }

  get records(): number {
    return this.#used / this.#record_bytes;
  }

  get first_ms(): number {
    return this.#used === 0 ? NaN : this.time_ms(0);
  }

  get last_ms(): number {
    return this.#used === 0 ? NaN : this.time_ms(this.records - 1);
  }

  time_ms(record: number): number {
    return this.#bytes.readDoubleBE(record * this.#record_bytes);
  }

  sample(record: number, key: number): Sample {
    const at = record * this.#record_bytes + TIME_BYTES + key * FIELDS * FLOAT_BYTES;
    return {
      agreed: fromFloat(this.#bytes.readFloatBE(at)),
      spread: fromFloat(this.#bytes.readFloatBE(at + FLOAT_BYTES)),
      own: fromFloat(this.#bytes.readFloatBE(at + 2 * FLOAT_BYTES)),
    };
  }

  add(time_ms: number, samples: readonly Sample[]): void {
    const size = this.#record_bytes;
    if (this.#used + size > this.#bytes.length) {
      this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(Math.max(size, this.#bytes.length))]);
    }
    let at = this.#bytes.writeDoubleBE(time_ms, this.#used);
    for (const { agreed, spread, own } of samples) {
      at = this.#bytes.writeFloatBE(asFloat(agreed), at);
      at = this.#bytes.writeFloatBE(asFloat(spread), at);
      at = this.#bytes.writeFloatBE(asFloat(own), at);
    }
    this.#bytes.writeUInt32BE(crc32(this.#bytes.subarray(this.#used, at)) >>> 0, at);
    this.#used += size;
  }

  /** What no file has yet. */
  unsaved(): Buffer {
    return Buffer.from(this.#bytes.subarray(this.#saved, this.#used));
  }

  /** So many bytes more are in the file. */
  saved(bytes: number): void {
    this.#saved += bytes;
  }
}

function keysOf(head: string): string[] | null {
  let value: unknown;
  try {
    value = JSON.parse(head);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || !('format' in value) || !('keys' in value)) return null;
  const { format, keys } = value;
  const fine = format === FORMAT && Array.isArray(keys) && keys.every((key) => typeof key === 'string');
  return fine ? keys : null;
}

function isWhole(record: Buffer): boolean {
  const end = record.length - CRC_BYTES;
  return record.readUInt32BE(end) === crc32(record.subarray(0, end)) >>> 0;
}
