/**
 * Which application starts: the partition `otadata` holds two entries of 32 bytes, each in a sector of its own, and the
 * valid one with the higher number wins (ESP-IDF, "Over The Air Updates", and esp_ota_select_entry_t).
 */
import type { BinaryPartition } from './partition-table.ts';
import { SECTOR_BYTES } from './plan.ts';

export const OTADATA_BYTES = 2 * SECTOR_BYTES;

const STATE_AT = 24;
const CRC_AT = 28;
const ERASED = 0xffffffff;

/** esp_ota_img_states_t */
const STATES: Readonly<Record<number, string>> = {
  0: 'new',
  1: 'on trial',
  2: 'confirmed',
  3: 'invalid',
  4: 'given up',
};
const NEVER_STARTED = [3, 4];

export interface Running {
  partition: BinaryPartition;
  /** `confirmed`, `on trial`, ..., or '' where the partition says nothing about it. */
  state: string;
}

/** CRC-32 of a number's four bytes as the ROM's crc32_le computes it from 0xFFFFFFFF. */
function crcOf(sequence: number): number {
  let crc = 0;
  for (let byte = 0; byte < 4; byte++) {
    crc ^= (sequence >>> (8 * byte)) & 0xff;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ ((crc & 1) === 0 ? 0 : 0xedb88320);
  }
  return (crc ^ ERASED) >>> 0;
}

/** @param otadata its two sectors, or nothing where there is no such partition */
export function findRunning(partitions: readonly BinaryPartition[], otadata: Uint8Array): Running | undefined {
  const slots = partitions
    .filter(({ type, subtype }) => type === 'app' && subtype.startsWith('ota_'))
    .sort((a, b) => Number(a.subtype.slice(4)) - Number(b.subtype.slice(4)));
  const view = new DataView(otadata.buffer, otadata.byteOffset, otadata.byteLength);
  let best: { sequence: number; state: number } | undefined;
  for (const at of otadata.length < OTADATA_BYTES ? [] : [0, SECTOR_BYTES]) {
    const [sequence, state] = [view.getUint32(at, true), view.getUint32(at + STATE_AT, true)];
    const isValid = sequence !== ERASED && sequence > 0 && view.getUint32(at + CRC_AT, true) === crcOf(sequence);
    if (!isValid || NEVER_STARTED.includes(state)) continue;
    if (best === undefined || sequence > best.sequence) best = { sequence, state };
  }
  if (best !== undefined && slots.length > 0) {
    return { partition: slots[(best.sequence - 1) % slots.length], state: STATES[best.state] ?? '' };
  }
  const first = partitions.find(({ type, subtype }) => type === 'app' && subtype === 'factory') ?? slots.at(0);
  return first === undefined ? undefined : { partition: first, state: '' };
}
