/** Merges what a peer says into the contributions held. */

import { DIFF_NONE } from '../fixed/diff.ts';
import { NONE } from '../platform.ts';
import type { KeySettings } from '../settings.ts';
import type { PeerTable } from '../types/table.ts';

/**
 * Takes the diff vector at `at` (for each key in `keys` two big-endian int32: contribution and agreed value, less the
 * key's reference) into a slot. What lies outside the key's range is refused: it counts as missing.
 * @returns how many were refused
 */
export function mergeDiff(
  table: PeerTable,
  slot: number,
  keys: number[],
  settings: KeySettings[],
  view: DataView,
  at: number,
): number {
  const { c, b, capacity } = table;
  const n = keys.length;
  let refused = 0;
  for (let i = 0; i < n; i++) {
    const key = keys[i];
    const { low, high, reference } = settings[key];
    const place = key * capacity + slot;
    const cDiff = view.getInt32(at);
    const bDiff = view.getInt32(at + 4);
    at += 8;
    let value = cDiff + reference;
    if (value < low || value > high) {
      if (cDiff !== DIFF_NONE) refused++;
      value = NONE;
    }
    c[place] = value;
    value = bDiff + reference;
    if (value < low || value > high) {
      if (bDiff !== DIFF_NONE) refused++;
      value = NONE;
    }
    b[place] = value;
  }
  return refused;
}
