/** A datagram's way out: a header, then messages one behind the other, then the seal. */

import { DIFF_NONE, toDiff } from '../fixed/diff.ts';
import { divideFloor, ONE } from '../fixed/q16.ts';
import { highWord } from '../fixed/words.ts';
import type { DatagramPort } from '../platform.ts';
import { isShared, RELAY_OFF } from '../settings.ts';
import { AGE, BY, CYCLE, ROW, TAG } from '../types/table.ts';
import { CLOCK_BYTES } from './freshness.ts';
import { chooseRelayed, noteRelayed } from './relay-choice.ts';
import { hashHeld, widthOfHeld, writeRelayed } from './relay-values.ts';
import { HISTORY } from './relay.ts';
import type { Transport } from './transport.ts';
import * as wire from './wire.ts';

/** Begins a datagram. `flags` without FLAG_SEALED, which follows from the seal. */
export function beginDatagram(t: Transport, flags: number, mean_age: number, pace: number): void {
  const { out } = t;
  out.setUint16(0, wire.MAGIC);
  out.setUint8(wire.AT_VERSION, wire.VERSION);
  out.setUint8(wire.AT_FLAGS, t.shape.seal_bytes === 0 ? flags : flags | wire.FLAG_SEALED);
  out.setUint16(wire.AT_SWARM, t.shape.swarm);
  out.setInt32(wire.AT_TAG, t.tag);
  out.setInt32(wire.AT_CYCLE, t.cycle + t.cycleOffset);
  out.setUint16(wire.AT_HELD, t.table.count - 1);
  out.setUint8(wire.AT_MEAN_AGE, mean_age > 255 ? 255 : mean_age);
  out.setUint8(wire.AT_PACE, pace);
  t.used = wire.HEADER_BYTES;
}

/** Writes a message's head and tells where its body begins. */
function beginMessage(t: Transport, type: number, bytes: number): number {
  t.out.setUint8(t.used, type);
  t.out.setUint16(t.used + 1, bytes);
  const body = t.used + wire.MESSAGE_HEAD_BYTES;
  t.used = body + bytes;
  return body;
}

/**
 * The state diff of every shard that the node holds or contributes to. Remembers what it said, so that relays which put
 * other words into its mouth are known.
 */
export function sendSDM(t: Transport): void {
  const { shape, out } = t;
  const values = t.table.values;
  for (let shard = 0; shard < shape.keysOfShard.length; shard++) {
    const keys = shape.keysOfShard[shard];
    if (shard > 0 && !hasSomething(values, keys)) continue;
    let at = beginMessage(t, wire.TYPE_SDM, wire.SDM_HEAD_BYTES + 8 * keys.length);
    out.setUint16(at, shard);
    out.setInt32(at + 2, ONE);
    at += wire.SDM_HEAD_BYTES;
    for (let i = 0; i < keys.length; i++) {
      const place = keys[i] * 2;
      out.setInt32(at, values[place]);
      out.setInt32(at + 4, values[place + 1]);
      at += 8;
    }
  }
  t.sentHash[(t.cycle + t.cycleOffset) & (HISTORY - 1)] = hashHeld(t.table, 0, t.salt);
}

/** A shard of which the node has nothing to say is left out; the first one never, so that peers know the sender. */
function hasSomething(values: Int32Array, keys: number[]): boolean {
  for (let i = 0; i < keys.length; i++) {
    if (values[keys[i] * 2] !== DIFF_NONE || values[keys[i] * 2 + 1] !== DIFF_NONE) return true;
  }
  return false;
}

/** A gateway's claims: the other sites' mean and weight for each key, NONE where there is none. drift_weight is the largest. */
export function sendClaims(t: Transport, value: Int32Array, weight: Int32Array): void {
  const { shape, settings, out } = t;
  for (let shard = 0; shard < shape.keysOfShard.length; shard++) {
    const keys = shape.keysOfShard[shard];
    let largest = 0;
    for (let i = 0; i < keys.length; i++) if (weight[keys[i]] > largest) largest = weight[keys[i]];
    if (largest === 0) continue;
    let at = beginMessage(t, wire.TYPE_SDM, wire.SDM_HEAD_BYTES + 8 * keys.length);
    out.setUint16(at, shard | wire.SHARD_CLAIM);
    out.setInt32(at + 2, (largest > 0xffff ? 0xffff : largest) << 16);
    at += wire.SDM_HEAD_BYTES;
    for (let i = 0; i < keys.length; i++) {
      out.setInt32(at, toDiff(value[keys[i]], settings.keys[keys[i]].reference));
      out.setInt32(at + 4, weight[keys[i]]);
      at += 8;
    }
  }
}

