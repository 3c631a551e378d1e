/** What attackers know: everything that is on the air, and the honest inputs besides, so that no defence rests on their ignorance. */

export interface Knowledge {
  /** Top of the key's range, Q16.16. */
  high(key: number): number;
  /** 2.9 median absolute deviations below the honest median: just inside the guard. */
  stealth(key: number): number;
  reference(key: number): number;
  /** The honest nodes that are up, by tag and cycle. */
  victims(): { tag: number; cycle: number }[];
  keys: number;
}

/** How far below the median a stealthy liar stays, in MAD: the guard begins to clamp at 3. */
const STEALTH_MADS = 2.9;

export function stealthValue(honest: number[]): number {
  const median = medianOf(honest);
  const mad = medianOf(honest.map((value) => Math.abs(value - median)));
  return Math.max(0, Math.round(median - STEALTH_MADS * mad));
}

function medianOf(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const n = sorted.length;
  if (n === 0) return 0;
  return n % 2 === 1 ? sorted[(n - 1) / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}
