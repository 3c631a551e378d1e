/**
 * One datagram's way in: shape, rate, seal, sender, then its messages one by one. Nothing is thrown: a datagram that is
 * refused is counted by reason and has changed nothing.
 */

import { NONE, type SealPort } from '../platform.ts';
import {
  AGE,
  BY,
  CONFIRMED,
  CYCLE,
  DIRECT_AGE,
  DIRECT_CYCLE,
  DIRECT_PEAK,
  ENTROPY_STAMP,
  FIRST_HAND,
  HOLDS,
  IGNORE,
  LEAD,
  NONCE,
  PACE,
  PEAK,
  type PeerTable,
  PENDING_BY,
  ROW,
  SOURCE,
  STALE_COUNT,
  STALE_CYCLE,
  TAG,
  TRUST,
} from '../types/table.ts';
import { CLOCK_BYTES, FRESH_AHEAD, judgeClock, REPLAYED } from './freshness.ts';
import { forgetClaims, hearGateway, takeClaims } from './gateways.ts';
import { checkHeader, checkMessages } from './parse.ts';
import {
  addDirectPeer,
  findGone,
  findPeer,
  forgetPeer,
  forgetValues,
  LEAD_UNKNOWN,
  PEAK_START,
  peakAfter,
  removePeer,
} from './peers.ts';
import { admit, SERVED_FIRST_TRUST } from './rate.ts';
import { cyclesAhead, relayLied, markLiar } from './relay.ts';
import { hashHeld } from './relay-values.ts';
import type { Transport } from './transport.ts';
import * as wire from './wire.ts';

/** Ids below the newest, rising one after the other, that mean a restarted sender. */
const RESTART_IDS = 8;
/** No 16-bit cycle is farther ahead than this. */
const NEVER_NEWER = 0x7fff;
/** A datagram this far behind a farewell was overtaken by it; one farther behind comes from a new life of the sender. */
const OVERTAKEN_CYCLES = 64;
/** A peer whose contributions are older than this on average needs relays. */
const DEMAND_AGE = 6;
/** Cycles for which relays go on after somebody needed them. */
const DEMAND_CYCLES = 4;

/**
 * Checks the datagram in view[0..length) from the address that `source` stands for (not 0), and takes what its header says.
 * @returns the sender's slot, 0 when there is nothing further to take, or minus the DROP_ reason
 */
export function receiveDatagram(t: Transport, view: DataView, length: number, source: number): number {
  const shape = t.shape;
  const layout = t.layout;
  const rate = t.rate;
  let wrong = checkHeader(view, length, shape, layout);
  if (wrong !== wire.DROP_NONE) return -wrong;
  if (!admit(rate, source)) return -wire.DROP_RATE;
  if (t.seal !== null) {
    wrong = openSeal(t, t.seal, view, length);
    if (wrong !== wire.DROP_NONE) return -wrong;
  }
  wrong = checkMessages(view, length, shape, layout);
  if (wrong !== wire.DROP_NONE) return -wrong;
  const tag = layout.tag;
  if (tag === t.tag) return -wire.DROP_ECHO;
  const flags = layout.flags;
  if ((flags & wire.FLAG_HELLO) !== 0) t.asked = true;

  const slot = findPeer(t.table, tag);
  if (slot === NONE) return welcome(t, slot, tag, source);
  const rows = t.table.rows;
  const at = slot * ROW;
  const bound = rows[at + SOURCE];
  if (bound !== source) return bound === 0 ? welcome(t, slot, tag, source) : -wire.DROP_SOURCE;
  if (rate.all > rate.half && rows[at + TRUST] < SERVED_FIRST_TRUST) return -wire.DROP_RATE;
  const cycle = layout.cycle;
  // A sealed swarm needs no such exception: a sender that restarts draws a new tag, and eight replays would look like one.
  if (((cycle - rows[at + DIRECT_CYCLE]) | 0) <= 0 && (t.seal !== null || !isRestart(rows, at, cycle))) {
    return -wire.DROP_STALE;
  }
  if ((flags & wire.FLAG_LEAVING) !== 0) {
    rows[at + CYCLE] = cycle & 0xffff;
    forgetPeer(t.table, slot);
    return 0;
  }
  takeHeader(t, at);
  return slot;
}

