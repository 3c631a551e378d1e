/** The relayed entries of a datagram, one after the other, against the rules of `relay.ts`. */

import { NONE } from '../platform.ts';
import { RELAY_OFF, RELAY_OPEN } from '../settings.ts';
import { CYCLE, IGNORE, ROW, SOURCE, WITNESSES } from '../types/table.ts';
import { findPeer } from './peers.ts';
import { accuse } from './receive.ts';
import {
  cyclesAhead,
  HISTORY,
  judgeNewEntry,
  judgeOpenly,
  judgeOwnEntry,
  judgeSameCycle,
  judgeUnknown,
  mustWait,
  noteWitness,
  RELAY_LIE,
  RELAY_STORE,
  type RelayedEntry,
  storeEntry,
  witnessBit,
} from './relay.ts';
import { hashRelayed, sameAsHeld, takeRelayed } from './relay-values.ts';
import type { Transport } from './transport.ts';
import * as wire from './wire.ts';

/** Entries of a datagram that are looked at. */
const ENTRIES_MAX = 16;

/** @param relay slot of the sender */
export function receiveRelays(t: Transport, view: DataView, relay: number): void {
  const relaying = t.settings.relay;
  if (relaying === RELAY_OFF) return;
  const layout = t.layout;
  const bytes = wire.RELAY_ENTRY_BYTES + layout.relayWidth * t.shape.keys;
  const entries = layout.relayEntries < ENTRIES_MAX ? layout.relayEntries : ENTRIES_MAX;
  const at = layout.relay + wire.RELAY_HEAD_BYTES;
  const entry = t.entry;
  entry.relay = relay;
  entry.witness = witnessBit(t.table.rows[relay * ROW + SOURCE]);
  if (relaying === RELAY_OPEN) receiveOpenly(t, view, at, bytes, entries);
  else receiveSafely(t, view, at, bytes, entries);
}

/** Newest wins. */
function receiveOpenly(t: Transport, view: DataView, at: number, bytes: number, entries: number): void {
  const entry = t.entry;
  for (let i = 0; i < entries; i++) {
    readEntry(entry, view, at);
    if (entry.tag !== t.tag && entry.tag !== 0) {
      entry.slot = findPeer(t.table, entry.tag);
      if (judgeOpenly(t.table, entry) === RELAY_STORE) store(t, view, at);
    }
    at += bytes;
  }
}

/** Most entries are no news: this loop is done with those, at a third of the steps that a call for each would take. */
function receiveSafely(t: Transport, view: DataView, at: number, bytes: number, entries: number): void {
  const table = t.table;
  const rows = table.rows;
  const witness = t.entry.witness;
  const ignore = t.entry.relay * ROW + IGNORE;
  let ignored = rows[ignore] > 0;
  let tag: number;
  let row: number;
  let ahead: number;
  for (let i = 0; i < entries; i++) {
    tag = view.getInt32(at);
    row = table.hint[tag & table.hintMask] * ROW;
    ahead = ((view.getUint16(at + 4) - rows[row + CYCLE]) << 16) >> 16;
    if (ahead < 0 && row !== 0 && !ignored && rows[row] === tag) {
      if (view.getUint8(at + 6) >= wire.RELAY_FIRST_HAND) rows[row + WITNESSES] |= witness;
    } else if (tag !== 0) {
      judge(t, view, at, tag);
      ignored = rows[ignore] > 0;
    }
    at += bytes;
  }
}

/** One entry against the rules of `safe`. */
function judge(t: Transport, view: DataView, at: number, tag: number): void {
  const table = t.table;
  const entry = t.entry;
  const slot = findPeer(table, tag);
  if (slot === 0) {
    judgeOwn(t, view, at);
    return;
  }
  if (table.rows[entry.relay * ROW + IGNORE] > 0) {
    t.drops[wire.DROP_IGNORED]++;
    return;
  }
  readEntry(entry, view, at);
  entry.slot = slot;
  let verdict: number;
  if (slot === NONE) {
    entry.hash = entry.firstHand ? 0 : hashAt(t, view, at);
    verdict = judgeUnknown(table, entry);
  } else {
    const ahead = cyclesAhead(entry.cycle, table.rows[slot * ROW + CYCLE]);
    if (ahead < 0) {
      if (entry.firstHand) noteWitness(table, entry);
      return;
    }
    if (ahead === 0) {
      const same = sameAsHeld(view, at + wire.RELAY_ENTRY_BYTES, t.layout.relayWidth, table, slot);
      verdict = judgeSameCycle(table, entry, same);
    } else {
      entry.hash = mustWait(table, entry, ahead) ? hashAt(t, view, at) : 0;
      verdict = judgeNewEntry(table, entry, ahead, t.periods - 1);
    }
  }
  if (verdict === RELAY_LIE) accuse(t, entry.relay);
  else if (verdict === RELAY_STORE) store(t, view, at);
}

function readEntry(entry: RelayedEntry, view: DataView, at: number): void {
  const flags = view.getUint8(at + 6);
  entry.tag = view.getInt32(at);
  entry.cycle = view.getUint16(at + 4);
  entry.firstHand = flags >= wire.RELAY_FIRST_HAND;
  entry.age = flags & wire.RELAY_AGE;
  entry.confirmed = false;
}

/** An entry under the node's own tag. */
function judgeOwn(t: Transport, view: DataView, at: number): void {
  const entry = t.entry;
  readEntry(entry, view, at);
  entry.hash = hashAt(t, view, at);
  const sent = t.sentHash[entry.cycle & (HISTORY - 1)];
  if (judgeOwnEntry(entry, t.cycle + t.cycleOffset, sent) === RELAY_LIE) accuse(t, entry.relay);
}

function store(t: Transport, view: DataView, at: number): void {
  takeRelayed(view, at + wire.RELAY_ENTRY_BYTES, t.layout.relayWidth, t.shape, t.table, t.entry.slot);
  storeEntry(t.table, t.entry);
}

function hashAt(t: Transport, view: DataView, at: number): number {
  return hashRelayed(view, at + wire.RELAY_ENTRY_BYTES, t.layout.relayWidth, t.shape, t.salt);
}
