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
  const first = slot * table.keys;
  const n = keys.length;
  let refused = 0;
  let diff: number;
  let key: number;
  let place: number;
  const whole = n === table.keys;
  for (let i = 0; i < n; i++) {
    key = whole ? i : keys[i];
    diff = view.getInt32(at);
    place = (first + key) * 2;
    if (diff !== values[place]) {
      if (diff < lowest[key] || diff > highest[key]) {
        if (diff !== DIFF_NONE) refused++;
        diff = DIFF_NONE;
      }
      values[place] = diff;
      table.changed[key] = 1;
    }
    values[place + 1] = view.getInt32(at + 4);
    at += 8;
  }
  return refused;
}
