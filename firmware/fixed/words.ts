/** Whole numbers made of words, and words made into whole numbers. */

/** Bits 32 to 63 of a whole number below 2^53, not negative. `value | 0` gives the others. */
export function highWord(value: number): number {
  return (value / 0x1_0000_0000) | 0;
}

/** Whole seconds in so many milliseconds, a whole number below 2^53, not negative. */
export function wholeSeconds(ms: number): number {
  return (ms - (ms % 1000)) / 1000;
}

/** The largest n that `below` takes: a 31-bit word times it stays below 2^53. */
export const BELOW_MAX = 0x3fffff;

/** Makes 32 random bits a whole number from 0 to n - 1, n from 1 to BELOW_MAX, all but equally likely. */
export function below(word: number, n: number): number {
  return (((word >>> 1) * n) / 0x8000_0000) | 0;
}

/** True in every n-th run, when runs are `periods` cycles apart and this one ends with `cycle`. n and periods at least 1. */
export function isTurn(cycle: number, n: number, periods: number): boolean {
  return ((cycle / periods) | 0) % n === 0;
}
