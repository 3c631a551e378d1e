/** The guard of docs/drift.md, written from that page: where the contributions to one key lie. All values are differences from the key's reference. */

/** What the rules of one key are, as far as they are known: where they are not, a bound on either side. */
export interface Rules {
  /** Least and largest that `floor` can be; the same twice where it is known. */
  floor: readonly [number, number];
  /** Infinity where it is not known: contributions then stay near each other, within any sane span. */
  span: number;
  /** Range of contributions. */
  low: number;
  high: number;
  /** The difference that stands for a value of 0; -Infinity where the reference is not known. */
  zero: number;
  guard: boolean;
  /** Whether the guarded mean is the clipped one. The two others are not modelled for six contributions and more. */
  huber: boolean;
}

export interface Band {
  /** The guarded mean: what b is drawn to. */
  x: number;
  med: number;
  cap: number;
  reject: number;
}

/** So many contributions make a median of distances that means something. */
export const GUARD_MIN = 6;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : Math.floor((sorted[middle - 1] + sorted[middle]) / 2);
}

/** To the nearest, halves up. */
export function mean(values: readonly number[]): number {
  const sum = values.reduce((a, b) => a + b, 0);
  return Math.floor((2 * sum + values.length) / (2 * values.length));
}

export function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(value, high));
}

/**
 * @param all contributions that count, the own one among them; not empty
 * @param own the node's own contribution, null where it has none
 */
export function bandOf(all: readonly number[], own: number | null, rules: Rules): Band {
  const n = all.length;
  const { span } = rules;
  if (!rules.guard) {
    return { x: Math.max(mean(all), rules.zero), med: median(all), cap: Infinity, reject: Infinity };
  }
  if (n < GUARD_MIN) {
    const med = own ?? median(all);
    const x = mean(all.map((value) => med + clamp(value - med, -span, span)));
    return { x: Math.max(x, rules.zero), med, cap: span, reject: 2 * span };
  }
  const med = median(all);
  const mad = Math.max(median(all.map((value) => Math.abs(value - med))), rules.floor[0]);
  const cap = Math.min(Math.floor(((3 * n + 48) * mad) / n), span);
  const reject = Math.min(2 * cap, span);
  const kept = all.filter((value) => Math.abs(value - med) <= reject);
  const x = kept.length === 0 ? med : mean(kept.map((value) => clamp(value, med - cap, med + cap)));
  return { x: Math.max(x, rules.zero), med, cap, reject };
}
