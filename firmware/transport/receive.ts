/**
 * One datagram's way in: shape, rate, seal, sender, then its messages one by one. Nothing is thrown: a datagram that is
 * refused is counted by reason and has changed nothing.
 */

import { NONE } from '../platform.ts';
import { hearGateway, takeClaims } from './gateways.ts';
import { checkHeader, checkMessages } from './parse.ts';
import { addDirectPeer, findPeer, forgetPeer, LEAD_UNKNOWN, PEAK_START, peakAfter, removePeer } from './peers.ts';
import { admit, roomForAll, SERVED_FIRST_TRUST } from './rate.ts';
import { relayLied, markLiar } from './relay.ts';
import { hashHeld } from './relay-values.ts';
import type { Transport } from './transport.ts';
import * as wire from './wire.ts';

/** Ids below the newest, rising one after the other, that mean a restarted sender. */
const RESTART_IDS = 8;
/** A peer whose contributions are older than this on average needs relays. */
const DEMAND_AGE = 6;
/** Cycles for which relays go on after somebody needed them. */
const DEMAND_CYCLES = 4;

/**
 * Checks the datagram in view[0..length) from the address that `source` stands for (not 0), and takes what its header says.
 * @returns the sender's slot, 0 when there is nothing further to take, or minus the DROP_ reason
 */
export function receiveDatagram(t: Transport, view: DataView, length: number, source: number): number {
  let wrong = checkHeader(view, length, t.shape);
  if (wrong !== wire.DROP_NONE) return -wrong;
  if (!admit(t.rate, source)) return -wire.DROP_RATE;
  if (t.seal !== null && !t.seal.open(view, length - t.seal.overhead_bytes)) return -wire.DROP_SEAL;
  wrong = checkMessages(view, length, t.shape, t.layout);
  if (wrong !== wire.DROP_NONE) return -wrong;
  const tag = view.getInt32(wire.AT_TAG);
  if (tag === t.tag) return -wire.DROP_ECHO;
  const flags = view.getUint8(wire.AT_FLAGS);
  if ((flags & wire.FLAG_HELLO) !== 0) t.asked = true;

  const slot = findPeer(t.table, tag);
  if (slot === NONE || t.table.source[slot] === 0) return welcome(t, view, slot, tag, source);
  if (t.table.source[slot] !== source) return -wire.DROP_SOURCE;
  if (!roomForAll(t.rate) && t.table.trust[slot] < SERVED_FIRST_TRUST) return -wire.DROP_RATE;
  if (!isNewer(t, slot, view.getInt32(wire.AT_CYCLE))) return -wire.DROP_STALE;
  if ((flags & wire.FLAG_LEAVING) !== 0) {
    t.table.cycle[slot] = view.getInt32(wire.AT_CYCLE) & 0xffff;
    forgetPeer(t.table, slot);
    return 0;
  }
  takeHeader(t, view, slot);
  return slot;
}

/** The first datagram of a session from this address: one address speaks for so many tags only, the oldest of them goes. */
function welcome(t: Transport, view: DataView, known: number, tag: number, source: number): number {
  if (t.layout.sdms === 0) return 0;
  if (!roomForAll(t.rate)) return -wire.DROP_RATE;
  makeRoom(t, source);
  const slot = known === NONE ? addDirectPeer(t.table, tag) : findPeer(t.table, tag);
  t.table.source[slot] = source;
  takeHeader(t, view, slot);
  return slot;
}

/** A peer that holds fewer entries than the node, or older ones, needs relays. */
function takeHeader(t: Transport, view: DataView, slot: number): void {
  const holds = view.getUint16(wire.AT_HELD);
  if (holds < t.held || view.getUint8(wire.AT_MEAN_AGE) > DEMAND_AGE) t.demand = DEMAND_CYCLES;
  t.table.holds[slot] = holds;
  t.table.pace[slot] = view.getUint8(wire.AT_PACE);
  if (t.layout.sdms === 0) t.table.directCycle[slot] = view.getInt32(wire.AT_CYCLE);
}

function makeRoom(t: Transport, source: number): void {
  const { table } = t;
  let tags = 0;
  let oldest = NONE;
  for (let slot = 1; slot < table.count; slot++) {
    if (table.source[slot] !== source) continue;
    tags++;
    if (oldest === NONE || table.age[slot] > table.age[oldest]) oldest = slot;
  }
  if (tags >= t.settings.nodes_per_address) removePeer(table, oldest);
}