/** Opens a datagram and judges its clock: DROP_NONE or why it is refused. Also for the medium between gateways. */
export function openSeal(t: Transport, seal: SealPort, view: DataView, length: number): number {
  const end = length - seal.overhead_bytes;
  if (!seal.open(view, end)) return wire.DROP_SEAL;
  const verdict = judgeClock(t.freshness, view.getUint32(end - CLOCK_BYTES));
  if (verdict === REPLAYED) return wire.DROP_REPLAY;
  if (verdict === FRESH_AHEAD) forgetAll(t);
  return wire.DROP_NONE;
}

/** All that was heard so far may have been replayed: a member that lives is heard again in a cycle or two. */
function forgetAll(t: Transport): void {
  for (let slot = t.table.count - 1; slot > 0; slot--) removePeer(t.table, slot);
  t.gateways.count = 0;
}

/** The first datagram of a session from this address: one address speaks for so many tags only, the oldest of them goes. */
function welcome(t: Transport, known: number, tag: number, source: number): number {
  const { sdms, flags, cycle } = t.layout;
  if (sdms === 0 || (flags & wire.FLAG_LEAVING) !== 0) return 0;
  const gone = findGone(t.table, tag);
  const ahead = gone === NONE ? 1 : cyclesAhead(cycle, t.table.gone[gone + 1]);
  if (ahead <= 0 && ahead > -OVERTAKEN_CYCLES) return -wire.DROP_STALE;
  if (t.rate.all > t.rate.half) return -wire.DROP_RATE;
  const ignore = makeRoom(t, source);
  const slot = known === NONE ? addDirectPeer(t.table, tag) : findPeer(t.table, tag);
  t.table.rows[slot * ROW + SOURCE] = source;
  t.table.rows[slot * ROW + IGNORE] = ignore;
  takeHeader(t, slot * ROW);
  return slot;
}

/** A peer that holds fewer entries than the node, or older ones, needs relays. Held, mean age and pace are read as one word. */
function takeHeader(t: Transport, at: number): void {
  const rows = t.table.rows;
  const layout = t.layout;
  const status = layout.status;
  const holds = status >>> 16;
  if (holds < t.held || ((status >> 8) & 0xff) > DEMAND_AGE) t.demand = DEMAND_CYCLES;
  rows[at + HOLDS] = holds;
  rows[at + PACE] = status & 0xff;
  rows[at + STALE_COUNT] = 0;
  if (layout.sdms === 0) rows[at + DIRECT_CYCLE] = layout.cycle;
}

/** Lets the oldest tag of an address go when it has one too many. Tells for how long its relaying is still ignored: a new tag mends no lie. */
function makeRoom(t: Transport, source: number): number {
  const table = t.table;
  const rows = table.rows;
  let tags = 0;
  let oldest = NONE;
  for (let slot = 1; slot < table.count; slot++) {
    if (rows[slot * ROW + SOURCE] !== source) continue;
    tags++;
    if (oldest === NONE || rows[slot * ROW + AGE] > rows[oldest * ROW + AGE]) oldest = slot;
  }
  if (tags < t.settings.nodes_per_address) return 0;
  const ignore = rows[oldest * ROW + IGNORE];
  if (t.settings.nodes_per_address === 1) giveUp(table, oldest);
  else forgetPeer(table, oldest);
  return ignore;
}

/** The duplicate filter's exception: an id at or below the newest is taken when it is the eighth of a rising row. */
function isRestart(rows: Int32Array, at: number, cycle: number): boolean {
  const rising = ((cycle - rows[at + STALE_CYCLE]) | 0) > 0;
  rows[at + STALE_COUNT] = rising ? rows[at + STALE_COUNT] + 1 : 1;
  rows[at + STALE_CYCLE] = cycle;
  if (rows[at + STALE_COUNT] < RESTART_IDS) return false;
  rows[at + STALE_COUNT] = 0;
  rows[at + LEAD] = LEAD_UNKNOWN;
  return true;
}

/**
 * Before a sender's state diffs are merged: the first-hand relay whose word is held of it (NONE where there is none), with
 * the hash of that word in `t.entry`. What the sender says itself always wins over it.
 */
export function beginSDM(t: Transport, slot: number): number {
  const table = t.table;
  const by = table.rows[slot * ROW + BY];
  const judged = by !== 0 && table.rows[slot * ROW + FIRST_HAND] === 1;
  if (judged) t.entry.hash = hashHeld(table, slot, t.salt);
  if (t.layout.sdms < t.shape.keysOfShard.length) forgetValues(table, slot);
  if (!judged) return NONE;
  return findPeer(table, by);
}

