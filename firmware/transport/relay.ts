/**
 * Relays, on the receiving side: what a node believes of a contribution that somebody else passed on (drift.md, "Relays").
 * A naive relay is unusable: one poisoner of eight moves everyone by more than 10,000 %. Here what the node heard itself
 * always wins, a relay that is caught lying is ignored for a while, and what cannot be checked needs two relays.
 */

import { mix32, popcount } from '../fixed/hash.ts';
import { NONE } from '../platform.ts';
import type { PeerTable } from '../types/table.ts';
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
  /** Slot of the relay, which was heard directly just now. */
  relay: number;
  tag: number;
  cycle: number;
  firstHand: boolean;
  age: number;
  /** Hash over the values; reckoned only where it is needed. */
  hash: number;
  /** Slot of the contribution's sender, or NONE. */
  slot: number;
  /** True when the values are those held in `slot`. */
  same: boolean;
  /** True when a second relay brought the same. */
  confirmed: boolean;
}

/** The shortest way from one 16-bit cycle to another: -32,768 to 32,767. */
export function cyclesAhead(cycle: number, than: number): number {
  return ((cycle - than) << 16) >> 16;
}

/** The bit that stands for a relay among a peer's 32 witnesses. */
function witnessBit(tag: number): number {
  return 1 << (mix32(tag) >>> 27);
}

export function witnessCount(table: PeerTable, slot: number): number {
  return popcount(table.witnesses[slot] | table.witnessesBefore[slot]);
}

/** From now on what `slot` passes on is ignored. */
export function markLiar(table: PeerTable, slot: number): void {
  table.ignore[slot] = LIE_CYCLES;
}

/**
 * Whether a contribution just heard directly, of this cycle, shows that the first-hand relay whose news is held lied:
 * it said something else of the same cycle, or was ahead of a sender that was heard in time. A late datagram proves
 * nothing: the relay may have been faster.
 */
export function relayLied(table: PeerTable, slot: number, cycle: number, same: boolean, inTime: boolean): boolean {
  const ahead = cyclesAhead(table.cycle[slot], cycle & 0xffff);
  return ahead === 0 ? !same : inTime && ahead > OVERTAKEN_MAX;
}

/** True when the verdict on an entry will rest on its hash. `entry.slot` is known, own tags aside. */
export function restsOnHash(table: PeerTable, entry: RelayedEntry): boolean {
  const { slot } = entry;
  if (slot === NONE) return !entry.firstHand;
  const ahead = cyclesAhead(entry.cycle, table.cycle[slot]);
  return ahead > 0 && (!entry.firstHand || (table.directAge[slot] === NONE && ahead > jumpAllowed(table.age[slot])));
}

function jumpAllowed(age: number): number {
  return age + (age >> 2) + JUMP_MAX;
}

/** An entry under the node's own tag: a lie when it is ahead of the node, or not what it sent. `sent` is the hash of what it sent then. */
export function judgeOwnEntry(entry: RelayedEntry, ownCycle: number, sent: number): number {
  if (!entry.firstHand) return RELAY_DONE;
  const ahead = cyclesAhead(entry.cycle, ownCycle & 0xffff);
  if (ahead > 0) return RELAY_LIE;
  return ahead > -(HISTORY - 4) && entry.hash !== sent ? RELAY_LIE : RELAY_DONE;
}

/**
 * The rules of `safe`, in their order. `slack` is how many cycles the clock checks allow besides: those that the node
 * itself sleeps through in low-power mode.
 */
export function judgeEntry(table: PeerTable, entry: RelayedEntry, slack: number): number {
  const { slot, cycle, firstHand } = entry;
  if (slot === NONE) return judgeUnknown(table, entry);
  const ahead = cyclesAhead(cycle, table.cycle[slot]);
  const direct = table.by[slot] === 0;
  if (direct && ahead === 0 && !entry.same) return firstHand ? RELAY_LIE : RELAY_DONE;
  const directAge = table.directAge[slot];
  if (directAge !== NONE) {
    const beyond = cyclesAhead(cycle, table.directCycle[slot] & 0xffff) - slack;
    if (beyond > directAge + (directAge >> 2) + 2)
      return firstHand && beyond > 2 * directAge + 8 ? RELAY_LIE : RELAY_DONE;
  }
  if (firstHand) table.witnesses[slot] |= witnessBit(table.tag[entry.relay]);
  if (directAge === NONE && ahead > jumpAllowed(table.age[slot]) && !secondRelay(table, entry)) return RELAY_DONE;
  if (ahead <= 0) {
    if (ahead === 0 && entry.same && !direct && table.by[slot] !== table.tag[entry.relay]) table.confirmed[slot] = 1;
    return RELAY_DONE;
  }
  if (directAge !== NONE && directAge <= protectedFor(table.directPeak[slot])) return RELAY_DONE;
  if (!firstHand && (directAge !== NONE || !secondRelay(table, entry))) return RELAY_DONE;
  return RELAY_STORE;
}

