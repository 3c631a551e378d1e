/** Keeps what the gateways of the node's own site say of the other sites. */

import { NONE } from '../platform.ts';
import {
  GATEWAY_AGE,
  GATEWAY_CYCLE,
  GATEWAY_PEAK,
  GATEWAY_ROW,
  GATEWAY_TAG,
  type GatewayTable,
} from '../types/gateways.ts';
import { PEAK_START, peakAfter } from './peers.ts';
import type { KeySettings } from '../settings.ts';

/** Gateways of one site that a node listens to: three make one liar harmless, the fourth is the node itself or a spare. */
export const GATEWAYS = 4;
/** A gateway that fell silent is forgotten like a peer. */
const FORGET_MIN = 32;
const FORGET_MAX = 320;

/** @param gateways how many are listened to: none where sites share no key */
export function createGatewayTable(keys: number, gateways = GATEWAYS): GatewayTable {
  return {
    capacity: gateways,
    count: 0,
    rows: new Int32Array(gateways * GATEWAY_ROW),
    claims: new Int32Array(keys * gateways * 2).fill(NONE),
  };
}

/** The slot of a gateway's session, or NONE. */
export function findGateway(gateways: GatewayTable, tag: number): number {
  for (let slot = 0; slot < gateways.count; slot++) {
    if (gateways.rows[slot * GATEWAY_ROW + GATEWAY_TAG] === tag) return slot;
  }
  return NONE;
}

/** The slot of a gateway that is heard now, a new one where there is room, else NONE. */
export function hearGateway(gateways: GatewayTable, tag: number, cycle: number): number {
  const rows = gateways.rows;
  const known = findGateway(gateways, tag);
  if (known === NONE && gateways.count === gateways.capacity) return NONE;
  const slot = known === NONE ? gateways.count++ : known;
  const at = slot * GATEWAY_ROW;
  rows[at + GATEWAY_PEAK] = known === NONE ? PEAK_START : peakAfter(rows[at + GATEWAY_PEAK], rows[at + GATEWAY_AGE]);
  rows[at + GATEWAY_TAG] = tag;
  rows[at + GATEWAY_CYCLE] = cycle;
  rows[at + GATEWAY_AGE] = 0;
  if (known === NONE) forgetClaims(gateways, slot);
  return slot;
}

/** Nothing is known any more of what the gateway claims. */
export function forgetClaims(gateways: GatewayTable, slot: number): void {
  const { claims, capacity } = gateways;
  for (let at = slot * 2; at < claims.length; at += 2 * capacity) claims[at] = NONE;
}

/** Takes the claims at `at`: for each of the keys a difference and the number of sensors behind it, at most `weight_max`. */
export function takeClaims(
  gateways: GatewayTable,
  slot: number,
  keys: number[],
  settings: KeySettings[],
  view: DataView,
  at: number,
  weight_max: number,
): void {
  for (let i = 0; i < keys.length; i++) {
    const { low, high, reference } = settings[keys[i]];
    const value = view.getInt32(at) + reference;
    const weight = view.getInt32(at + 4);
    const place = (keys[i] * gateways.capacity + slot) * 2;
    const taken = weight > 0 && value >= low && value <= high;
    gateways.claims[place] = taken ? value : NONE;
    gateways.claims[place + 1] = weight > weight_max ? weight_max : weight;
    at += 8;
  }
}

/** A gateway's claim in its own site stands among those of the others. */
export function setOwnClaim(
  gateways: GatewayTable,
  tag: number,
  cycle: number,
  value: Int32Array,
  weight: Int32Array,
): void {
  const slot = hearGateway(gateways, tag, cycle);
  if (slot === NONE) return;
  for (let key = 0; key < value.length; key++) {
    const place = (key * gateways.capacity + slot) * 2;
    gateways.claims[place] = value[key];
    gateways.claims[place + 1] = weight[key];
  }
}

/** Ages what is held and forgets the silent. */
export function ageGateways(gateways: GatewayTable, periods: number): void {
  const rows = gateways.rows;
  for (let slot = gateways.count - 1; slot >= 0; slot--) {
    const at = slot * GATEWAY_ROW;
    rows[at + GATEWAY_AGE] += periods;
    const patience = (6 * rows[at + GATEWAY_PEAK]) >> 4;
    const limit = patience < FORGET_MIN ? FORGET_MIN : patience > FORGET_MAX ? FORGET_MAX : patience;
    if (rows[at + GATEWAY_AGE] > limit) removeGateway(gateways, slot);
  }
}

function removeGateway(gateways: GatewayTable, slot: number): void {
  const last = --gateways.count;
  const { rows, claims, capacity } = gateways;
  rows.copyWithin(slot * GATEWAY_ROW, last * GATEWAY_ROW, last * GATEWAY_ROW + GATEWAY_ROW);
  for (let base = 0; base < claims.length; base += 2 * capacity) {
    claims[base + 2 * slot] = claims[base + 2 * last];
    claims[base + 2 * slot + 1] = claims[base + 2 * last + 1];
  }
}
