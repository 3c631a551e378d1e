/**
 * The values of a relayed entry: differences from the keys' references in 2, 3 or 4 bytes each, whichever holds all of a
 * message's. Lossless, because an honest relay must repeat to the bit what it heard: rounding would make it look a liar.
 * The least number of a width says that there is no value.
 */

import { DIFF_NONE } from '../fixed/diff.ts';
import { mix32 } from '../fixed/hash.ts';
import { NONE } from '../platform.ts';
import type { KeySettings } from '../settings.ts';
import type { PeerTable } from '../types/table.ts';

/** The difference at `at`. */
function readDiff(view: DataView, at: number, width: number): number {
  if (width === 3) return (view.getInt8(at) << 16) | view.getUint16(at + 1);
  return width === 4 ? view.getInt32(at) : view.getInt16(at);
}

/** The value of one key at `at`, or NONE where there is none or it lies outside the key's range. */
export function readRelayed(view: DataView, at: number, width: number, key: KeySettings): number {
  const diff = readDiff(view, at, width);
  if (diff === DIFF_NONE >> (8 * (4 - width))) return NONE;
  const value = diff + key.reference;
  return value < key.low || value > key.high ? NONE : value;
}

/** Hash over an entry's values; `salt` is the node's own, so that nobody can make two that collide here. */
export function hashRelayed(view: DataView, at: number, width: number, keys: KeySettings[], salt: number): number {
  let h = salt;
  for (let key = 0; key < keys.length; key++)
    h = mix32(h ^ readRelayed(view, at + width * key, width, keys[key])) + key;
  return h | 0;
}

/** The same over the contributions held in a slot. */
export function hashHeld(table: PeerTable, slot: number, salt: number): number {
  let h = salt;
  for (let key = 0; key < table.keys; key++) h = mix32(h ^ table.c[key * table.capacity + slot]) + key;
  return h | 0;
}

/** True when an entry's values are those held in the slot. */
export function sameAsHeld(
  view: DataView,
  at: number,
  width: number,
  keys: KeySettings[],
  table: PeerTable,
  slot: number,
): boolean {
  for (let key = 0; key < keys.length; key++) {
    if (readRelayed(view, at + width * key, width, keys[key]) !== table.c[key * table.capacity + slot]) return false;
  }
  return true;
}

/** Copies an entry's values into the slot. */
export function takeRelayed(
  view: DataView,
  at: number,
  width: number,
  keys: KeySettings[],
  table: PeerTable,
  slot: number,
): void {
  for (let key = 0; key < keys.length; key++) {
    table.c[key * table.capacity + slot] = readRelayed(view, at + width * key, width, keys[key]);
  }
}

/** The least width that holds this slot's differences. */
export function widthOfHeld(table: PeerTable, slot: number, keys: KeySettings[]): number {
  let width = 2;
  for (let key = 0; key < keys.length; key++) {
    const value = table.c[key * table.capacity + slot];
    if (value === NONE) continue;
    const diff = value - keys[key].reference;
    if (diff > 0x7fffff || diff < -0x7fffff) return 4;
    if (diff > 0x7fff || diff < -0x7fff) width = 3;
  }
  return width;
}

/** Writes the slot's contributions at `at` and tells where they end. */
export function writeRelayed(
  view: DataView,
  at: number,
  width: number,
  keys: KeySettings[],
  table: PeerTable,
  slot: number,
): number {
  for (let key = 0; key < keys.length; key++) {
    const value = table.c[key * table.capacity + slot];
    const diff = value === NONE ? DIFF_NONE >> (8 * (4 - width)) : value - keys[key].reference;
    if (width === 4) {
      view.setInt32(at, diff);
    } else if (width === 3) {
      view.setInt8(at, diff >> 16);
      view.setUint16(at + 1, diff & 0xffff);
    } else {
      view.setInt16(at, diff);
    }
    at += width;
  }
  return at;
}
