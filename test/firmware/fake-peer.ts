/**
 * A peer that only pretends: makes its datagrams byte by byte, as docs/protocol.md has them, so that a test says exactly
 * what a node hears. Values are Q16.16; NONE (-1) stands for no value.
 */
import { ROW } from '../../firmware/types/table.ts';
import type { Harness } from './harness.ts';
import { api, ONE } from './harness.ts';
import { peerOf, peersOf } from './inspect.ts';

export const HELLO = 4;
export const LEAVING = 2;
export const GATEWAY = 8;

const NONE = -1;
const DIFF_NONE = -0x80000000;
const HEADER_BYTES = 18;
const USUAL = 20 * ONE;

/** An entry that the peer passes on. First hand and of age 0 unless it says otherwise. */
export interface Relayed {
  tag: number;
  cycle: number;
  c: number[];
  firstHand?: boolean;
  age?: number;
}

export interface Says {
  /** One more than the last one unless given. */
  cycle?: number;
  flags?: number;
  /** Peers that it holds: many, unless it asks for relays by holding few. */
  held?: number;
  meanAge?: number;
  pace?: number;
  /** Contributions and agreed values by key; 20.0 each unless given. `null` leaves the state diff out. */
  c?: number[] | null;
  b?: number[];
  relays?: Relayed[];
  beacon?: { nonce: number; earlier?: number };
  ep?: { stamp: number; words: number[] };
  /** A gateway's claims by key: a value and the sensors behind it. */
  claims?: { value: number; weight: number }[];
}

export class FakePeer {
  readonly tag: number;
  readonly source: number;
  cycle = 0;
  private readonly harness: Harness;

  constructor(harness: Harness, tag: number, source = tag) {
    this.harness = harness;
    this.tag = tag;
    this.source = source;
  }

  /** Lets the node hear the peer; returns why the node refused it, a word of DROP_NAMES, or 'none'. */
  tell(says: Says = {}): string {
    return api.DROP_NAMES[this.harness.deliver(this.datagram(says), this.source)];
  }

  /** Where the node's table has the peer, -1 when it does not. */
  slot(): number {
    return slotOf(this.harness, this.tag);
  }

  datagram(says: Says = {}): DataView {
    const { shape } = this.harness.node.parts.transport;
    this.cycle = says.cycle ?? this.cycle + 1;
    const bytes: number[] = [];
    push16(bytes, 0x4c56);
    bytes.push(1, says.flags ?? (says.claims === undefined ? 0 : GATEWAY));
    push16(bytes, shape.swarm);
    push32(bytes, this.tag);
    push32(bytes, this.cycle);
    push16(bytes, says.held ?? 1000);
    bytes.push(says.meanAge ?? 0, says.pace ?? 1);
    if (bytes.length !== HEADER_BYTES)
      throw new Error(`the header has ${bytes.length} bytes instead of ${HEADER_BYTES}`);
    if (says.c !== null) pushDiffs(bytes, this.harness, says.c, says.b);
    if (says.claims !== undefined) pushClaims(bytes, this.harness, says.claims);
    if (says.ep !== undefined) pushEntropy(bytes, says.ep);
    if (says.beacon !== undefined) pushBeacon(bytes, says.beacon);
    if (says.relays !== undefined) pushRelays(bytes, this.harness, says.relays);
    return new DataView(Uint8Array.from(bytes).buffer);
  }
}

/** Where the node's table has this tag, -1 when it does not. */
export function slotOf(harness: Harness, tag: number): number {
  return peersOf(harness.node.parts).findIndex((peer) => peer.tag === tag);
}

/** The contribution of a key that the node holds of this tag; undefined when it does not hold the tag. */
export function heldOf(harness: Harness, tag: number, key = 0): number | undefined {
  const peer = peerOf(harness.node.parts, tag);
  return peer === undefined ? undefined : (peer.c[key] ?? NONE);
}

/** A field of the row that the node holds of this tag, by its place in `firmware/types/table.ts`. */
export function fieldOf(harness: Harness, tag: number, field: number): number {
  return harness.node.parts.transport.table.rows[slotOf(harness, tag) * ROW + field];
}

function push16(bytes: number[], value: number): void {
  bytes.push((value >> 8) & 0xff, value & 0xff);
}

function push32(bytes: number[], value: number): void {
  push16(bytes, value >>> 16);
  push16(bytes, value & 0xffff);
}

function pushDiff(bytes: number[], harness: Harness, key: number, value: number): void {
  push32(bytes, value < 0 ? DIFF_NONE : value - harness.node.parts.settings.keys[key].reference);
}

function pushDiffs(bytes: number[], harness: Harness, c: number[] = [], b: number[] = []): void {
  harness.node.parts.transport.shape.keysOfShard.forEach((keys, shard) => {
    bytes.push(2);
    push16(bytes, 6 + 8 * keys.length);
    push16(bytes, shard);
    push32(bytes, ONE);
    for (const key of keys) {
      pushDiff(bytes, harness, key, c.at(key) ?? USUAL);
      pushDiff(bytes, harness, key, b.at(key) ?? USUAL);
    }
  });
}

function pushClaims(bytes: number[], harness: Harness, claims: { value: number; weight: number }[]): void {
  bytes.push(2);
  push16(bytes, 6 + 8 * claims.length);
  push16(bytes, 0x8000);
  push32(bytes, ONE);
  claims.forEach(({ value, weight }, key) => {
    pushDiff(bytes, harness, key, value);
    push32(bytes, weight);
  });
}

function pushEntropy(bytes: number[], { stamp, words }: { stamp: number; words: number[] }): void {
  bytes.push(1);
  push16(bytes, 12 + 4 * words.length);
  push32(bytes, 0);
  push32(bytes, stamp);
  push32(bytes, 0);
  for (const word of words) push32(bytes, word);
}

function pushBeacon(bytes: number[], { nonce, earlier = 0 }: { nonce: number; earlier?: number }): void {
  bytes.push(3);
  push16(bytes, 10);
  push32(bytes, nonce);
  push32(bytes, earlier);
  push16(bytes, 1000);
}

function pushRelays(bytes: number[], harness: Harness, relays: Relayed[]): void {
  const keys = harness.node.parts.settings.keys.length;
  bytes.push(4);
  push16(bytes, 1 + relays.length * (7 + 4 * keys));
  bytes.push(4);
  for (const { tag, cycle, c, firstHand = true, age = 0 } of relays) {
    push32(bytes, tag);
    push16(bytes, cycle & 0xffff);
    bytes.push(age | (firstHand ? 0x80 : 0));
    for (let key = 0; key < keys; key++) pushDiff(bytes, harness, key, c[key]);
  }
}
