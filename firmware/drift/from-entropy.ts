/** The entropy drift: dither of less than one unit in the last place, so that rounding down does not carry the swarm downwards. */

import type { DriftCoefficients } from '../types/state.ts';

/**
 * What is added to a drift that was rounded down by `remainder` / 2^shift lsb: 1 with just that probability (at alpha
 * 1.0), else 0. Measured with averaging rules: rounding down drifts by 150 lsb, rounding to nearest stalls 25 to 48 lsb
 * apart, this does neither (drift.md).
 * @param word 32 bits from the pool
 */
export function computeDriftFromEntropy(word: number, remainder: number, coefficients: DriftCoefficients): number {
  const { alpha, shift } = coefficients;
  const dither = ((word >>> (32 - shift)) * alpha) >> 16;
  return (remainder + dither) >> shift;
}
