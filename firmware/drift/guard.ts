/**
 * The guard: where the contributions of one key lie, said so that no single one can move it far. `values[from..to)` are
 * the contributions counted, sorted upwards; the result goes into `pull` as n, med, cap and x.
 */

import { divideFloor, divideRound, midpoint } from '../fixed/q16.ts';
import { medianDistance, medianOfSorted } from '../fixed/sorted.ts';
import { NONE } from '../platform.ts';
import { HODGES_LEHMANN, type KeySettings, TRIMMED } from '../settings.ts';
import type { Pull } from '../types/pull.ts';

/** Below this many contributions the median absolute deviation means nothing: 4 to 6 % of bias on honest inputs. */
export const GUARD_MIN = 6;

/**
 * cap = 3 MAD + 48 MAD / n, at most the span: one rule for small and large swarms. A small n needs room because its MAD is
 * itself a guess; the span, which bounds the room, makes that cheap. With 16 in place of 48 honest uniform inputs of 20
 * nodes were 0.42 % off the mean (root mean square of 20,000 draws), and more than 4 % in one draw of 250; with 48 it is
 * 0.12 %. Large swarms keep 3 MAD: 2 cost 0.3 to 0.7 % of honest bias with 50 nodes (drift.md).
 */
const CAP_MADS = 3;
const CAP_MADS_SMALL = 48;

/**
 * Beyond this many caps, or beyond the span, a contribution is left out: clamping alone would let extremes and slow drains
 * keep pulling. The span alone ends what a fifth of liars can do who lie two to three spreads away: they widen the MAD so
 * far that two caps reach them, which cost 13 to 30 % of bias in one run of five with 20 nodes, and nothing since. No
 * honest contribution lies a span from the median, for the span is wider than they are spread.
 */
const REJECT_CAPS = 2;

/** The band of a key whose guard is off: wider than any value is large. */
const NO_CAP = 0x3fffffff;

/** The share that a trimmed mean leaves out at either end: one fifth, the share of liars that the acceptance table tests. */
const TRIM = 5;

/** Fills in n, med, cap and x. `own` is the node's own contribution, or NONE. Nothing counted: x = NONE. */
export function locate(values: number[], from: number, to: number, own: number, key: KeySettings, pull: Pull): void {
  const n = to - from;
  pull.n = n;
  if (n === 0) {
    pull.x = pull.med = NONE;
    pull.cap = key.span;
    pull.reject = 0;
  } else if (!key.guard) {
    pull.med = medianOfSorted(values, from, to);
    pull.cap = NO_CAP;
    pull.reject = NO_CAP;
    pull.x = clampedMean(values, from, to, pull.med, VALUE_RANGE);
  } else if (n < GUARD_MIN) {
    pull.med = own === NONE ? medianOfSorted(values, from, to) : own;
    pull.cap = key.span;
    pull.reject = REJECT_CAPS * key.span;
    pull.x = clampedMean(values, from, to, pull.med, key.span);
  } else {
    locateGuarded(values, from, to, key, pull);
  }
  if (pull.x < 0 && n > 0) pull.x = 0;
}

/** Wider than two int32 values can differ, so that a clamp to it does nothing. */
const VALUE_RANGE = 0x7fffffff;

function locateGuarded(values: number[], from: number, to: number, key: KeySettings, pull: Pull): void {
  const n = to - from;
  const med = medianOfSorted(values, from, to);
  const measured = medianDistance(values, from, to, med);
  const mad = measured < key.floor ? key.floor : measured;
  const wide = CAP_MADS * mad + divideFloor(CAP_MADS_SMALL * mad, n);
  const cap = wide < key.span ? wide : key.span;
  const reject = REJECT_CAPS * cap < key.span ? REJECT_CAPS * cap : key.span;
  pull.med = med;
  pull.cap = cap;
  pull.reject = reject;
  if (key.estimator === HODGES_LEHMANN) {
    pull.x = hodgesLehmann(values, from, to);
  } else if (key.estimator === TRIMMED) {
    const cut = divideFloor(n, TRIM);
    pull.x = clampedMean(values, from + cut, to - cut, med, VALUE_RANGE);
  } else {
    let first = from;
    let last = to;
    while (first < last && med - values[first] > reject) first++;
    while (last > first && values[last - 1] - med > reject) last--;
    pull.x = clampedMean(values, first, last, med, cap);
  }
}

/** centre + mean(clamp(values - centre, +-cap)), to the nearest. */
function clampedMean(values: number[], from: number, to: number, centre: number, cap: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) {
    const distance = values[i] - centre;
    sum += distance > cap ? cap : distance < -cap ? -cap : distance;
  }
  return centre + divideRound(sum, to - from);
}

/**
 * The median of the means of all pairs (Hodges and Lehmann 1963), each value with itself among them: bisects on twice
 * the value and counts the pairs below in one walk, so n = 1,000 takes 62,000 steps and no memory.
 */
function hodgesLehmann(values: number[], from: number, to: number): number {
  const n = to - from;
  const pairs = (n * (n + 1)) >> 1;
  const low = pairSum(values, from, to, (pairs + 1) >> 1);
  if (pairs & 1) return midpoint(low, 0);
  return midpoint(midpoint(low, pairSum(values, from, to, (pairs >> 1) + 1)), 0);
}

/** The rank-th smallest values[i] + values[j], i <= j. */
function pairSum(values: number[], from: number, to: number, rank: number): number {
  let low = 2 * values[from];
  let high = 2 * values[to - 1];
  for (let bit = 0; bit < 33 && low < high; bit++) {
    const middle = midpoint(low, high);
    if (pairsUpTo(values, from, to, middle) >= rank) high = middle;
    else low = middle + 1;
  }
  return low;
}

function pairsUpTo(values: number[], from: number, to: number, sum: number): number {
  let count = 0;
  let j = to - 1;
  for (let i = from; i < to; i++) {
    while (j >= i && values[i] + values[j] > sum) j--;
    if (j < i) return count;
    count += j - i + 1;
  }
  return count;
}
