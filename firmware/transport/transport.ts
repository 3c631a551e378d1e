/** What the transport keeps: one record for a node's life, which the functions beside this file work on. */

import type { DatagramPort, SealPort } from '../platform.ts';
import { isShared, type Settings } from '../settings.ts';
import type { GatewayTable } from '../types/gateways.ts';
import type { PeerTable } from '../types/table.ts';
import { createFreshness, type Freshness } from './freshness.ts';
import { createGatewayTable, GATEWAYS } from './gateways.ts';
import { createLayout, type Layout, type Shape } from './parse.ts';
import { createPeerTable } from './peers.ts';
import { createRateLimit, type RateLimit } from './rate.ts';
import { HISTORY, type RelayedEntry } from './relay.ts';
import { DATAGRAM_MAX, DROP_NAMES } from './wire.ts';

export interface Transport {
  readonly settings: Settings;
  readonly port: DatagramPort;
  readonly seal: SealPort | null;
  /** The swarm's clock; kept where there is a seal. */
  readonly freshness: Freshness;
  readonly shape: Shape;
  readonly layout: Layout;
  /** 0, 1, ... keys - 1. */
  readonly allKeys: number[];
  readonly table: PeerTable;
  readonly gateways: GatewayTable;
  readonly rate: RateLimit;
  /** Refused datagrams by reason (`DROP_` numbers). */
  readonly drops: Int32Array;
  /** The datagram being built, and how much of it is used. */
  readonly out: DataView;
  used: number;
  /** A received entropy vector. */
  readonly vector: Int32Array;
  readonly entry: RelayedEntry;
  readonly chosen: number[];
  /** Hash of what the node sent in each of its last 64 cycles, and the secret that the hash starts from. */
  readonly sentHash: Int32Array;
  salt: number;
  /**
   * The node's session, its cycle, and the nominal cycles since the one before. On the wire the cycle goes with a random
   * word that is drawn with the tag, so that its course does not tell that two sessions are one node's.
   */
  tag: number;
  cycle: number;
  cycleOffset: number;
  periods: number;
  /** Peers held when the last cycle ran: what others' counts are compared with. */
  held: number;
  /** Cycles for which somebody heard needs relayed entries. */
  demand: number;
  /** True when a newcomer asked for beacons. */
  asked: boolean;
  /** Datagrams handled since the last cycle, datagrams and bytes sent, entries relayed, since the start. */
  handled: number;
  sent: number;
  sentBytes: number;
  relayed: number;
  unsent: number;
  /** Relays caught lying, and the tag of the last one. */
  lies: number;
  lastLiar: number;
}

export function createTransport(
  settings: Settings,
  port: DatagramPort,
  seal: SealPort | null,
  shape: Shape,
  rateSalt: number,
): Transport {
  return {
    settings,
    port,
    seal,
    freshness: createFreshness(),
    shape,
    layout: createLayout(shape.keysOfShard.length),
    allKeys: shape.keysOfShard.length === 1 ? shape.keysOfShard[0] : settings.keys.map((_, key) => key),
    table: createPeerTable(settings.table, settings.keys.length),
    gateways: createGatewayTable(settings.keys.length, settings.keys.some(isShared) ? GATEWAYS : 0),
    rate: createRateLimit(settings.table, rateSalt),
    drops: new Int32Array(DROP_NAMES.length),
    out: new DataView(new ArrayBuffer(DATAGRAM_MAX)),
    used: 0,
    vector: new Int32Array(8),
    entry: { relay: 0, witness: 0, tag: 0, cycle: 0, firstHand: false, age: 0, hash: 0, slot: 0, confirmed: false },
    chosen: new Array<number>(settings.relay_entries + 1).fill(0),
    sentHash: new Int32Array(HISTORY),
    salt: 0,
    tag: 0,
    cycle: 0,
    cycleOffset: 0,
    periods: 1,
    held: 0,
    demand: 0,
    asked: false,
    handled: 0,
    sent: 0,
    sentBytes: 0,
    relayed: 0,
    unsent: 0,
    lies: 0,
    lastLiar: 0,
  };
}