/** After they were merged: judges that relay, and notes that the sender was heard just now. */
export function endSDM(t: Transport, slot: number, relay: number): void {
  const rows = t.table.rows;
  const at = slot * ROW;
  const cycle = t.layout.cycle;
  const lead = (cycle - t.cycle) | 0;
  const best = rows[at + LEAD];
  if (relay > 0) {
    const inTime = best !== LEAD_UNKNOWN && lead >= best;
    if (relayLied(t.table, slot, cycle, t.entry.hash === hashHeld(t.table, slot, t.salt), inTime)) accuse(t, relay);
  }
  if (lead > best) rows[at + LEAD] = lead;
  const age = rows[at + AGE];
  const directAge = rows[at + DIRECT_AGE];
  rows[at + CYCLE] = cycle & 0xffff;
  rows[at + DIRECT_CYCLE] = cycle;
  rows[at + AGE] = 0;
  rows[at + DIRECT_AGE] = 0;
  const peak = rows[at + PEAK];
  const after = age === NONE ? peak : peakAfter(peak, age);
  if (directAge === NONE) {
    rows[at + DIRECT_PEAK] = PEAK_START;
    rows[at + PENDING_BY] = 0;
  } else {
    const directPeak = rows[at + DIRECT_PEAK];
    const directAfter = directAge === age && directPeak === peak ? after : peakAfter(directPeak, directAge);
    if (directAfter !== directPeak) rows[at + DIRECT_PEAK] = directAfter;
  }
  if (after !== peak) rows[at + PEAK] = after;
  if (rows[at + BY] === 0) return;
  rows[at + BY] = 0;
  rows[at + FIRST_HAND] = 0;
  rows[at + CONFIRMED] = 0;
}

/** From now on what this relay passes on is ignored. */
export function accuse(t: Transport, relay: number): void {
  markLiar(t.table, relay);
  t.lies++;
  t.lastLiar = t.table.rows[relay * ROW + TAG];
}

/** Takes a gateway's claims of other sites. */
export function receiveClaims(t: Transport, view: DataView): void {
  const { shape, layout, settings, gateways } = t;
  const gateway = hearGateway(gateways, layout.tag, layout.cycle);
  if (gateway === NONE) return;
  forgetClaims(gateways, gateway);
  for (let i = 0; i < layout.claims; i++) {
    const keys = shape.keysOfShard[layout.claimShard[i]];
    takeClaims(gateways, gateway, keys, settings.keys, view, layout.claimAt[i], wire.CLAIM_WEIGHT_MAX);
  }
}

/** Copies an entropy packet's vector to `t.vector` and tells its length; 0 when its sender stamped the same before. */
export function receiveEP(t: Transport, view: DataView, slot: number): number {
  const { ep, epWords } = t.layout;
  const stamp = view.getInt32(ep + 4);
  const at = slot * ROW + ENTROPY_STAMP;
  if (stamp !== 0 && stamp === t.table.rows[at]) return 0;
  t.table.rows[at] = stamp;
  for (let i = 0; i < epWords; i++) t.vector[i] = view.getInt32(ep + wire.EP_HEAD_BYTES + 4 * i);
  return epWords;
}

/** Takes a beacon in. A sender that changed its tag names the earlier one, which goes when it had the same address. */
export function receiveBeacon(t: Transport, view: DataView, slot: number): void {
  const { table, layout } = t;
  table.rows[slot * ROW + NONCE] = view.getInt32(layout.beacon);
  const earlier = view.getInt32(layout.beacon + 4);
  if (earlier === 0 || earlier === t.tag) return;
  const old = findPeer(table, earlier);
  if (old > 0 && old !== slot && table.rows[old * ROW + SOURCE] === table.rows[slot * ROW + SOURCE]) {
    giveUp(table, old);
  }
}

/** Forgets a peer whose tag is no more: nothing that a relay may still bring of it is news. */
function giveUp(table: PeerTable, slot: number): void {
  const at = slot * ROW + CYCLE;
  table.rows[at] = (table.rows[at] + NEVER_NEWER) & 0xffff;
  forgetPeer(table, slot);
}
