/**
 * The values of a relayed entry: differences from the keys' references in 2, 3 or 4 bytes each, whichever holds all of a
 * message's. Lossless, because an honest relay must repeat to the bit what it heard: rounding would make it look a liar.
 * The least number of a width says that there is no value.
 */

import { DIFF_NONE } from '../fixed/diff.ts';
import { fold } from '../fixed/hash.ts';
import type { PeerTable } from '../types/table.ts';
import type { Shape } from './parse.ts';

/**
 * How far a value of this width is shifted up and down again to be told from the four bytes that end where it ends: one
 * read whatever the width. What stands before a value is at least a header, so there always are four.
 */
function shiftOf(width: number): number {
  return 8 * (4 - width);
}

/** Hash over an entry's values; `salt` is the node's own, so that nobody can make two that collide here. */
export function hashRelayed(view: DataView, at: number, width: number, shape: Shape, salt: number): number {
  const { keys, lowest, highest } = shape;
  const shift = shiftOf(width);
  const none = DIFF_NONE >> shift;
  let end = at + width - 4;
  let h = salt;
  let diff: number;
  for (let key = 0; key < keys; key++) {
    diff = (view.getInt32(end) << shift) >> shift;
    h = fold(h, diff === none || diff < lowest[key] || diff > highest[key] ? DIFF_NONE : diff);
    end += width;
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
  const shift = shiftOf(width);
  let end = at + width - 4;
  let diff: number;
  for (let held = from; held < to; held += 2) {
    diff = (view.getInt32(end) << shift) >> shift;
    if (diff !== values[held] && (values[held] !== DIFF_NONE || diff !== DIFF_NONE >> shift)) return false;
    end += width;
  }
  return true;
}

/** Copies an entry's values into the slot; DIFF_NONE where there is none or it lies outside the key's range. */
export function takeRelayed(
  view: DataView,
  at: number,
  width: number,
  shape: Shape,
  table: PeerTable,
  slot: number,
): void {
  const { keys, lowest, highest } = shape;
  const values = table.values;
  const shift = shiftOf(width);
  const none = DIFF_NONE >> shift;
  let end = at + width - 4;
  let place = slot * table.keys * 2;
  let diff: number;
  table.changed.fill(1);
  for (let key = 0; key < keys; key++) {
    diff = (view.getInt32(end) << shift) >> shift;
    values[place] = diff === none || diff < lowest[key] || diff > highest[key] ? DIFF_NONE : diff;
    end += width;
    place += 2;
  }
}

/** The least width that holds this slot's differences. */
export function widthOfHeld(table: PeerTable, slot: number): number {
  const values = table.values;
  const from = slot * table.keys * 2;
  const to = from + table.keys * 2;
  let width = 2;
  let diff: number;
  for (let at = from; at < to; at += 2) {
    diff = values[at];
    if ((diff + 0x7fff) >>> 0 <= 0xfffe || diff === DIFF_NONE) continue;
    if (diff > 0x7fffff || diff < -0x7fffff) return 4;
    width = 3;
  }
  return width;
}

/**
 * Writes the slot's contributions at `at`, the last one first: each write also spoils up to two bytes before its value,
 * so that what stands there must be written afterwards.
 */
export function writeRelayed(view: DataView, at: number, width: number, table: PeerTable, slot: number): void {
  const values = table.values;
  const from = slot * table.keys * 2;
  const shift = shiftOf(width);
  let end = at + table.keys * width - 4;
  let diff: number;
  for (let place = from + table.keys * 2 - 2; place >= from; place -= 2) {
    diff = values[place];
    view.setInt32(end, diff === DIFF_NONE ? diff >> shift : diff);
    end -= width;
  }
}
