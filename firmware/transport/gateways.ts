/** Keeps what the gateways of the node's own site say of the other sites. */

import { NONE } from '../platform.ts';
import type { GatewayTable } from '../types/gateways.ts';
import { PEAK_START, peakAfter } from './peers.ts';
import type { KeySettings } from '../settings.ts';

/** Gateways of one site that a node listens to: three make one liar harmless, the fourth is the node itself or a spare. */
const GATEWAYS = 4;
/** A gateway that fell silent is forgotten like a peer. */
const FORGET_MIN = 32;
const FORGET_MAX = 320;

export function createGatewayTable(keys: number): GatewayTable {
  return {
    capacity: GATEWAYS,
    count: 0,
    tag: new Int32Array(GATEWAYS),
    cycle: new Int32Array(GATEWAYS),
    age: new Int32Array(GATEWAYS),
    peak: new Int32Array(GATEWAYS),
    value: new Int32Array(keys * GATEWAYS).fill(NONE),
    weight: new Int32Array(keys * GATEWAYS),
  };
}

/** The slot of a gateway that is heard now, a new one where there is room, else NONE. */
export function hearGateway(gateways: GatewayTable, tag: number, cycle: number): number {
  for (let slot = 0; slot < gateways.count; slot++) {
    if (gateways.tag[slot] !== tag) continue;
    gateways.peak[slot] = peakAfter(gateways.peak[slot], gateways.age[slot]);
    gateways.age[slot] = 0;
    gateways.cycle[slot] = cycle;
    return slot;
  }
  if (gateways.count === gateways.capacity) return NONE;
  const slot = gateways.count++;
  gateways.tag[slot] = tag;
  gateways.cycle[slot] = cycle;
  gateways.age[slot] = 0;
  gateways.peak[slot] = PEAK_START;
  for (let at = slot; at < gateways.value.length; at += gateways.capacity) gateways.value[at] = NONE;
  return slot;
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
    const place = keys[i] * gateways.capacity + slot;
    const taken = weight > 0 && value >= low && value <= high;
    gateways.value[place] = taken ? value : NONE;
    gateways.weight[place] = weight > weight_max ? weight_max : weight;
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
    gateways.value[key * gateways.capacity + slot] = value[key];
    gateways.weight[key * gateways.capacity + slot] = weight[key];
  }
}

/** Ages what is held and forgets the silent. */
export function ageGateways(gateways: GatewayTable, periods: number): void {
  for (let slot = gateways.count - 1; slot >= 0; slot--) {
    gateways.age[slot] += periods;
    const patience = (6 * gateways.peak[slot]) >> 4;
    const limit = patience < FORGET_MIN ? FORGET_MIN : patience > FORGET_MAX ? FORGET_MAX : patience;
    if (gateways.age[slot] > limit) removeGateway(gateways, slot);
  }
}

function removeGateway(gateways: GatewayTable, slot: number): void {
  const last = --gateways.count;
  gateways.tag[slot] = gateways.tag[last];
  gateways.cycle[slot] = gateways.cycle[last];
  gateways.age[slot] = gateways.age[last];
  gateways.peak[slot] = gateways.peak[last];
  for (let base = 0; base < gateways.value.length; base += gateways.capacity) {
    gateways.value[base + slot] = gateways.value[base + last];
    gateways.weight[base + slot] = gateways.weight[base + last];
  }
}
