/** Keeps the table of contributions held: slots in use are 0 to count - 1, the node itself in slot 0. */

import { DIFF_NONE } from '../fixed/diff.ts';
import { divideFloor } from '../fixed/q16.ts';
import { NONE } from '../platform.ts';
import {
  AGE,
  CYCLE,
  DIRECT_AGE,
  DIRECT_PEAK,
  GONE_ROW,
  IGNORE,
  LEAD,
  PACE,
  PEAK,
  type PeerTable,
  PENALTY,
  ROW,
  type SlotArray,
  TAG,
  TRUST,
  WAIT_ROW,
  WITNESSES,
  WITNESSES_BEFORE,
} from '../types/table.ts';

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
  let hints = 16;
  while (hints < 4 * capacity) hints *= 2;
  const slots = (n: number): SlotArray => (capacity <= 256 ? new Uint8Array(n) : new Uint16Array(n));
  return {
    capacity,
    keys,
    count: 1,
    rows: new Int32Array(capacity * ROW),
    values: new Int32Array(capacity * keys * 2).fill(DIFF_NONE),
    order: slots(keys * capacity),
    changed: new Uint8Array(keys).fill(1),
    waiting: new Int32Array(WAITING * WAIT_ROW),
    waitNext: 0,
    gone: new Int32Array(capacity * GONE_ROW),
    goneNext: 0,
    hint: slots(hints),
    hintMask: hints - 1,
    direct: 0,
    meanAge: 0,
    uncounted: 0,
    crowded: 0,
  };
}

