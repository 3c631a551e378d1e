/** Order statistics on short arrays that the caller owns. `values` is a plain array: XS reads one in half the steps of a typed one. */

import { midpoint } from './q16.ts';

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

/**
 * The value of rank `rank` (0: the least) among values[0..n), which is left in another order: Hoare's FIND (CACM 4:321,
 * 1961). Of 17 values in no order it finds the median in a third of the steps that sorting them takes.
 */
export function selectRank(values: number[], n: number, rank: number): number {
  let low = 0;
  let high = n - 1;
  let pivot: number;
  let up: number;
  let down: number;
  let swapped: number;
  for (let round = 0; round < n && low < high; round++) {
    pivot = values[rank];
    up = low;
    down = high;
    for (let step = 0; step < n && up <= down; step++) {
      while (up < n && values[up] < pivot) up++;
      while (down > 0 && values[down] > pivot) down--;
      if (up <= down) {
        swapped = values[up];
        values[up++] = values[down];
        values[down--] = swapped;
      }
    }
    if (rank <= down) high = down;
    else if (rank >= up) low = up;
    else break;
  }
  return values[rank];
}

/** The median of values[0..n), not empty, which are left in another order; the mean of the middle two, rounded down, where n is even. */
export function selectMedian(values: number[], n: number): number {
  const upper = selectRank(values, n, n >> 1);
  if (n & 1) return upper;
  let lower = values[0];
  for (let i = (n >> 1) - 1; i > 0; i--) if (values[i] > lower) lower = values[i];
  return midpoint(lower, upper);
}

/** The median of values[from..to), which is sorted and not empty; the mean of the middle two, rounded down, where their number is even. */
export function medianOfSorted(values: number[], from: number, to: number): number {
  const middle = (from + to) >> 1;
  return (to - from) & 1 ? values[middle] : midpoint(values[middle - 1], values[middle]);
}

/** Halvings that find a place among 2^16 values. */
const HALVINGS = 16;

/**
 * The median of |value - centre| over values[from..to), sorted and not empty; of an even number the mean of the middle
 * two, rounded down. The nearest half of the values stand side by side, so halving finds where they begin, and no second
 * sort is needed.
 */
export function medianDistance(values: number[], from: number, to: number, centre: number): number {
  const n = to - from;
  const near = (n >> 1) + 1;
  let low = from;
  let high = to - near;
  let middle: number;
  for (let halving = 0; halving < HALVINGS && low < high; halving++) {
    middle = (low + high) >> 1;
    if (centre - values[middle] > values[middle + near] - centre) low = middle + 1;
    else high = middle;
  }
  const last = low + near - 1;
  const below = centre - values[low];
  const above = values[last] - centre;
  const farthest = below > above ? below : above;
  if (n & 1) return farthest;
  const belowNext = below > above ? centre - values[low + 1] : below;
  const aboveNext = below > above ? above : values[last - 1] - centre;
  return midpoint(belowNext > aboveNext ? belowNext : aboveNext, farthest);
}
