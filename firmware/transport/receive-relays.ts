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
  judgeOldEntry,
  judgeOpenly,
  judgeOwnEntry,
  judgeUnknown,
  mustWait,
  RELAY_DONE,
  RELAY_LIE,
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
  const entry = t.entry;
  const bytes = wire.RELAY_ENTRY_BYTES + layout.relayWidth * t.shape.keys;
  const entries = layout.relayEntries < ENTRIES_MAX ? layout.relayEntries : ENTRIES_MAX;
  let at = layout.relay + wire.RELAY_HEAD_BYTES;
  entry.relay = relay;
  for (let i = 0; i < entries; i++) {
    const flags = view.getUint8(at + 6);
    entry.tag = view.getInt32(at);
    entry.cycle = view.getUint16(at + 4);
    entry.firstHand = flags >= wire.RELAY_FIRST_HAND;
    entry.age = flags & wire.RELAY_AGE;
    entry.confirmed = false;
    const values = at + wire.RELAY_ENTRY_BYTES;
    const verdict = relaying === RELAY_OPEN ? judgeOpen(t) : judgeSafe(t, view, values);
    at += bytes;
    if (verdict === RELAY_DONE) continue;
    if (verdict === RELAY_LIE) {
      accuse(t, relay);
    } else {
      takeRelayed(view, values, layout.relayWidth, t.shape, t.table, entry.slot);
      storeEntry(t.table, entry);
    }
  }
}

function judgeOpen(t: Transport): number {
  const entry = t.entry;
  if (entry.tag === t.tag || entry.tag === 0) return RELAY_DONE;
  entry.slot = findPeer(t.table, entry.tag);
  return judgeOpenly(t.table, entry);
}

function judgeSafe(t: Transport, view: DataView, values: number): number {
  const table = t.table;
  const entry = t.entry;
  if (entry.tag === 0) return RELAY_DONE;
  if (entry.tag === t.tag) {
    entry.hash = hashAt(t, view, values);
    return judgeOwnEntry(entry, t.cycle, t.sentHash[entry.cycle & (HISTORY - 1)]);
  }
  if (table.rows[entry.relay * ROW + IGNORE] > 0) {
    t.drops[wire.DROP_IGNORED]++;
    return RELAY_DONE;
  }
  const slot = findPeer(table, entry.tag);
  entry.slot = slot;
  if (slot === NONE) {
    entry.hash = entry.firstHand ? 0 : hashAt(t, view, values);
    return judgeUnknown(table, entry);
  }
  const ahead = cyclesAhead(entry.cycle, table.rows[slot * ROW + CYCLE]);
  if (ahead <= 0) {
    entry.same = ahead === 0 && sameAsHeld(view, values, t.layout.relayWidth, t.shape, table, slot);
    return judgeOldEntry(table, entry, ahead);
  }
  entry.hash = mustWait(table, entry, ahead) ? hashAt(t, view, values) : 0;
  return judgeNewEntry(table, entry, ahead, t.periods - 1);
}

function hashAt(t: Transport, view: DataView, values: number): number {
  return hashRelayed(view, values, t.layout.relayWidth, t.shape, t.salt);
}