/** The slot of a tag, or NONE. Slot 0 for the node's own. */
export function findPeer(table: PeerTable, tag: number): number {
  const guess = table.hint[tag & table.hintMask];
  if (table.rows[guess * ROW] === tag) return guess;
  for (let slot = 0; slot < table.count; slot++) {
    if (table.rows[slot * ROW + TAG] === tag) {
      table.hint[tag & table.hintMask] = slot;
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
  const at = slot * ROW;
  const rows = table.rows;
  rows.fill(0, at, at + ROW);
  rows[at + TAG] = tag;
  rows[at + AGE] = NONE;
  rows[at + PEAK] = PEAK_START;
  rows[at + DIRECT_AGE] = NONE;
  rows[at + DIRECT_PEAK] = PEAK_START;
  rows[at + LEAD] = LEAD_UNKNOWN;
  rows[at + PACE] = 1;
  rows[at + TRUST] = TRUST_START;
  table.hint[tag & table.hintMask] = slot;
  forgetValues(table, slot);
  for (let place = slot; place < table.order.length; place += table.capacity) table.order[place] = slot;
  return slot;
}

/** Nothing is known any more of what the peer contributes. */
export function forgetValues(table: PeerTable, slot: number): void {
  const width = 2 * table.keys;
  table.values.fill(DIFF_NONE, slot * width, slot * width + width);
  table.changed.fill(1);
}

/** Forgets a peer; the last slot moves into its place. */
export function removePeer(table: PeerTable, slot: number): void {
  const last = --table.count;
  table.changed.fill(1);
  for (let key = 0; key < table.keys; key++) dropFromOrder(table, key * table.capacity, slot, last);
  const rows = table.rows;
  if (slot !== last) {
    const width = 2 * table.keys;
    rows.copyWithin(slot * ROW, last * ROW, last * ROW + ROW);
    table.values.copyWithin(slot * width, last * width, last * width + width);
    table.hint[rows[slot * ROW + TAG] & table.hintMask] = slot;
  }
  rows[last * ROW + TAG] = 0;
}

/** Forgets a peer and remembers that it did, so that relays do not bring it back with what is already known. */
export function forgetPeer(table: PeerTable, slot: number): void {
  noteGone(table, table.rows[slot * ROW + TAG], table.rows[slot * ROW + CYCLE]);
  removePeer(table, slot);
}

/** Remembers a tag that is no more, and the cycle up to which it is known. */
export function noteGone(table: PeerTable, tag: number, cycle: number): void {
  const at = table.goneNext * GONE_ROW;
  table.gone[at] = tag;
  table.gone[at + 1] = cycle;
  table.goneNext = table.goneNext + 1 < table.capacity ? table.goneNext + 1 : 0;
}

/** Where a forgotten tag stands in the ring, or NONE. */
export function findGone(table: PeerTable, tag: number): number {
  for (let at = 0; at < table.gone.length; at += GONE_ROW) if (table.gone[at] === tag) return at;
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

/** Who leaves a full table: one that is only relayed before one that is heard, then the oldest, then the least trusted. */
function oldestPeer(table: PeerTable): number {
  let oldest = 1;
  for (let slot = 2; slot < table.count; slot++) {
    if (leavesBefore(table.rows, slot * ROW, oldest * ROW)) oldest = slot;
  }
  return oldest;
}

function leavesBefore(rows: Int32Array, a: number, b: number): boolean {
  const relayedA = rows[a + DIRECT_AGE] === NONE;
  if (relayedA !== (rows[b + DIRECT_AGE] === NONE)) return relayedA;
  if (rows[a + AGE] !== rows[b + AGE]) return rows[a + AGE] > rows[b + AGE];
  return rows[a + TRUST] < rows[b + TRUST];
}

/** A gap of this many cycles was seen: the peak follows upwards at once and downwards slowly. In 1/16 cycle. */
export function peakAfter(peak: number, gap: number): number {
  const gap16 = gap < 1 ? 16 : gap * 16;
  return gap16 >= peak ? gap16 : peak - ((peak - gap16) >> 4);
}

/** True for an age above FORGET_MIN that is past six peak gaps, or past everything. */
function isForgotten(age: number, peak: number): boolean {
  return age > FORGET_MAX || age > (FORGET_GAPS * peak) >> 4;
}

/** The cycle's first step: everything held grows older by `periods` cycles, and what is too old is forgotten. */
export function agePeers(table: PeerTable, cycle: number, periods: number): void {
  if (table.crowded > 0) table.crowded--;
  const rows = table.rows;
  let direct = 0;
  let ages = 0;
  let at: number;
  let age: number;
  for (let slot = table.count - 1; slot > 0; slot--) {
    at = slot * ROW;
    age = rows[at + AGE] + periods;
    if (age > FORGET_MIN && isForgotten(age, rows[at + PEAK])) {
      forgetPeer(table, slot);
      continue;
    }
    rows[at + AGE] = age;
    ages += age;
    age = rows[at + DIRECT_AGE];
    if (age !== NONE) {
      age += periods;
      if (age > FORGET_MIN && isForgotten(age, rows[at + DIRECT_PEAK])) age = NONE;
      else direct++;
      rows[at + DIRECT_AGE] = age;
    }
    if (rows[at + IGNORE] > 0) rows[at + IGNORE] = rows[at + IGNORE] > periods ? rows[at + IGNORE] - periods : 0;
  }
  table.direct = direct;
  table.meanAge = table.count > 1 ? divideFloor(ages, table.count - 1) : 0;
  if (cycle % LEAD_PERIOD < periods) letLeadsDown(table);
  if (cycle % WITNESS_PERIOD < periods) turnWitnesses(table);
}

function letLeadsDown(table: PeerTable): void {
  const rows = table.rows;
  for (let slot = 1; slot < table.count; slot++) {
    const at = slot * ROW + LEAD;
    if (rows[at] !== LEAD_UNKNOWN) rows[at]--;
  }
}

function turnWitnesses(table: PeerTable): void {
  const rows = table.rows;
  for (let slot = 1; slot < table.count; slot++) {
    const at = slot * ROW;
    rows[at + WITNESSES_BEFORE] = rows[at + WITNESSES];
    rows[at + WITNESSES] = 0;
  }
}

/** Peers that a vote needs, and that judge the network. */
const NEAREST = 3;

/**
 * How weak the network is: the mean age of the three peers heard last, each in its own sends, so that who sends one cycle
 * in eight is not far away. The mean over all peers would not do: in a mesh what is held comes from far away, so every
 * node went into low-power mode there and the swarm never agreed.
 */
export function networkAge(table: PeerTable): number {
  const rows = table.rows;
  let first = FORGET_MAX;
  let second = FORGET_MAX;
  let third = FORGET_MAX;
  for (let slot = 1; slot < table.count; slot++) {
    const at = slot * ROW;
    let age = rows[at + DIRECT_AGE];
    if (age === NONE) continue;
    const pace = rows[at + PACE];
    if (pace > 1) age = divideFloor(age, pace);
    if (age >= third) continue;
    if (age < first) {
      third = second;
      second = first;
      first = age;
    } else if (age < second) {
      third = second;
      second = age;
    } else {
      third = age;
    }
  }
  return table.direct < NEAREST ? 0 : divideFloor(first + second + third, NEAREST);
}

/**
 * The share of its contributions that the guard let through in the last `runs` of `periods` cycles becomes each fresh
 * peer's trust, with a time constant of four looks.
 */
export function learnTrust(table: PeerTable, runs: number, periods: number): void {
  const rows = table.rows;
  const fresh = runs * periods;
  for (let slot = 1; slot < table.count; slot++) {
    const at = slot * ROW;
    const penalty = rows[at + PENALTY];
    const taken = penalty === 0 ? 0 : divideFloor(penalty, table.keys * runs);
    if (penalty !== 0) rows[at + PENALTY] = 0;
    const trust = rows[at + TRUST];
    const directAge = rows[at + DIRECT_AGE];
    if (directAge === NONE || directAge > fresh || trust === 256 - taken) continue;
    rows[at + TRUST] = trust + ((256 - taken - trust + 3) >> 2);
  }
}
