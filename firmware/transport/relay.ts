/**
 * Relays, on the receiving side: what a node believes of a contribution that somebody else passed on (drift.md, "Relays").
 * A naive relay is unusable: one poisoner of eight moves everyone by more than 10,000 %. Here what the node heard itself
 * always wins, a relay that is caught lying is ignored for a while, and what cannot be checked needs two relays.
 */

import { popcount } from '../fixed/hash.ts';
import { NONE } from '../platform.ts';
import {
  AGE,
  BY,
  BY_SOURCE,
  CONFIRMED,
  CYCLE,
  DIRECT_AGE,
  DIRECT_CYCLE,
  DIRECT_PEAK,
  FIRST_HAND,
  IGNORE,
  PEAK,
  type PeerTable,
  PENDING_BY,
  PENDING_CYCLE,
  PENDING_HASH,
  ROW,
  SOURCE,
  TAG,
  WAIT_ROW,
  WITNESSES,
  WITNESSES_BEFORE,
} from '../types/table.ts';
import { addRelayedPeer, findGone, peakAfter } from './peers.ts';

/** Cycles for which a liar's relayed entries are ignored; its own contribution is not. */
export const LIE_CYCLES = 64;
/** How far ahead of everything known a contribution may be before a second relay must say the same. */
const JUMP_MAX = 24;
/** A peer that was heard directly within its own gap, 4 to 16 cycles, needs no relay. */
const PROTECT_MIN = 4;
const PROTECT_MAX = 16;
/** Ids of which the node still knows what it sent. */
export const HISTORY = 64;
/** A direct datagram may be overtaken by relayed news of one cycle later without anyone having lied. */
const OVERTAKEN_MAX = 1;

/** What became of a relayed entry: STORE asks the caller to take its values in. */
export const RELAY_DONE = 0;
export const RELAY_STORE = 1;
/** The relay lied. */
export const RELAY_LIE = 2;

/** One relayed entry and what it is held against, filled in by the receiver: no object is made for an entry. */
export interface RelayedEntry {
  /** Slot of the relay, which was heard directly just now, and the bit that stands for it among witnesses. */
  relay: number;
  witness: number;
  tag: number;
  cycle: number;
  firstHand: boolean;
  age: number;
  /** Hash over the values; reckoned only where it is needed. */
  hash: number;
  /** Slot of the contribution's sender, or NONE. */
  slot: number;
  /** True when a second relay brought the same. */
  confirmed: boolean;
}

/** The shortest way from one 16-bit cycle to another: -32,768 to 32,767. */
export function cyclesAhead(cycle: number, than: number): number {
  return ((cycle - than) << 16) >> 16;
}

/** The bit that stands for a relay, known by its address, among a peer's 32 witnesses (Knuth's multiplicative hash). */
export function witnessBit(source: number): number {
  return 1 << (Math.imul(source, 0x9e3779b1) >>> 27);
}

export function witnessCount(table: PeerTable, slot: number): number {
  const at = slot * ROW;
  return popcount(table.rows[at + WITNESSES] | table.rows[at + WITNESSES_BEFORE]);
}

/** From now on what `slot` passes on is ignored. */
export function markLiar(table: PeerTable, slot: number): void {
  table.rows[slot * ROW + IGNORE] = LIE_CYCLES;
}

/**
 * Whether a contribution just heard directly, of this cycle, shows that the first-hand relay whose news is held lied:
 * it said something else of the same cycle, or was ahead of a sender that was heard in time. A late datagram proves
 * nothing: the relay may have been faster.
 */
export function relayLied(table: PeerTable, slot: number, cycle: number, same: boolean, inTime: boolean): boolean {
  const ahead = cyclesAhead(table.rows[slot * ROW + CYCLE], cycle);
  return ahead === 0 ? !same : inTime && ahead > OVERTAKEN_MAX;
}

/** How far ahead an entry may be of one that was never heard directly and is this old. */
function jumpAllowed(age: number): number {
  return age + (age >> 2) + JUMP_MAX;
}

/** An entry under the node's own tag: a lie when it is ahead of the node, or not what it sent. `sent` is the hash of what it sent then. */
export function judgeOwnEntry(entry: RelayedEntry, ownCycle: number, sent: number): number {
  if (!entry.firstHand) return RELAY_DONE;
  const ahead = cyclesAhead(entry.cycle, ownCycle);
  if (ahead > 0) return RELAY_LIE;
  return ahead > -(HISTORY - 4) && entry.hash !== sent ? RELAY_LIE : RELAY_DONE;
}

/** The relay claims to hear the peer itself. */
export function noteWitness(table: PeerTable, entry: RelayedEntry): void {
  table.rows[entry.slot * ROW + WITNESSES] |= entry.witness;
}

/**
 * An entry of the very cycle that is held: it confirms what another relay brought, or, when it contradicts what was heard
 * directly, is a lie.
 */
export function judgeSameCycle(table: PeerTable, entry: RelayedEntry, same: boolean): number {
  const rows = table.rows;
  const at = entry.slot * ROW;
  const by = rows[at + BY];
  if (by === 0) {
    if (!same) return entry.firstHand ? RELAY_LIE : RELAY_DONE;
  } else if (same && rows[at + BY_SOURCE] !== rows[entry.relay * ROW + SOURCE]) {
    rows[at + CONFIRMED] = 1;
  }
  if (entry.firstHand) rows[at + WITNESSES] |= entry.witness;
  return RELAY_DONE;
}

/**
 * News of a peer in the table: the rules of `safe`, in their order. `slack` is how many cycles the clock check allows
 * besides: those that the node itself sleeps through in low-power mode.
 */
