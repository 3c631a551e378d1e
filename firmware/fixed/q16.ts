/**
 * Q16.16 in int32: a value is a whole number of 2^-16 units ("lsb"). Sums are plain integers below 2^53, which both V8
 * and XS hold exactly; the two divisions here are the only ones of a cycle, because a division costs a soft-float
 * routine on the chip (`docs/subset.md`).
 */

/** 1.0 */
export const ONE = 65536;

/** The largest value that a key can have: 2^31 - 1 lsb, just below 32,768. */
export const VALUE_MAX = 0x7fffffff;

export function clamp(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value;
}

/**
 * Largest integer not above a / n. |a| below 2^52, n from 1 to 2^20, |a / n| below 2^31.
 * The quotient cannot round across an integer: it would have to lie nearer to one than 1/n, and a double has 53 bits.
 */
export function divideFloor(a: number, n: number): number {
  const quotient = (a / n) | 0;
  return quotient * n > a ? quotient - 1 : quotient;
}

/** a / n to the nearest integer, halves up. |a| below 2^51, n from 1 to 2^19, |a / n| below 2^31 - 1. */
export function divideRound(a: number, n: number): number {
  return divideFloor(a + a + n, n + n);
}

/** The mean of two int32 values, rounded down. */
export function midpoint(a: number, b: number): number {
  const sum = a + b;
  return (sum - (sum & 1)) / 2;
}

/**
 * (x * n + g * w) / (n + w), to the nearest: the mean of n sensors at x and w sensors at g.
 * n and w whole numbers, n + w from 1 to 2^20.
 */
export function weightedMean(x: number, n: number, g: number, w: number): number {
  return divideRound(x * n + g * w, n + w);
}

/** From a number in the key's unit, at the edge of the system only: 21.5 becomes 1,409,024. */
export function toQ16(value: number): number {
  return Math.round(value * ONE);
}
