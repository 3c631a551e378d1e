/** The relayed entries of a datagram, one after the other, against the rules of `relay.ts`. */

import { NONE } from '../platform.ts';
import { RELAY_OFF, RELAY_OPEN } from '../settings.ts';
import { findPeer } from './peers.ts';
import { accuse } from './receive.ts';
import {
  cyclesAhead,
  HISTORY,
  judgeEntry,
  judgeOpenly,
  judgeOwnEntry,
  RELAY_DONE,
  RELAY_LIE,
  type RelayedEntry,
  RELAY_STORE,
  restsOnHash,
  storeEntry,
} from './relay.ts';
import { hashRelayed, sameAsHeld, takeRelayed } from './relay-values.ts';
import type { Transport } from './transport.ts';
import * as wire from './wire.ts';

/** Entries of a datagram that are looked at. */
const ENTRIES_MAX = 16;

/** @param relay slot of the sender */
export function receiveRelays(t: Transport, view: DataView, relay: number): void {
  const { layout, settings } = t;
  if (settings.relay === RELAY_OFF) return;
  const entries = layout.relayEntries < ENTRIES_MAX ? layout.relayEntries : ENTRIES_MAX;
  const bytes = wire.RELAY_ENTRY_BYTES + layout.relayWidth * settings.keys.length;
  let at = layout.relay + wire.RELAY_HEAD_BYTES;
  for (let i = 0; i < entries; i++) {
    receiveEntry(t, view, at, relay);
    at += bytes;
  }
}

function receiveEntry(t: Transport, view: DataView, at: number, relay: number): void {
  const { table, entry, settings } = t;
  const flags = view.getUint8(at + 6);
  entry.relay = relay;
  entry.tag = view.getInt32(at);
  entry.cycle = view.getUint16(at + 4);
  entry.firstHand = (flags & wire.RELAY_FIRST_HAND) !== 0;
  entry.age = flags & wire.RELAY_AGE;
  entry.confirmed = false;
  const verdict = settings.relay === RELAY_OPEN ? judgeOpen(t) : judgeSafe(t, view, at + wire.RELAY_ENTRY_BYTES);
  if (verdict === RELAY_LIE) {
    accuse(t, relay);
  } else if (verdict === RELAY_STORE) {
    takeRelayed(view, at + wire.RELAY_ENTRY_BYTES, t.layout.relayWidth, settings.keys, table, entry.slot);
    storeEntry(table, entry);
  }
}

function judgeOpen(t: Transport): number {
  const { entry } = t;
  if (entry.tag === t.tag || entry.tag === 0) return RELAY_DONE;
  entry.slot = findPeer(t.table, entry.tag);
  return judgeOpenly(t.table, entry);
}

function judgeSafe(t: Transport, view: DataView, values: number): number {
  const { table, entry } = t;
  if (entry.tag === 0) return RELAY_DONE;
  if (entry.tag === t.tag) return judgeOwn(t, view, values);
  if (table.ignore[entry.relay] > 0) {
    t.drops[wire.DROP_IGNORED]++;
    return RELAY_DONE;
  }
  entry.slot = findPeer(table, entry.tag);
  entry.same = entry.slot !== NONE && isSame(t, view, values, entry);
  entry.hash = restsOnHash(table, entry) ? hashAt(t, view, values) : 0;
  return judgeEntry(table, entry, t.periods - 1);
}

function judgeOwn(t: Transport, view: DataView, values: number): number {
  t.entry.hash = hashAt(t, view, values);
  return judgeOwnEntry(t.entry, t.cycle, t.sentHash[t.entry.cycle & (HISTORY - 1)]);
}

function isSame(t: Transport, view: DataView, values: number, entry: RelayedEntry): boolean {
  const { table } = t;
  if (cyclesAhead(entry.cycle, table.cycle[entry.slot]) !== 0) return false;
  return sameAsHeld(view, values, t.layout.relayWidth, t.settings.keys, table, entry.slot);
}

function hashAt(t: Transport, view: DataView, values: number): number {
  return hashRelayed(view, values, t.layout.relayWidth, t.settings.keys, t.salt);
}
