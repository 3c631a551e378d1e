/** Whether an image in flash is whole, as the boot loader looks at it ("Firmware Image Format"). */
import { createHash } from 'node:crypto';

const MAGIC = 0xe9;
const HEADER_BYTES = 24;
const SEGMENT_HEADER_BYTES = 8;
const SEGMENTS_MAX = 16;
const CHECKSUM_SEED = 0xef;
const HASH_BYTES = 32;

/** The description that ESP-IDF puts at the beginning of an application's first segment. */
const DESCRIPTION_MAGIC = 0xabcd5432;
const DESCRIPTION_OFFSET = HEADER_BYTES + SEGMENT_HEADER_BYTES;

/** @returns what is wrong, or undefined where the image is whole */
export function imageFault(flash: Buffer, address: number, limit_bytes: number, chipId: number): string | undefined {
  const image = flash.subarray(address, Math.min(flash.length, address + limit_bytes));
  if (image.length < HEADER_BYTES || image[0] !== MAGIC) return 'no image';
  if (image[1] === 0 || image[1] > SEGMENTS_MAX) return 'a number of segments that cannot be';
  if (image.readUInt16LE(12) !== chipId) return 'an image for another chip';
  let at = HEADER_BYTES;
  let sum = CHECKSUM_SEED;
  for (let segment = 0; segment < image[1]; segment++) {
    if (at + SEGMENT_HEADER_BYTES > image.length) return 'a segment past the end';
    const size_bytes = image.readUInt32LE(at + 4);
    at += SEGMENT_HEADER_BYTES;
    if (at + size_bytes > image.length) return 'a segment past the end';
    for (let i = at; i < at + size_bytes; i++) sum ^= image[i];
    at += size_bytes;
  }
  const end = (at + 16) & ~15;
  if (end > image.length || image[end - 1] !== sum) return 'a wrong checksum';
  return image[23] === 1 ? hashFault(image, end) : undefined;
}

function hashFault(image: Buffer, end: number): string | undefined {
  if (end + HASH_BYTES > image.length) return 'no room for its hash';
  const hash = createHash('sha256').update(image.subarray(0, end)).digest();
  return hash.equals(image.subarray(end, end + HASH_BYTES)) ? undefined : 'a wrong hash';
}

/** The version that the application's description names, if it has one. */
export function imageVersion(flash: Buffer, address: number): string | undefined {
  const at = address + DESCRIPTION_OFFSET;
  if (at + 48 > flash.length || flash.readUInt32LE(at) !== DESCRIPTION_MAGIC) return undefined;
  const text = flash.subarray(at + 16, at + 48);
  const end = text.indexOf(0);
  return text.subarray(0, end < 0 ? text.length : end).toString();
}
