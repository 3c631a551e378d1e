/** Order statistics on short arrays that the caller owns. `values` is a plain array: XS reads one in half the steps of a typed one. */

import { midpoint } from './q16.ts';

/** Farther than any two int32 values are apart. */
const FAR = 0x1_0000_0000;

/** Sorts values[0..n) upwards in place, by insertion: n is the number of voters, mostly below 32 and often nearly in order. */
export function sortAscending(values: number[], n: number): void {
  for (let i = 1; i < n; i++) {
    const value = values[i];
    let at = i;
    while (at > 0 && values[at - 1] > value) {
      values[at] = values[at - 1];
      at--;
    }
    values[at] = value;
  }
}

/** The median of values[from..to), which is sorted and not empty; the mean of the middle two, rounded down, where their number is even. */
export function medianOfSorted(values: number[], from: number, to: number): number {
  const middle = (from + to) >> 1;
  return (to - from) & 1 ? values[middle] : midpoint(values[middle - 1], values[middle]);
}

/**
 * The median of |value - centre| over values[from..to), sorted, centre within their range: walks outwards from the
 * centre and stops half way, so that no second sort is needed.
 */
export function medianDistance(values: number[], from: number, to: number, centre: number): number {
  const n = to - from;
  let above = (from + to) >> 1;
  while (above > from && values[above - 1] >= centre) above--;
  let below = above - 1;
  let distance = 0;
  let before = 0;
  for (let step = n >> 1; step >= 0; step--) {
    before = distance;
    const up = above < to ? values[above] - centre : FAR;
    const down = below >= from ? centre - values[below] : FAR;
    if (up < down) {
      distance = up;
      above++;
    } else {
      distance = down;
      below--;
    }
  }
  return n & 1 ? distance : midpoint(before, distance);
}
