/** Merges what a peer says into the contributions held. */

import { DIFF_NONE } from '../fixed/diff.ts';
import type { PeerTable } from '../types/table.ts';

/**
 * Takes the diff vector at `at` (for each key in `keys` two big-endian int32: contribution and agreed value, less the
 * key's reference) into a slot. A contribution outside the key's range, lowest to highest, is refused: it counts as
 * missing; what is held already was judged before. An agreed value needs no check here, because it has no vote unless it lies near what the contributions say.
 * @returns how many were refused
 */
export function mergeDiff(
  table: PeerTable,
  slot: number,
  keys: number[],
  lowest: Int32Array,
  highest: Int32Array,
  view: DataView,
  at: number,
): number {
  const values = table.values;
  const changed = table.changed;
  const n = keys.length;
  const whole = n === table.keys;
  let place = slot * table.keys * 2;
  const first = place;
  let refused = 0;
  let diff: number;
  let key: number;
  for (let i = 0; i < n; i++) {
    key = i;
    if (!whole) {
      key = keys[i];
      place = first + 2 * key;
    }
    diff = view.getInt32(at);
    if (diff !== values[place]) {
      if (diff < lowest[key] || diff > highest[key]) {
        if (diff !== DIFF_NONE) refused++;
        diff = DIFF_NONE;
      }
      values[place] = diff;
      changed[key] = 1;
    }
    values[++place] = view.getInt32(at + 4);
    place++;
    at += 8;
  }
  return refused;
}
