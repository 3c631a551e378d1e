/**
 * The guard: where the contributions of one key lie, said so that no single one can move it far. `values[from..to)` are
 * the contributions counted, as differences from the key's reference, sorted upwards.
 */

import { DIFF_NONE } from '../fixed/diff.ts';
import { divideFloor, divideRound, midpoint } from '../fixed/q16.ts';
import { medianDistance, medianOfSorted } from '../fixed/sorted.ts';
import { HUBER, type KeySettings, TRIMMED } from '../settings.ts';
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

/**
 * Fills in n, med, cap, reject, the clipped and x; with n = 0 only n.
 * @param sum of values[from..to), which the caller has from gathering them
 * @param own the node's own contribution, DIFF_NONE where it has none
 */
export function locate(
  values: number[],
  from: number,
  to: number,
  sum: number,
  own: number,
  key: KeySettings,
  pull: Pull,
): void {
  const n = to - from;
  pull.n = n;
  pull.clippedLow = 0;
  pull.clippedHigh = 0;
  if (n === 0) return;
  if (!key.guard) {
    pull.med = medianOfSorted(values, from, to);
    pull.cap = NO_CAP;
    pull.reject = NO_CAP;
    pull.x = divideRound(sum, n);
    return;
  }
  if (n < GUARD_MIN) {
    pull.med = own === DIFF_NONE ? medianOfSorted(values, from, to) : own;
    pull.cap = key.span;
    pull.reject = REJECT_CAPS * key.span;
  } else {
    setBand(values, from, to, key, pull);
  }
  const clipped = clippedMean(values, from, to, sum, n < GUARD_MIN ? VALUE_RANGE : pull.reject, pull);
  if (n < GUARD_MIN || key.estimator === HUBER) pull.x = clipped;
  else pull.x = key.estimator === TRIMMED ? trimmedMean(values, from, to) : hodgesLehmann(values, from, to);
}

/** Wider than two int32 values can differ: rejects nobody. */
const VALUE_RANGE = 0xffffffff;

/** 3 MAD + `small` MAD / n, at most `most`. mad below 2^31, n up to 1,001, small up to 64. */
export function capOf(mad: number, n: number, small: number, most: number): number {
  const wide = (CAP_MADS * n + small) * mad;
  return wide < most * n ? divideFloor(wide, n) : most;
}

function setBand(values: number[], from: number, to: number, key: KeySettings, pull: Pull): void {
  const med = medianOfSorted(values, from, to);
  const measured = medianDistance(values, from, to, med);
  const mad = measured < key.floor ? key.floor : measured;
  const cap = capOf(mad, to - from, CAP_MADS_SMALL, key.span);
  pull.med = med;
  pull.cap = cap;
  pull.reject = REJECT_CAPS * cap < key.span ? REJECT_CAPS * cap : key.span;
}

/**
 * med + the mean of clamp(values - med, +-cap) over those within reject, to the nearest. Only the two ends of what is
 * sorted can lie beyond cap, so the sum of all is mended there; mostly nothing is to be mended. Between two equal camps,
 * both farther than reject from the middle, it is med.
 */
function clippedMean(values: number[], from: number, to: number, sum: number, reject: number, pull: Pull): number {
  const med = pull.med;
  const low = med - pull.cap;
  const high = med + pull.cap;
  let counted = to - from;
  let first = from;
  while (first < to && values[first] < low) {
    if (med - values[first] > reject) {
      counted--;
      sum -= values[first];
    } else {
      sum += low - values[first];
    }
    first++;
  }
  let last = to;
  while (last > first && values[last - 1] > high) {
    last--;
    if (values[last] - med > reject) {
      counted--;
      sum -= values[last];
    } else {
      sum += high - values[last];
    }
  }
  pull.clippedLow = first - from;
  pull.clippedHigh = to - last;
  return counted === 0 ? med : divideRound(sum, counted);
}

/** The mean of the middle three fifths. */
function trimmedMean(values: number[], from: number, to: number): number {
  const cut = divideFloor(to - from, TRIM);
  let sum = 0;
  for (let i = from + cut; i < to - cut; i++) sum += values[i];
  return divideRound(sum, to - from - 2 * cut);
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
