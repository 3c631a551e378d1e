/** Checks a datagram's shape from end to end before any of it is used, so that a malformed one changes nothing. */

import { divideFloor, ONE } from '../fixed/q16.ts';
import { type Settings, swarmId } from '../settings.ts';
import * as wire from './wire.ts';

/** Where a datagram's messages stand; 0 where there is none. One record for a node's life. */
export interface Layout {
  /** The header: flags, the sender's tag and cycle, and as one word what it holds, the mean age of that and its pace. */
  flags: number;
  tag: number;
  cycle: number;
  status: number;
  ep: number;
  epWords: number;
  beacon: number;
  relay: number;
  relayEntries: number;
  relayWidth: number;
  site: number;
  /** State diffs: of the sender's own sensors, and a gateway's claims. */
  sdms: number;
  claims: number;
  /** For each of them its shard and where its diff vector begins. */
  readonly sdmShard: number[];
  readonly sdmAt: number[];
  readonly claimShard: number[];
  readonly claimAt: number[];
}

export function createLayout(shards: number): Layout {
  const places = (): number[] => new Array<number>(shards).fill(0);
  return {
    flags: 0,
    tag: 0,
    cycle: 0,
    status: 0,
    ep: 0,
    epWords: 0,
    beacon: 0,
    relay: 0,
    relayEntries: 0,
    relayWidth: 0,
    site: 0,
    sdms: 0,
    claims: 0,
    sdmShard: places(),
    sdmAt: places(),
    claimShard: places(),
    claimAt: places(),
  };
}

/** What the sizes and the values of messages depend on. */
export interface Shape {
  readonly keys: number;
  readonly keysOfShard: number[][];
  /** By key: the least and the largest difference from the reference that lie in the key's range. */
  readonly lowest: Int32Array;
  readonly highest: Int32Array;
  readonly swarm: number;
  /** What follows the messages: the swarm's clock and the seal's tag; 0 without a seal. */
  readonly seal_bytes: number;
  /** Where a state diff of shard 0 ends that is a datagram's first message, and that message's first four bytes. */
  readonly plain_bytes: number;
  readonly plainHead: number;
}

/** @param keysOfShard the keys of each shard, in the order of the settings */
export function createShape(settings: Settings, keysOfShard: number[][], seal_bytes: number): Shape {
  const body_bytes = wire.SDM_HEAD_BYTES + 8 * keysOfShard[0].length;
  return {
    keys: settings.keys.length,
    keysOfShard,
    lowest: Int32Array.from(settings.keys, (key) => key.low - key.reference),
    highest: Int32Array.from(settings.keys, (key) => key.high - key.reference),
    swarm: swarmId(settings),
    seal_bytes,
    plain_bytes: wire.HEADER_BYTES + wire.MESSAGE_HEAD_BYTES + body_bytes,
    plainHead: (wire.TYPE_SDM << 24) | (body_bytes << 8),
  };
}

/** The header as far as no seal hides it: DROP_NONE or why it is refused. Fixed cost, so it may run before the rate limit. */
export function checkHeader(view: DataView, length: number, shape: Shape, layout: Layout): number {
  const seal_bytes = shape.seal_bytes;
  if (length < wire.HEADER_BYTES + seal_bytes) return wire.DROP_SHORT;
  const head = view.getInt32(0);
  if (head >>> 8 !== wire.MAGIC_AND_VERSION) return head >>> 16 === wire.MAGIC ? wire.DROP_VERSION : wire.DROP_MAGIC;
  const flags = head & 0xff;
  if (flags > wire.FLAGS_KNOWN) return wire.DROP_FLAGS;
  if (((flags & wire.FLAG_SEALED) !== 0) !== seal_bytes > 0) return wire.DROP_SEAL;
  if (view.getUint16(wire.AT_SWARM) !== shape.swarm) return wire.DROP_SWARM;
  if (length > wire.DATAGRAM_MAX) return wire.DROP_LENGTH;
  layout.flags = flags;
  return wire.DROP_NONE;
}

