/** Keeps the table of contributions held: slots in use are 0 to count - 1, the node itself in slot 0. */

import { clamp, divideFloor } from '../fixed/q16.ts';
import { NONE } from '../platform.ts';
import type { PeerTable } from '../types/table.ts';

/** Peak gap that a new peer starts with, in 1/16 cycle: 53 cycles, six of which are the longest that anyone is kept. */
export const PEAK_START = 854;
/** A peer is forgotten after six peak gaps, but never before 32 and always after 320 cycles: 8 forgets the crashed late, 4 flaps at 95 % loss. */
const FORGET_GAPS = 6;
const FORGET_MIN = 32;
const FORGET_MAX = 320;
/** Witness bits are kept for one to two periods of 512 cycles. */
const WITNESS_PERIOD = 512;
/** No direct datagram has told yet how a peer's cycles lie to ours. */
export const LEAD_UNKNOWN = -0x80000000;
/** The lead is let down by a cycle this often, for clocks that differ by up to 1.5 %. */
const LEAD_PERIOD = 64;
/** Trust in a peer that just came. */
const TRUST_START = 128;
/** Cycles for which a table that overflowed counts as too small. */
export const CROWDED_CYCLES = 64;

/** Unknown tags that may wait for a second relay at once: as many as one datagram can bring. */
const WAITING = 16;

export function createPeerTable(peers: number, keys: number): PeerTable {
  const capacity = peers + 1;
  const ints = (): Int32Array => new Int32Array(capacity);
  const bytes = (): Uint8Array => new Uint8Array(capacity);
  let hints = 16;
  while (hints < 2 * capacity) hints *= 2;
  return {
    capacity,
    keys,
    count: 1,
    tag: ints(),
    source: ints(),
    c: new Int32Array(keys * capacity).fill(NONE),
    b: new Int32Array(keys * capacity).fill(NONE),
    order: new Uint16Array(keys * capacity),
    cycle: ints(),
    age: ints(),
    peak: ints(),
    directCycle: ints(),
    directAge: ints(),
    directPeak: ints(),
    lead: ints(),
    staleCycle: ints(),
    staleCount: bytes(),
    by: ints(),
    firstHand: bytes(),
    confirmed: bytes(),
    pendingCycle: ints(),
    pendingHash: ints(),
    pendingBy: ints(),
    witnesses: ints(),
    witnessesBefore: ints(),
    ignore: ints(),
    sentAt: ints(),
    sentCycle: ints(),
    sentTimes: bytes(),
    trust: ints(),
    penalty: ints(),
    counted: bytes(),
    pace: bytes(),
    holds: new Uint16Array(capacity),
    nonce: ints(),
    entropyStamp: ints(),
    waitTag: new Int32Array(WAITING),
    waitCycle: new Int32Array(WAITING),
    waitHash: new Int32Array(WAITING),
    waitBy: new Int32Array(WAITING),
    waitNext: 0,
    goneTag: ints(),
    goneCycle: ints(),
    goneNext: 0,
    hint: new Uint16Array(hints),
    direct: 0,
    uncounted: 0,
    crowded: 0,
  };
}

/** The slot of a tag, or NONE. Slot 0 for the node's own. */
export function findPeer(table: PeerTable, tag: number): number {
  const guess = table.hint[tag & (table.hint.length - 1)];
  if (guess < table.count && table.tag[guess] === tag) return guess;
  for (let slot = 0; slot < table.count; slot++) {
    if (table.tag[slot] === tag) {
      table.hint[tag & (table.hint.length - 1)] = slot;
      return slot;
    }
  }
  return NONE;
}

/** A slot for a peer heard directly for the first time; in a full table the oldest makes room, a relayed one first. */
export function addDirectPeer(table: PeerTable, tag: number): number {
  if (table.count === table.capacity) {
    table.crowded = CROWDED_CYCLES;
    removePeer(table, oldestPeer(table));
  }
  return addPeer(table, tag);
}

/** A slot for a peer known from relays only, or NONE in a full table: it never makes anyone leave. */
export function addRelayedPeer(table: PeerTable, tag: number): number {
  return table.count === table.capacity ? NONE : addPeer(table, tag);
}