export function judgeNewEntry(table: PeerTable, entry: RelayedEntry, ahead: number, slack: number): number {
  const rows = table.rows;
  const at = entry.slot * ROW;
  const firstHand = entry.firstHand;
  const directAge = rows[at + DIRECT_AGE];
  if (directAge !== NONE) {
    const beyond = cyclesAhead(entry.cycle, rows[at + DIRECT_CYCLE]) - slack;
    if (beyond > directAge + (directAge >> 2) + 2) {
      return firstHand && beyond > 2 * directAge + 8 ? RELAY_LIE : RELAY_DONE;
    }
  }
  if (firstHand) rows[at + WITNESSES] |= entry.witness;
  if (directAge === NONE) {
    const doubtful = !firstHand || ahead > jumpAllowed(rows[at + AGE]);
    return doubtful && !secondRelay(table, entry) ? RELAY_DONE : RELAY_STORE;
  }
  return firstHand && directAge > protectedFor(rows[at + DIRECT_PEAK]) ? RELAY_STORE : RELAY_DONE;
}

/** True when the verdict on news rests on its hash, because it may have to wait for a second relay. */
export function mustWait(table: PeerTable, entry: RelayedEntry, ahead: number): boolean {
  const at = entry.slot * ROW;
  if (table.rows[at + DIRECT_AGE] !== NONE) return false;
  return !entry.firstHand || ahead > jumpAllowed(table.rows[at + AGE]);
}

/** The table does not hold this tag: a first-hand entry is taken in, a second-hand one when two relays bring the same. */
export function judgeUnknown(table: PeerTable, entry: RelayedEntry): number {
  if (isOldNews(table, entry)) return RELAY_DONE;
  const confirmed = !entry.firstHand && waitedFor(table, entry);
  if (!entry.firstHand && !confirmed) return RELAY_DONE;
  const slot = addRelayedPeer(table, entry.tag);
  if (slot === NONE) return RELAY_DONE;
  entry.slot = slot;
  entry.confirmed = confirmed;
  if (entry.firstHand) noteWitness(table, entry);
  return RELAY_STORE;
}

/** True for what was known of the peer already when it was forgotten. */
function isOldNews(table: PeerTable, entry: RelayedEntry): boolean {
  const gone = findGone(table, entry.tag);
  return gone !== NONE && cyclesAhead(entry.cycle, table.gone[gone + 1]) <= 0;
}

/** True when another relay brought the same of this tag before; else the entry is put into the ring. */
function waitedFor(table: PeerTable, entry: RelayedEntry): boolean {
  const relay = table.rows[entry.relay * ROW + SOURCE];
  const waiting = table.waiting;
  for (let at = 0; at < waiting.length; at += WAIT_ROW) {
    if (waiting[at] !== entry.tag || waiting[at + 1] !== entry.cycle || waiting[at + 2] !== entry.hash) continue;
    return waiting[at + 3] !== relay;
  }
  const at = table.waitNext;
  waiting[at] = entry.tag;
  waiting[at + 1] = entry.cycle;
  waiting[at + 2] = entry.hash;
  waiting[at + 3] = relay;
  table.waitNext = at + WAIT_ROW < waiting.length ? at + WAIT_ROW : 0;
  return false;
}

function protectedFor(peak: number): number {
  const gap = peak >> 4;
  return gap < PROTECT_MIN ? PROTECT_MIN : gap > PROTECT_MAX ? PROTECT_MAX : gap;
}

/** True when another relay said the same before; else this entry waits for one that does. */
function secondRelay(table: PeerTable, entry: RelayedEntry): boolean {
  const rows = table.rows;
  const at = entry.slot * ROW;
  const relay = rows[entry.relay * ROW + SOURCE];
  const waits = rows[at + PENDING_BY];
  if (waits !== 0 && rows[at + PENDING_CYCLE] === entry.cycle && rows[at + PENDING_HASH] === entry.hash) {
    entry.confirmed = waits !== relay;
    return entry.confirmed;
  }
  rows[at + PENDING_CYCLE] = entry.cycle;
  rows[at + PENDING_HASH] = entry.hash;
  rows[at + PENDING_BY] = relay;
  return false;
}

/** The rules of `open`: newest wins. */
export function judgeOpenly(table: PeerTable, entry: RelayedEntry): number {
  if (entry.slot === NONE) {
    if (isOldNews(table, entry)) return RELAY_DONE;
    entry.slot = addRelayedPeer(table, entry.tag);
    return entry.slot === NONE ? RELAY_DONE : RELAY_STORE;
  }
  return cyclesAhead(entry.cycle, table.rows[entry.slot * ROW + CYCLE]) > 0 ? RELAY_STORE : RELAY_DONE;
}

/** Notes where a stored entry came from. Its values are the caller's to copy. */
export function storeEntry(table: PeerTable, entry: RelayedEntry): void {
  const rows = table.rows;
  const at = entry.slot * ROW;
  const held = rows[at + AGE];
  if (held !== NONE) rows[at + PEAK] = peakAfter(rows[at + PEAK], held - entry.age);
  rows[at + CONFIRMED] = entry.confirmed ? 1 : 0;
  rows[at + AGE] = entry.age;
  rows[at + CYCLE] = entry.cycle;
  rows[at + BY] = rows[entry.relay * ROW + TAG];
  rows[at + BY_SOURCE] = rows[entry.relay * ROW + SOURCE];
  rows[at + FIRST_HAND] = entry.firstHand ? 1 : 0;
}