/** The rest of the header, and the messages: DROP_NONE with `layout` filled in, or why they are refused. */
export function checkMessages(view: DataView, length: number, shape: Shape, layout: Layout): number {
  const tag = view.getInt32(wire.AT_TAG);
  const status = view.getInt32(wire.AT_HELD);
  if (tag === 0 || (status & 0xff) === 0) return wire.DROP_VALUE;
  layout.tag = tag;
  layout.cycle = view.getInt32(wire.AT_CYCLE);
  layout.status = status;
  const end = length - shape.seal_bytes;
  layout.ep = layout.beacon = layout.relay = layout.site = layout.sdms = layout.claims = 0;
  let at = wire.HEADER_BYTES;
  // The first message is a state diff of shard 0 at weight 1 in nearly every datagram: found out in three reads.
  if (
    end >= shape.plain_bytes &&
    view.getInt32(wire.HEADER_BYTES) === shape.plainHead &&
    view.getInt32(wire.HEADER_BYTES + 4) === ONE >> 8 &&
    view.getUint8(wire.HEADER_BYTES + 8) === 0
  ) {
    layout.sdms = 1;
    layout.sdmShard[0] = 0;
    layout.sdmAt[0] = wire.HEADER_BYTES + wire.MESSAGE_HEAD_BYTES + wire.SDM_HEAD_BYTES;
    at = shape.plain_bytes;
  }
  while (at < end) {
    const body = at + wire.MESSAGE_HEAD_BYTES;
    if (body > end) return wire.DROP_LENGTH;
    const type = view.getUint8(at);
    const bytes = view.getUint16(at + 1);
    at = body + bytes;
    if (at > end) return wire.DROP_LENGTH;
    const wrong =
      type === wire.TYPE_SDM
        ? checkSDM(view, body, bytes, shape, layout)
        : checkMessage(view, type, body, bytes, shape, layout);
    if (wrong !== wire.DROP_NONE) return wrong;
  }
  return wire.DROP_NONE;
}

function checkMessage(view: DataView, type: number, at: number, bytes: number, shape: Shape, layout: Layout): number {
  switch (type) {
    case wire.TYPE_RELAY:
      return checkRelay(view, at, bytes, shape, layout);
    case wire.TYPE_EP:
      layout.epWords = (bytes - wire.EP_HEAD_BYTES) >> 2;
      if (layout.ep !== 0 || bytes !== wire.EP_HEAD_BYTES + 4 * layout.epWords) return wire.DROP_LENGTH;
      if (layout.epWords < 2 || layout.epWords > wire.EP_WORDS_MAX) return wire.DROP_LENGTH;
      layout.ep = at;
      return wire.DROP_NONE;
    case wire.TYPE_BEACON:
      if (layout.beacon !== 0 || bytes !== wire.BEACON_BYTES) return wire.DROP_LENGTH;
      layout.beacon = at;
      return wire.DROP_NONE;
    case wire.TYPE_SITE:
      if (layout.site !== 0 || bytes !== wire.SITE_HEAD_BYTES + 8 * shape.keys) return wire.DROP_LENGTH;
      layout.site = at;
      return wire.DROP_NONE;
    default:
      return type >= wire.TYPE_SKIPPABLE ? wire.DROP_NONE : wire.DROP_TYPE;
  }
}

function checkSDM(view: DataView, at: number, bytes: number, shape: Shape, layout: Layout): number {
  if (bytes < wire.SDM_HEAD_BYTES) return wire.DROP_LENGTH;
  const id = view.getUint16(at);
  const shard = id & ~wire.SHARD_CLAIM;
  const shards = shape.keysOfShard.length;
  if (shard >= shards) return wire.DROP_VALUE;
  if (bytes !== wire.SDM_HEAD_BYTES + 8 * shape.keysOfShard[shard].length) return wire.DROP_LENGTH;
  const weight = view.getInt32(at + 2);
  if (id === shard) {
    if (weight !== ONE) return wire.DROP_VALUE;
    const n = layout.sdms;
    for (let i = 0; i < n; i++) if (layout.sdmShard[i] === shard) return wire.DROP_LENGTH;
    layout.sdmShard[n] = shard;
    layout.sdmAt[n] = at + wire.SDM_HEAD_BYTES;
    layout.sdms = n + 1;
    return wire.DROP_NONE;
  }
  if ((layout.flags & wire.FLAG_GATEWAY) === 0 || weight === 0) return wire.DROP_VALUE;
  const n = layout.claims;
  for (let i = 0; i < n; i++) if (layout.claimShard[i] === shard) return wire.DROP_LENGTH;
  layout.claimShard[n] = shard;
  layout.claimAt[n] = at + wire.SDM_HEAD_BYTES;
  layout.claims = n + 1;
  return wire.DROP_NONE;
}

function checkRelay(view: DataView, at: number, bytes: number, shape: Shape, layout: Layout): number {
  if (layout.relay !== 0 || bytes < wire.RELAY_HEAD_BYTES) return wire.DROP_LENGTH;
  const width = view.getUint8(at);
  if (width < 2 || width > 4) return wire.DROP_VALUE;
  const entryBytes = wire.RELAY_ENTRY_BYTES + width * shape.keys;
  const entries = divideFloor(bytes - wire.RELAY_HEAD_BYTES, entryBytes);
  if (entries < 1 || entries * entryBytes !== bytes - wire.RELAY_HEAD_BYTES) return wire.DROP_LENGTH;
  layout.relay = at;
  layout.relayWidth = width;
  layout.relayEntries = entries;
  return wire.DROP_NONE;
}
