/**
 * The values of a relayed entry: differences from the keys' references in 2, 3 or 4 bytes each, whichever holds all of a
 * message's. Lossless, because an honest relay must repeat to the bit what it heard: rounding would make it look a liar.
 * The least number of a width says that there is no value.
 */

import { DIFF_NONE } from '../fixed/diff.ts';
import { fold } from '../fixed/hash.ts';
import type { PeerTable } from '../types/table.ts';
import type { Shape } from './parse.ts';

/** The difference at `at`; DIFF_NONE where there is none or it lies outside the key's range. */
function readRelayed(view: DataView, at: number, width: number, key: number, shape: Shape): number {
  let diff: number;
  if (width === 3) diff = (view.getInt8(at) << 16) | view.getUint16(at + 1);
  else diff = width === 2 ? view.getInt16(at) : view.getInt32(at);
  if (diff === DIFF_NONE >> (8 * (4 - width))) return DIFF_NONE;
  return diff < shape.lowest[key] || diff > shape.highest[key] ? DIFF_NONE : diff;
}

/** Hash over an entry's values; `salt` is the node's own, so that nobody can make two that collide here. */
export function hashRelayed(view: DataView, at: number, width: number, shape: Shape, salt: number): number {
  let h = salt;
  for (let key = 0; key < shape.keys; key++) {
    h = fold(h, readRelayed(view, at, width, key, shape));
    at += width;
  }
  return h;
}

/** The same over the contributions held in a slot. */
export function hashHeld(table: PeerTable, slot: number, salt: number): number {
  const values = table.values;
  let at = slot * table.keys * 2;
  let h = salt;
  for (let key = 0; key < table.keys; key++) {
    h = fold(h, values[at]);
    at += 2;
  }
  return h;
}

/** True when an entry's values are those held in the slot. Compares as they stand: what is held lies in its range. */
export function sameAsHeld(view: DataView, at: number, width: number, table: PeerTable, slot: number): boolean {
  const values = table.values;
  const from = slot * table.keys * 2;
  const to = from + table.keys * 2;
  let diff: number;
  for (let held = from; held < to; held += 2) {
    if (width === 3) diff = (view.getInt8(at) << 16) | view.getUint16(at + 1);
    else diff = width === 2 ? view.getInt16(at) : view.getInt32(at);
    if (diff !== values[held] && (values[held] !== DIFF_NONE || diff !== DIFF_NONE >> (8 * (4 - width)))) return false;
    at += width;
  }
  return true;
}

/** Copies an entry's values into the slot. */
export function takeRelayed(
  view: DataView,
  at: number,
  width: number,
  shape: Shape,
  table: PeerTable,
  slot: number,
): void {
  const values = table.values;
  let place = slot * table.keys * 2;
  table.changed.fill(1);
  for (let key = 0; key < shape.keys; key++) {
    values[place] = readRelayed(view, at, width, key, shape);
    at += width;
    place += 2;
  }
}

/** The least width that holds this slot's differences. */
export function widthOfHeld(table: PeerTable, slot: number): number {
  const values = table.values;
  const from = slot * table.keys * 2;
  const to = from + table.keys * 2;
  let width = 2;
  for (let at = from; at < to; at += 2) {
    const diff = values[at];
    if (diff <= 0x7fff && diff >= -0x7fff) continue;
    if (diff === DIFF_NONE) continue;
    if (diff > 0x7fffff || diff < -0x7fffff) return 4;
    width = 3;
  }
  return width;
}

/** Writes the slot's contributions at `at` and tells where they end. */
export function writeRelayed(view: DataView, at: number, width: number, table: PeerTable, slot: number): number {
  const values = table.values;
  const from = slot * table.keys * 2;
  const to = from + table.keys * 2;
  for (let place = from; place < to; place += 2) {
    let diff = values[place];
    if (diff === DIFF_NONE) diff >>= 8 * (4 - width);
    if (width === 3) {
      view.setInt8(at, diff >> 16);
      view.setUint16(at + 1, diff & 0xffff);
    } else if (width === 2) {
      view.setInt16(at, diff);
    } else {
      view.setInt32(at, diff);
    }
    at += width;
  }
  return at;
}