function addPeer(table: PeerTable, tag: number): number {
  const slot = table.count++;
  table.tag[slot] = tag;
  table.source[slot] = 0;
  table.age[slot] = NONE;
  table.peak[slot] = PEAK_START;
  table.cycle[slot] = 0;
  table.directCycle[slot] = 0;
  table.directAge[slot] = NONE;
  table.directPeak[slot] = PEAK_START;
  table.lead[slot] = LEAD_UNKNOWN;
  table.staleCycle[slot] = 0;
  table.staleCount[slot] = 0;
  table.by[slot] = 0;
  table.firstHand[slot] = 0;
  table.confirmed[slot] = 0;
  table.pendingBy[slot] = 0;
  table.witnesses[slot] = 0;
  table.witnessesBefore[slot] = 0;
  table.ignore[slot] = 0;
  table.sentAt[slot] = 0;
  table.sentCycle[slot] = 0;
  table.sentTimes[slot] = 0;
  table.trust[slot] = TRUST_START;
  table.penalty[slot] = 0;
  table.pace[slot] = 1;
  table.holds[slot] = 0;
  table.nonce[slot] = 0;
  table.entropyStamp[slot] = 0;
  table.hint[tag & (table.hint.length - 1)] = slot;
  for (let at = slot; at < table.c.length; at += table.capacity) {
    table.c[at] = table.b[at] = NONE;
    table.order[at] = slot;
  }
  return slot;
}

/** Forgets a peer; the last slot moves into its place. */
export function removePeer(table: PeerTable, slot: number): void {
  const last = --table.count;
  for (let key = 0; key < table.keys; key++) dropFromOrder(table, key * table.capacity, slot, last);
  if (slot !== last) moveSlot(table, last, slot);
}

/** Forgets a peer and remembers that it did, so that relays do not bring it back with what is already known. */
export function forgetPeer(table: PeerTable, slot: number): void {
  const at = table.goneNext;
  table.goneTag[at] = table.tag[slot];
  table.goneCycle[at] = table.cycle[slot];
  table.goneNext = (at + 1) % table.capacity;
  removePeer(table, slot);
}

/** The place of a forgotten tag in the ring, or NONE. */
export function findGone(table: PeerTable, tag: number): number {
  for (let at = 0; at < table.capacity; at++) if (table.goneTag[at] === tag) return at;
  return NONE;
}

/** Takes `slot` out of a key's order and renames `last` to it, in one walk. */
function dropFromOrder(table: PeerTable, base: number, slot: number, last: number): void {
  const order = table.order;
  let to = base;
  for (let at = base; at <= base + last; at++) {
    const one = order[at];
    if (one !== slot) order[to++] = one === last ? slot : one;
  }
}

function moveSlot(table: PeerTable, from: number, to: number): void {
  table.tag[to] = table.tag[from];
  table.source[to] = table.source[from];
  table.cycle[to] = table.cycle[from];
  table.age[to] = table.age[from];
  table.peak[to] = table.peak[from];
  table.directCycle[to] = table.directCycle[from];
  table.directAge[to] = table.directAge[from];
  table.directPeak[to] = table.directPeak[from];
  table.lead[to] = table.lead[from];
  table.staleCycle[to] = table.staleCycle[from];
  table.staleCount[to] = table.staleCount[from];
  table.by[to] = table.by[from];
  table.firstHand[to] = table.firstHand[from];
  table.confirmed[to] = table.confirmed[from];
  table.pendingCycle[to] = table.pendingCycle[from];
  table.pendingHash[to] = table.pendingHash[from];
  table.pendingBy[to] = table.pendingBy[from];
  table.witnesses[to] = table.witnesses[from];
  table.witnessesBefore[to] = table.witnessesBefore[from];
  table.ignore[to] = table.ignore[from];
  table.sentAt[to] = table.sentAt[from];
  table.sentCycle[to] = table.sentCycle[from];
  table.sentTimes[to] = table.sentTimes[from];
  table.trust[to] = table.trust[from];
  table.penalty[to] = table.penalty[from];
  table.counted[to] = table.counted[from];
  table.pace[to] = table.pace[from];
  table.holds[to] = table.holds[from];
  table.nonce[to] = table.nonce[from];
  table.entropyStamp[to] = table.entropyStamp[from];
  table.hint[table.tag[to] & (table.hint.length - 1)] = to;
  for (let key = 0; key < table.keys; key++) {
    const base = key * table.capacity;
    table.c[base + to] = table.c[base + from];
    table.b[base + to] = table.b[base + from];
  }
}