/**
 * An entropy packet with vector[0..words).
 * @param load 0 to 65,536
 */
export function sendEP(t: Transport, vector: Int32Array, words: number, epoch_ms: number, load: number): void {
  const at = beginMessage(t, wire.TYPE_EP, wire.EP_HEAD_BYTES + 4 * words);
  t.out.setInt32(at, highWord(epoch_ms));
  t.out.setInt32(at + 4, epoch_ms | 0);
  t.out.setInt32(at + 8, load);
  for (let i = 0; i < words; i++) t.out.setInt32(at + wire.EP_HEAD_BYTES + 4 * i, vector[i]);
}

/** @param earlier the tag that the node had before, 0 when it had none or long ago */
export function sendBeacon(t: Transport, nonce: number, earlier: number): void {
  const at = beginMessage(t, wire.TYPE_BEACON, wire.BEACON_BYTES);
  t.out.setInt32(at, nonce);
  t.out.setInt32(at + 4, earlier);
  t.out.setUint16(at + 8, t.settings.cycle_ms);
}

/** Passes contributions on, while somebody heard needs it and as many as fit. */
export function sendRelays(t: Transport): void {
  const { table, settings, out, chosen } = t;
  const rows = table.rows;
  if (settings.relay === RELAY_OFF || t.demand === 0) return;
  t.demand--;
  const n = chooseRelayed(table, settings.relay, settings.relay_entries, chosen);
  let width = 2;
  for (let i = 0; i < n; i++) {
    const needed = widthOfHeld(table, chosen[i]);
    if (needed > width) width = needed;
  }
  const entryBytes = wire.RELAY_ENTRY_BYTES + width * settings.keys.length;
  const room = wire.DATAGRAM_MAX - t.shape.seal_bytes - t.used - wire.MESSAGE_HEAD_BYTES - wire.RELAY_HEAD_BYTES;
  const fit = divideFloor(room, entryBytes);
  const entries = n < fit ? n : fit;
  if (entries < 1) return;
  let at = beginMessage(t, wire.TYPE_RELAY, wire.RELAY_HEAD_BYTES + entries * entryBytes);
  out.setUint8(at++, width);
  for (let i = 0; i < entries; i++) {
    const slot = chosen[i];
    const row = slot * ROW;
    writeRelayed(out, at + wire.RELAY_ENTRY_BYTES, width, table, slot);
    out.setInt32(at, rows[row + TAG]);
    out.setUint16(at + 4, rows[row + CYCLE]);
    out.setUint8(at + 6, rows[row + AGE] | (rows[row + BY] === 0 ? wire.RELAY_FIRST_HAND : 0));
    at += entryBytes;
    noteRelayed(table, slot, t.cycle);
  }
  t.relayed += entries;
}

/** A site's mean and weight for each key that sites share, for the medium between gateways. */
export function sendSite(t: Transport, site: number, value: Int32Array, weight: Int32Array): void {
  const { settings, out } = t;
  let at = beginMessage(t, wire.TYPE_SITE, wire.SITE_HEAD_BYTES + 8 * settings.keys.length);
  out.setInt32(at, site);
  at += wire.SITE_HEAD_BYTES;
  for (let key = 0; key < settings.keys.length; key++) {
    const shared = isShared(settings.keys[key]);
    out.setInt32(at, shared ? toDiff(value[key], settings.keys[key].reference) : DIFF_NONE);
    out.setInt32(at + 4, shared ? weight[key] : 0);
    at += 8;
  }
}

/** Seals the datagram and offers it to the port. */
export function flush(t: Transport, port: DatagramPort): void {
  let length = t.used;
  if (t.seal !== null) {
    t.out.setUint32(length, t.freshness.clock_s);
    length += CLOCK_BYTES;
    t.seal.close(t.out, length);
    length += t.seal.overhead_bytes;
  }
  if (port.send(t.out, length)) {
    t.sent++;
    t.sentBytes += length;
  } else {
    t.unsent++;
  }
}

/** Says hello: whoever hears it answers with a beacon in its next datagram. */
export function discoverPeers(t: Transport, nonce: number): void {
  beginDatagram(t, wire.FLAG_HELLO, 0, 1);
  sendBeacon(t, nonce, 0);
  flush(t, t.port);
}

/** At 60 % loss four of five peers hear one of three farewells; the others forget the node when it grows old. */
const FAREWELLS = 3;

/** Tells the peers that the node goes, so that they need not wait for it to grow old. */
export function closePeers(t: Transport): void {
  for (let i = 0; i < FAREWELLS; i++) {
    t.cycle = (t.cycle + 1) | 0;
    beginDatagram(t, wire.FLAG_LEAVING, 0, 1);
    flush(t, t.port);
  }
}
