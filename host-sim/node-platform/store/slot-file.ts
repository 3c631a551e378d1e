/**
 * A slot of the store as a file. The firmware puts sequence and checksum into what it stores (firmware/shards/persist.ts);
 * the file adds a head of its own, so that a file that was cut or changed is known as such before the firmware sees it,
 * and one of a newer version is not taken for a broken one.
 *
 *   0  u32 magic "LVSF"    4  u16 version 1    6  u16 0    8  u32 length of the content    12  u32 CRC-32 of 0..11 and content
 *   16 the content
 */
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { platform } from 'node:process';
import { crc32 } from './crc32.ts';

const MAGIC = 0x4c565346;
export const STORE_VERSION = 1;
const HEAD_BYTES = 16;
const AT_CRC = 12;
/** Far beyond what 64 keys take. */
export const CONTENT_MAX_BYTES = 65_536;

export type SlotContent =
  { kind: 'whole'; content: Buffer } | { kind: 'newer'; version: number } | { kind: 'corrupt'; why: string };

function checksum(bytes: Buffer): number {
  return crc32(bytes.subarray(HEAD_BYTES), crc32(bytes.subarray(0, AT_CRC)));
}

export function readSlot(bytes: Buffer): SlotContent {
  if (bytes.length < HEAD_BYTES) return { kind: 'corrupt', why: `it has ${bytes.length} bytes` };
  if (bytes.readUInt32BE(0) !== MAGIC) return { kind: 'corrupt', why: 'it is no store of a node' };
  const version = bytes.readUInt16BE(4);
  if (version > STORE_VERSION) return { kind: 'newer', version };
  const length = bytes.readUInt32BE(8);
  if (version !== STORE_VERSION || length !== bytes.length - HEAD_BYTES) {
    return { kind: 'corrupt', why: 'its head and its length do not fit together' };
  }
  if (checksum(bytes) !== bytes.readUInt32BE(AT_CRC)) return { kind: 'corrupt', why: 'its checksum is wrong' };
  return { kind: 'whole', content: bytes.subarray(HEAD_BYTES) };
}

export function slotBytes(content: Uint8Array): Buffer {
  const bytes = Buffer.alloc(HEAD_BYTES + content.length);
  bytes.writeUInt32BE(MAGIC, 0);
  bytes.writeUInt16BE(STORE_VERSION, 4);
  bytes.writeUInt32BE(content.length, 8);
  bytes.set(content, HEAD_BYTES);
  bytes.writeUInt32BE(checksum(bytes), AT_CRC);
  return bytes;
}

/** Only its owner may read what a node knows. */
const FILE_MODE = 0o600;

/**
 * Replaces the file: whoever reads it, or finds it after a power cut, finds the old bytes or the new ones, never a part.
 * @throws what the system says
 */
export function replaceFile(path: string, bytes: Buffer): void {
  const fresh = `${path}.new`;
  const file = openSync(fresh, 'w', FILE_MODE);
  try {
    let at = 0;
    while (at < bytes.length) at += writeSync(file, bytes, at);
    // First the content, then the name: a disk may otherwise keep the name and lose the content.
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(fresh, path);
  syncFolder(dirname(path));
}

/** The new name itself outlives a power cut only when the folder was written. Windows does it unasked. */
function syncFolder(folder: string): void {
  if (platform === 'win32') return;
  const file = openSync(folder, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
