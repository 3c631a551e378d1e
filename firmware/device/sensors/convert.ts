/** A reading as the node wants it: Q16.16, never negative. */

import { NONE } from '../../platform.ts';

const ONE = 65536;

/** NONE for what is no number, and for what lies outside `low` to `high` (Q16.16): no sensor reads that. */
export function toKeyValue(reading: number, scale: number, offset: number, low: number, high: number): number {
  const value = Math.round((reading * scale + offset) * ONE);
  return value >= low && value <= high ? value : NONE;
}
