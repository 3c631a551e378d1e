/**
 * The layout of an NVS partition, as Espressif publishes it ("Non-Volatile Storage Library", Internals, in the ESP-IDF
 * programming guide; codes of types and states from components/nvs_flash/include/nvs.h and nvs_constants.h). Written
 * here because no library on npm both reads and writes it on Node.js. All numbers are little-endian.
 */
import { crc32 } from 'node:zlib';

export const PAGE_BYTES = 4096;
export const ENTRY_BYTES = 32;
export const ENTRIES_PER_PAGE = 126;

/** Of a page: header, then two bits of state for each entry, then the entries. */
export const PAGE_SEQUENCE_AT = 4;
export const PAGE_VERSION_AT = 8;
export const PAGE_CRC_AT = 28;
export const PAGE_STATES_AT = 32;
export const PAGE_ENTRIES_AT = 64;

/** Of an entry. `Data` is a value of up to 8 bytes, or what is known of the value behind it. */
export const ENTRY_NAMESPACE_AT = 0;
export const ENTRY_TYPE_AT = 1;
export const ENTRY_SPAN_AT = 2;
export const ENTRY_CHUNK_AT = 3;
export const ENTRY_CRC_AT = 4;
export const ENTRY_KEY_AT = 8;
export const ENTRY_DATA_AT = 24;
/** Of `Data`, where the value lies in the entries that follow. */
export const VALUE_SIZE_AT = ENTRY_DATA_AT;
export const VALUE_CRC_AT = ENTRY_DATA_AT + 4;
/** Of `Data`, in the index of a blob. */
export const BLOB_SIZE_AT = ENTRY_DATA_AT;
export const BLOB_CHUNKS_AT = ENTRY_DATA_AT + 4;
export const BLOB_FIRST_CHUNK_AT = ENTRY_DATA_AT + 5;

/** Each state follows from the one before by clearing a bit, so flash needs no erasing in between. */
export const PAGE_EMPTY = 0xffffffff;
export const PAGE_ACTIVE = 0xfffffffe;
export const PAGE_FULL = 0xfffffffc;
export const PAGE_FREEING = 0xfffffff8;

export const ENTRY_EMPTY = 3;
export const ENTRY_WRITTEN = 2;

/** Version 2; it counts down. Version 1, 0xff, had no blobs in chunks. */
export const FORMAT_VERSION = 0xfe;

/** The namespace in which the namespaces stand, and the indices that others may have. */
export const NAMESPACE_OF_NAMESPACES = 0;
export const NAMESPACES_MAX = 254;

/** Entries that are no chunk of a blob. */
export const NO_CHUNK = 0xff;
/** A blob that is written again takes the other half of the chunk numbers, until the old one is gone. */
export const SECOND_CHUNKS = 0x80;

/** Fits a page with the entry that describes it. */
export const VALUE_BYTES_MAX = ENTRY_BYTES * (ENTRIES_PER_PAGE - 1);
/** With the zero at its end. */
export const STRING_BYTES_MAX = VALUE_BYTES_MAX;
export const NAME_LETTERS_MAX = 15;

export const TYPE_STRING = 0x21;
/** Of version 1: a blob in one piece. */
export const TYPE_OLD_BLOB = 0x41;
export const TYPE_BLOB_CHUNK = 0x42;
export const TYPE_BLOB_INDEX = 0x48;

/** Types whose value lies in the entry itself, by code. The low half of the code is its size. */
export const PLAIN_TYPES = {
  u8: 0x01,
  i8: 0x11,
  u16: 0x02,
  i16: 0x12,
  u32: 0x04,
  i32: 0x14,
  u64: 0x08,
  i64: 0x18,
  float: 0x24,
  double: 0x28,
} as const;

export type PlainType = keyof typeof PLAIN_TYPES;

export function plainBytes(code: number): number {
  return code & 0x0f;
}

export function plainType(code: number): PlainType | undefined {
  for (const [name, known] of Object.entries(PLAIN_TYPES)) if (known === code) return name as PlainType;
  return undefined;
}

/** CRC-32 as the chip's ROM reckons it from 0xffffffff on, which is zlib's when continued from that value. */
export function checksum(...parts: readonly Uint8Array[]): number {
  // Of nothing, zlib gives 0 instead of what it was to continue from.
  return parts.reduce((crc, part) => (part.length === 0 ? crc : crc32(part, crc)), 0xffffffff);
}

/** Of all of an entry but the checksum itself. */
export function entryChecksum(entry: Uint8Array): number {
  return checksum(entry.subarray(0, ENTRY_CRC_AT), entry.subarray(ENTRY_KEY_AT));
}

export function pageChecksum(page: Uint8Array): number {
  return checksum(page.subarray(PAGE_SEQUENCE_AT, PAGE_CRC_AT));
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
