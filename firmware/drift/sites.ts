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
  const { claims, capacity } = gateways;
  const base = key * capacity * 2;
  let n = 0;
  for (let i = 0; i < gateways.count; i++) if (claims[base + 2 * i] !== NONE) n++;
  if (n === 0) return false;
  const middle = placeOfRank(gateways, base, (n - 1) >> 1);
  claim.value = claims[middle];
  claim.weight = claims[middle + 1];
  if (n === 2) {
    const upper = placeOfRank(gateways, base, 1);
    claim.value = midpoint(claim.value, claims[upper]);
    if (claims[upper + 1] < claim.weight) claim.weight = claims[upper + 1];
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

/** Where the claim stands whose value has `rank` others below it (earlier slots first among equals). At most four gateways: no sort. */
function placeOfRank(gateways: GatewayTable, base: number, rank: number): number {
  const claims = gateways.claims;
  for (let i = 0; i < gateways.count; i++) {
    const value = claims[base + 2 * i];
    if (value === NONE) continue;
    let below = 0;
    for (let j = 0; j < gateways.count; j++) {
      const other = claims[base + 2 * j];
      if (other !== NONE && (other < value || (other === value && j < i))) below++;
    }
    if (below === rank) return base + 2 * i;
  }
  return base;
}
