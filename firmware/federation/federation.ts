/**
 * Joins sites (drift.md, "Sites and gateways"): what other sites' gateways say on the medium, counted by site and guarded
 * as a node guards contributions, becomes the claim that this gateway makes in its own site.
 */

import { capOf } from '../drift/guard.ts';
import { clamp, divideRound, VALUE_MAX } from '../fixed/q16.ts';
import { hashText } from '../fixed/hash.ts';
import { medianDistance, medianOfSorted, sortAscending } from '../fixed/sorted.ts';
import { type Claim, medianClaim } from '../drift/sites.ts';
import { NONE } from '../platform.ts';
import { type KeySettings, SCOPE_ALL, type Settings } from '../settings.ts';
import { ageGateways, createGatewayTable } from '../transport/gateways.ts';
import type { GatewayTable } from '../types/gateways.ts';
import type { ShardState } from '../types/state.ts';

/** Sites that one gateway hears: value times weight of all of them stays below 2^52. */
const SITES_MAX = 64;
/** Below this many sites the MAD means nothing; they are then clamped to the key's span. */
const GUARDED_SITES = 6;
/** Few sites get this much more room, in MAD over their number: less than nodes do, because here no span bounds it. */
const CAP_MADS_FEW = 16;
/** A site may weigh at most twice the median weight, or one that lies about its size outvotes the others. */
const WEIGHT_MEDIANS = 2;

export interface Federation {
  /** Hash of the own site's name; other gateways of the same site are not another site. */
  readonly site: number;
  /** Sites heard of, with a table of each one's gateways. */
  readonly sites: Int32Array;
  readonly tables: GatewayTable[];
  count: number;
  /** What this gateway claims in its site, by key: the other sites' mean and the sensors behind it (0: none). */
  readonly value: Int32Array;
  readonly weight: Int32Array;
  /** Scratch. */
  readonly means: number[];
  readonly weights: number[];
  readonly order: number[];
  readonly claim: Claim;
}

export function createFederation(settings: Settings): Federation {
  const keys = settings.keys.length;
  const zeros = (): number[] => new Array<number>(SITES_MAX + 1).fill(0);
  const tables: GatewayTable[] = [];
  for (let i = 0; i < SITES_MAX; i++) tables.push(createGatewayTable(keys));
  return {
    site: hashText(settings.site, 1),
    sites: new Int32Array(SITES_MAX),
    tables,
    count: 0,
    value: new Int32Array(keys).fill(NONE),
    weight: new Int32Array(keys),
    means: zeros(),
    weights: zeros(),
    order: zeros(),
    claim: { value: 0, weight: 0 },
  };
}

/** The table of a site's gateways, a new one where there is room, else null. */
export function siteTable(f: Federation, site: number): GatewayTable | null {
  for (let i = 0; i < f.count; i++) if (f.sites[i] === site) return f.tables[i];
  if (f.count === SITES_MAX) return null;
  f.sites[f.count] = site;
  return f.tables[f.count++];
}

/** Ages what other sites said; a site of which no gateway is heard any more is forgotten. */
export function ageSites(f: Federation, periods: number): void {
  for (let i = f.count - 1; i >= 0; i--) {
    ageGateways(f.tables[i], periods);
    if (f.tables[i].count > 0) continue;
    const last = --f.count;
    const silent = f.tables[i];
    f.sites[i] = f.sites[last];
    f.tables[i] = f.tables[last];
    f.tables[last] = silent;
  }
}

/** Once a cycle: the claim of each key of scope `all`, from the other sites, with the own site's mean as one more voice in the guard. */
export function claimSites(f: Federation, keys: KeySettings[], state: ShardState): void {
  for (let key = 0; key < keys.length; key++) {
    f.value[key] = NONE;
    f.weight[key] = 0;
    if (keys[key].scope === SCOPE_ALL) claimKey(f, keys[key], key, state.x[key], state.sensors[key]);
  }
}

function claimKey(f: Federation, settings: KeySettings, key: number, x: number, sensors: number): void {
  const { means, weights, order, claim } = f;
  let others = 0;
  for (let i = 0; i < f.count; i++) {
    if (!medianClaim(f.tables[i], key, claim)) continue;
    means[others] = claim.value;
    weights[others++] = claim.weight;
  }
  if (others === 0) return;
  const own = x !== NONE && sensors > 0 ? 1 : 0;
  const n = others + own;
  weights[others] = sensors;
  const weight_max = WEIGHT_MEDIANS * medianOf(weights, n, order);
  means[others] = x;
  const med = medianOf(means, n, order);
  const cap = siteCap(order, n, med, settings);
  let sum = 0;
  let total = 0;
  for (let i = 0; i < others; i++) {
    const distance = means[i] - med;
    if (n >= GUARDED_SITES && (distance > 2 * cap || distance < -2 * cap)) continue;
    const weight = weights[i] > weight_max ? weight_max : weights[i];
    sum += weight * clamp(distance, -cap, cap);
    total += weight;
  }
  if (total === 0) return;
  f.value[key] = clamp(med + divideRound(sum, total), settings.low, settings.high);
  f.weight[key] = total;
}

/** The median of values[0..n); leaves them sorted in `order`. */
function medianOf(values: number[], n: number, order: number[]): number {
  for (let i = 0; i < n; i++) order[i] = values[i];
  sortAscending(order, n);
  return medianOfSorted(order, 0, n);
}

/** The guard's band over the sorted site means; not limited by the span, which is how far one peer may move a site, not one site the whole. */
function siteCap(sorted: number[], n: number, med: number, settings: KeySettings): number {
  if (n < GUARDED_SITES) return settings.span;
  const measured = medianDistance(sorted, 0, n, med);
  const mad = measured < settings.floor ? settings.floor : measured;
  return capOf(mad, n, CAP_MADS_FEW, VALUE_MAX);
}