/** Who leaves a full table: one that is only relayed before one that is heard, then the oldest, then the least trusted. */
function oldestPeer(table: PeerTable): number {
  let oldest = 1;
  for (let slot = 2; slot < table.count; slot++) {
    if (leavesBefore(table, slot, oldest)) oldest = slot;
  }
  return oldest;
}

function leavesBefore(table: PeerTable, a: number, b: number): boolean {
  const relayedA = table.directAge[a] === NONE;
  if (relayedA !== (table.directAge[b] === NONE)) return relayedA;
  if (table.age[a] !== table.age[b]) return table.age[a] > table.age[b];
  return table.trust[a] < table.trust[b];
}

/** A gap of this many cycles was seen: the peak follows upwards at once and downwards slowly. In 1/16 cycle. */
export function peakAfter(peak: number, gap: number): number {
  const gap16 = (gap < 1 ? 1 : gap) * 16;
  return gap16 >= peak ? gap16 : peak - ((peak - gap16) >> 4);
}

function forgetAfter(peak: number): number {
  return clamp((FORGET_GAPS * peak) >> 4, FORGET_MIN, FORGET_MAX);
}

/** The cycle's first step: everything held grows older by `periods` cycles, and what is too old is forgotten. */
export function agePeers(table: PeerTable, cycle: number, periods: number): void {
  if (table.crowded > 0) table.crowded--;
  const turnWitnesses = cycle % WITNESS_PERIOD < periods;
  const turnLead = cycle % LEAD_PERIOD < periods;
  let direct = 0;
  for (let slot = table.count - 1; slot > 0; slot--) {
    const age = table.age[slot] + periods;
    table.age[slot] = age;
    if (age > forgetAfter(table.peak[slot])) {
      forgetPeer(table, slot);
      continue;
    }
    if (table.directAge[slot] !== NONE) {
      const directAge = table.directAge[slot] + periods;
      table.directAge[slot] = directAge > forgetAfter(table.directPeak[slot]) ? NONE : directAge;
      if (table.directAge[slot] !== NONE) direct++;
    }
    if (table.ignore[slot] > 0) table.ignore[slot] = table.ignore[slot] > periods ? table.ignore[slot] - periods : 0;
    if (turnLead && table.lead[slot] !== LEAD_UNKNOWN) table.lead[slot]--;
    if (turnWitnesses) {
      table.witnessesBefore[slot] = table.witnesses[slot];
      table.witnesses[slot] = 0;
    }
  }
  table.direct = direct;
}

/** Mean age of the contributions held, in whole cycles. */
export function meanAge(table: PeerTable): number {
  const peers = table.count - 1;
  if (peers === 0) return 0;
  let sum = 0;
  for (let slot = 1; slot < table.count; slot++) sum += table.age[slot];
  return divideFloor(sum, peers);
}

/** Peers that a vote needs, and that judge the network. */
const NEAREST = 3;

/**
 * How weak the network is: the mean age of the three peers heard last, each in its own sends, so that who sends one cycle
 * in eight is not far away. The mean over all peers would not do: in a real office and in meshes most links are bad and
 * the few good ones carry the swarm, so every node went into low-power mode there and the swarm never agreed.
 */
export function networkAge(table: PeerTable): number {
  let first = FORGET_MAX;
  let second = FORGET_MAX;
  let third = FORGET_MAX;
  for (let slot = 1; slot < table.count; slot++) {
    if (table.directAge[slot] === NONE) continue;
    const age = divideFloor(table.directAge[slot], table.pace[slot]);
    if (age < first) {
      third = second;
      second = first;
      first = age;
    } else if (age < second) {
      third = second;
      second = age;
    } else if (age < third) {
      third = age;
    }
  }
  return table.direct < NEAREST ? 0 : divideFloor(first + second + third, NEAREST);
}

/** The share of its contributions that the guard let through becomes each fresh peer's trust, with a time constant of 16 cycles. */
export function learnTrust(table: PeerTable): void {
  for (let slot = 1; slot < table.count; slot++) {
    const taken = divideFloor(table.penalty[slot], table.keys);
    table.penalty[slot] = 0;
    if (table.directAge[slot] !== 1) continue;
    const trust = table.trust[slot];
    table.trust[slot] = trust + ((256 - taken - trust + 15) >> 4);
  }
}
