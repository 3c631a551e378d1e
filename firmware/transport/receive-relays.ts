/** The relayed entries of a datagram, one after the other, against the rules of `relay.ts`. */

import { NONE } from '../platform.ts';
import { RELAY_OFF, RELAY_OPEN } from '../settings.ts';
import { CYCLE, IGNORE, ROW } from '../types/table.ts';
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
  let at = layout.relay + wire.RELAY_HEAD_BYTES;
  t.entry.relay = relay;
  for (let i = 0; i < entries; i++) {
    if (relaying === RELAY_OPEN) receiveOpenly(t, view, at);
    else receiveSafely(t, view, at);
    at += bytes;
  }
}

/** Newest wins. */
function receiveOpenly(t: Transport, view: DataView, at: number): void {
  const entry = t.entry;
  readEntry(entry, view, at);
  if (entry.tag === t.tag || entry.tag === 0) return;
  entry.slot = findPeer(t.table, entry.tag);
  if (judgeOpenly(t.table, entry) === RELAY_STORE) store(t, view, at);
}

/** Most entries are no news: those are done with before anything more of them is read. */
function receiveSafely(t: Transport, view: DataView, at: number): void {
  const table = t.table;
  const rows = table.rows;
  const entry = t.entry;
  const tag = view.getInt32(at);
  if (tag === t.tag) {
    judgeOwn(t, view, at);
    return;
  }
  if (rows[entry.relay * ROW + IGNORE] > 0) {
    t.drops[wire.DROP_IGNORED]++;
    return;
  }
  const slot = findPeer(table, tag);
  let verdict: number;
  if (slot === NONE) {
    readEntry(entry, view, at);
    if (tag === 0) return;
    entry.hash = entry.firstHand ? 0 : hashAt(t, view, at);
    verdict = judgeUnknown(table, entry);
  } else {
    const ahead = cyclesAhead(view.getUint16(at + 4), rows[slot * ROW + CYCLE]);
    const firstHand = view.getUint8(at + 6) >= wire.RELAY_FIRST_HAND;
    if (ahead < 0) {
      if (firstHand) noteWitness(table, slot, entry.relay);
      return;
    }
    if (ahead === 0) {
      const same = sameAsHeld(view, at + wire.RELAY_ENTRY_BYTES, t.layout.relayWidth, table, slot);
      verdict = judgeSameCycle(table, slot, entry.relay, firstHand, same);
    } else {
      readEntry(entry, view, at);
      entry.slot = slot;
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
  if (judgeOwnEntry(entry, t.cycle, sent) === RELAY_LIE) accuse(t, entry.relay);
}

function store(t: Transport, view: DataView, at: number): void {
  takeRelayed(view, at + wire.RELAY_ENTRY_BYTES, t.layout.relayWidth, t.shape, t.table, t.entry.slot);
  storeEntry(t.table, t.entry);
}

function hashAt(t: Transport, view: DataView, at: number): number {
  return hashRelayed(view, at + wire.RELAY_ENTRY_BYTES, t.layout.relayWidth, t.shape, t.salt);
}