/** The duplicate filter: newer than the newest, or the eighth of a row of rising ids below it. */
function isNewer(t: Transport, slot: number, cycle: number): boolean {
  const { table } = t;
  if (((cycle - table.directCycle[slot]) | 0) > 0) {
    table.staleCount[slot] = 0;
    return true;
  }
  table.staleCount[slot] = ((cycle - table.staleCycle[slot]) | 0) > 0 ? table.staleCount[slot] + 1 : 1;
  table.staleCycle[slot] = cycle;
  if (table.staleCount[slot] < RESTART_IDS) return false;
  table.staleCount[slot] = 0;
  table.lead[slot] = LEAD_UNKNOWN;
  return true;
}

/**
 * Before a sender's state diffs are merged: the first-hand relay whose word is held of it (NONE where there is none), with
 * the hash of that word in `t.entry`. What the sender says itself always wins over it.
 */
export function beginSDM(t: Transport, slot: number): number {
  const { table } = t;
  if (t.layout.sdms < t.shape.keysOfShard.length) forgetValues(t, slot);
  if (table.by[slot] === 0 || table.firstHand[slot] === 0) return NONE;
  t.entry.hash = hashHeld(table, slot, t.salt);
  return findPeer(table, table.by[slot]);
}

/** After they were merged: judges that relay, and notes that the sender was heard just now. */
export function endSDM(t: Transport, view: DataView, slot: number, relay: number): void {
  const { table } = t;
  const cycle = view.getInt32(wire.AT_CYCLE);
  const lead = (cycle - t.cycle) | 0;
  const inTime = table.lead[slot] !== LEAD_UNKNOWN && lead >= table.lead[slot];
  if (relay > 0 && relayLied(table, slot, cycle, t.entry.hash === hashHeld(table, slot, t.salt), inTime)) {
    accuse(t, relay);
  }
  if (lead > table.lead[slot] || table.lead[slot] === LEAD_UNKNOWN) table.lead[slot] = lead;
  table.directPeak[slot] =
    table.directAge[slot] === NONE ? PEAK_START : peakAfter(table.directPeak[slot], table.directAge[slot]);
  if (table.age[slot] !== NONE) table.peak[slot] = peakAfter(table.peak[slot], table.age[slot]);
  table.cycle[slot] = cycle & 0xffff;
  table.directCycle[slot] = cycle;
  table.age[slot] = 0;
  table.directAge[slot] = 0;
  table.by[slot] = 0;
  table.firstHand[slot] = 0;
  table.confirmed[slot] = 0;
  table.pendingBy[slot] = 0;
}

/** From now on what this relay passes on is ignored. */
export function accuse(t: Transport, relay: number): void {
  markLiar(t.table, relay);
  t.lies++;
  t.lastLiar = t.table.tag[relay];
}

/** A shard that the datagram does not speak of: the sender has nothing to say there any more. */
function forgetValues(t: Transport, slot: number): void {
  const { c, b, capacity } = t.table;
  for (let at = slot; at < c.length; at += capacity) c[at] = b[at] = NONE;
}

/** Takes a gateway's claims of other sites. */
export function receiveClaims(t: Transport, view: DataView): void {
  const { shape, layout, settings, gateways } = t;
  const gateway = hearGateway(gateways, view.getInt32(wire.AT_TAG), view.getInt32(wire.AT_CYCLE));
  if (gateway === NONE) return;
  for (let i = 0; i < layout.claims; i++) {
    const keys = shape.keysOfShard[layout.claimShard[i]];
    takeClaims(gateways, gateway, keys, settings.keys, view, layout.claimAt[i], wire.CLAIM_WEIGHT_MAX);
  }
}

/** Copies an entropy packet's vector to `t.vector` and tells its length; 0 when its sender stamped the same before. */
export function receiveEP(t: Transport, view: DataView, slot: number): number {
  const { ep, epWords } = t.layout;
  const stamp = view.getInt32(ep + 4);
  if (stamp === t.table.entropyStamp[slot]) return 0;
  t.table.entropyStamp[slot] = stamp;
  for (let i = 0; i < epWords; i++) t.vector[i] = view.getInt32(ep + wire.EP_HEAD_BYTES + 4 * i);
  return epWords;
}

/** Takes a beacon in. A sender that changed its tag names the earlier one, which goes when it had the same address. */
export function receiveBeacon(t: Transport, view: DataView, slot: number): void {
  const { table, layout } = t;
  table.nonce[slot] = view.getInt32(layout.beacon);
  const earlier = view.getInt32(layout.beacon + 4);
  if (earlier === 0 || earlier === t.tag) return;
  const old = findPeer(table, earlier);
  if (old > 0 && old !== slot && table.source[old] === table.source[slot]) removePeer(table, old);
}
