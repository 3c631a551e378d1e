/** A key of scope `all`: how a node joins its own site's mean with what the gateways bring of the others. */

import { midpoint, weightedMean } from '../fixed/q16.ts';
import { NONE } from '../platform.ts';
import type { GatewayTable } from '../types/gateways.ts';

/** A value and the number of sensors behind it. */
export interface Claim {
  value: number;
  weight: number;
}

/**
 * The median of the gateways' values for a key and that one's weight; of two the mean and the smaller weight.
 * False when none of them has a value.
 */
export function medianClaim(gateways: GatewayTable, key: number, claim: Claim): boolean {
  const base = key * gateways.capacity;
  let claims = 0;
  for (let i = 0; i < gateways.count; i++) if (gateways.value[base + i] !== NONE) claims++;
  if (claims === 0) return false;
  const middle = slotOfRank(gateways, base, (claims - 1) >> 1);
  claim.value = gateways.value[base + middle];
  claim.weight = gateways.weight[base + middle];
  if (claims === 2) {
    const upper = slotOfRank(gateways, base, 1);
    claim.value = midpoint(claim.value, gateways.value[base + upper]);
    if (gateways.weight[base + upper] < claim.weight) claim.weight = gateways.weight[base + upper];
  }
  return true;
}

/**
 * (n x + W g) / (n + W), with g and W the gateways' median claim. g is not clamped to the site's own band, because sites
 * honestly differ: clamping was measured to leave 35 to 42 % of the spread where they differ by three times the inputs'
 * (drift.md). x may be NONE, with n = 0.
 */
export function joinSites(gateways: GatewayTable, key: number, x: number, n: number, claim: Claim): number {
  if (!medianClaim(gateways, key, claim)) return x;
  return x === NONE ? claim.value : weightedMean(x, n, claim.value, claim.weight);
}

/** The slot whose value has `rank` others below it (earlier slots first among equals). At most four gateways: no sort. */
function slotOfRank(gateways: GatewayTable, base: number, rank: number): number {
  for (let i = 0; i < gateways.count; i++) {
    const value = gateways.value[base + i];
    if (value === NONE) continue;
    let below = 0;
    for (let j = 0; j < gateways.count; j++) {
      const other = gateways.value[base + j];
      if (other !== NONE && (other < value || (other === value && j < i))) below++;
    }
    if (below === rank) return i;
  }
  return 0;
}