/** The table does not hold this tag: a first-hand entry is taken in, a second-hand one when two relays bring the same. */
function judgeUnknown(table: PeerTable, entry: RelayedEntry): number {
  const gone = findGone(table, entry.tag);
  if (gone !== NONE && cyclesAhead(entry.cycle, table.goneCycle[gone]) <= 0) return RELAY_DONE;
  const confirmed = !entry.firstHand && waitedFor(table, entry);
  if (!entry.firstHand && !confirmed) return RELAY_DONE;
  const slot = addRelayedPeer(table, entry.tag);
  if (slot === NONE) return RELAY_DONE;
  entry.slot = slot;
  if (entry.firstHand) table.witnesses[slot] = witnessBit(table.tag[entry.relay]);
  entry.confirmed = confirmed;
  return RELAY_STORE;
}

/** True when another relay brought the same of this tag before; else the entry is put into the ring. */
function waitedFor(table: PeerTable, entry: RelayedEntry): boolean {
  const relay = table.tag[entry.relay];
  for (let i = 0; i < table.waitTag.length; i++) {
    if (table.waitTag[i] !== entry.tag || table.waitCycle[i] !== entry.cycle || table.waitHash[i] !== entry.hash)
      continue;
    return table.waitBy[i] !== relay;
  }
  const at = table.waitNext;
  table.waitTag[at] = entry.tag;
  table.waitCycle[at] = entry.cycle;
  table.waitHash[at] = entry.hash;
  table.waitBy[at] = relay;
  table.waitNext = at + 1 < table.waitTag.length ? at + 1 : 0;
  return false;
}

function protectedFor(peak: number): number {
  const gap = peak >> 4;
  return gap < PROTECT_MIN ? PROTECT_MIN : gap > PROTECT_MAX ? PROTECT_MAX : gap;
}

/** True when another relay said the same before; else this entry waits for one that does. */
function secondRelay(table: PeerTable, entry: RelayedEntry): boolean {
  const { slot } = entry;
  const relay = table.tag[entry.relay];
  if (
    table.pendingBy[slot] !== 0 &&
    table.pendingCycle[slot] === entry.cycle &&
    table.pendingHash[slot] === entry.hash
  ) {
    entry.confirmed = table.pendingBy[slot] !== relay;
    return entry.confirmed;
  }
  table.pendingCycle[slot] = entry.cycle;
  table.pendingHash[slot] = entry.hash;
  table.pendingBy[slot] = relay;
  return false;
}

/** The rules of `open`: newest wins. */
export function judgeOpenly(table: PeerTable, entry: RelayedEntry): number {
  if (entry.slot === NONE) {
    const gone = findGone(table, entry.tag);
    if (gone !== NONE && cyclesAhead(entry.cycle, table.goneCycle[gone]) <= 0) return RELAY_DONE;
    entry.slot = addRelayedPeer(table, entry.tag);
    return entry.slot === NONE ? RELAY_DONE : RELAY_STORE;
  }
  return cyclesAhead(entry.cycle, table.cycle[entry.slot]) > 0 ? RELAY_STORE : RELAY_DONE;
}

/** Notes where a stored entry came from. Its values are the caller's to copy. */
export function storeEntry(table: PeerTable, entry: RelayedEntry): void {
  const { slot } = entry;
  if (table.age[slot] !== NONE) table.peak[slot] = peakAfter(table.peak[slot], table.age[slot] - entry.age);
  table.confirmed[slot] = entry.confirmed ? 1 : 0;
  table.age[slot] = entry.age;
  table.cycle[slot] = entry.cycle;
  table.by[slot] = table.tag[entry.relay];
  table.firstHand[slot] = entry.firstHand ? 1 : 0;
}
