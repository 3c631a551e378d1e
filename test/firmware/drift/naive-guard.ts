/** The guard of drift.md once more, written for reading: sorts, copies and BigInt instead of walks and halves of int32. */
import type { KeySettings } from '../../../firmware/settings.ts';

/** a / n to the nearest, halves up. */
export function divideRounded(a: bigint, n: bigint): bigint {
  return divideDown(2n * a + n, 2n * n);
}

export function divideDown(a: bigint, n: bigint): bigint {
  const quotient = a / n;
  return a % n !== 0n && a < 0n !== n < 0n ? quotient - 1n : quotient;
}

export function median(values: bigint[]): bigint {
  const sorted = values.toSorted((a, b) => (a < b ? -1 : 1));
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length % 2 === 1) return sorted[middle];
  return divideDown(sorted[middle - 1] + sorted[middle], 2n);
}

const sumOf = (values: bigint[]): bigint => values.reduce((sum, value) => sum + value, 0n);
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const distance = (a: bigint, b: bigint): bigint => (a < b ? b - a : a - b);

export interface Located {
  x: number;
  med: number;
  cap: number;
  reject: number;
}

/** Where the guard says that these contributions lie; six or more of them, guard on. */
export function naiveGuard(values: number[], key: KeySettings): Located {
  const all = values.map(BigInt);
  const n = BigInt(values.length);
  const span = BigInt(key.span);
  const med = median(all);
  const deviation = median(all.map((value) => distance(value, med)));
  const mad = deviation < BigInt(key.floor) ? BigInt(key.floor) : deviation;
  const cap = least(3n * mad + (48n * mad) / n, span);
  const reject = least(2n * cap, span);
  const mean = [naiveHuber, naiveHodgesLehmann, naiveTrimmed][key.estimator](all, med, cap, reject);
  return { x: Math.max(0, Number(mean)), med: Number(med), cap: Number(cap), reject: Number(reject) };
}

function naiveHuber(values: bigint[], med: bigint, cap: bigint, reject: bigint): bigint {
  const kept = values.filter((value) => distance(value, med) <= reject);
  if (kept.length === 0) return med;
  const clamped = kept.map((value) => {
    if (value - med > cap) return cap;
    return med - value > cap ? -cap : value - med;
  });
  return med + divideRounded(sumOf(clamped), BigInt(kept.length));
}

/** The median of the means of all pairs, each value with itself among them, rounded down at the end alone. */
function naiveHodgesLehmann(values: bigint[]): bigint {
  const sums = values.flatMap((a, i) => values.slice(i).map((b) => a + b)).sort((a, b) => (a < b ? -1 : 1));
  const middle = Math.floor(sums.length / 2);
  if (sums.length % 2 === 1) return divideDown(sums[middle], 2n);
  return divideDown(sums[middle - 1] + sums[middle], 4n);
}

/** The mean of what is left without a fifth at either end. */
function naiveTrimmed(values: bigint[]): bigint {
  const sorted = values.toSorted((a, b) => (a < b ? -1 : 1));
  const cut = Math.floor(values.length / 5);
  const kept = sorted.slice(cut, values.length - cut);
  return divideRounded(sumOf(kept), BigInt(kept.length));
}
