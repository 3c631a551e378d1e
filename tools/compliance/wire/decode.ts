/** Reads a datagram of the target, strictly: whatever docs/protocol.md does not allow a sender is a fault, named with its place. */
import {
  CLOCK_BYTES,
  DATAGRAM_MAX,
  FLAG_GATEWAY,
  FLAG_HELLO,
  FLAG_LEAVING,
  FLAG_SEALED,
  HEADER_BYTES,
  NO_VALUE,
  type Diff,
  type Pair,
  SDM_HEAD_BYTES,
  SHARD_CLAIM,
  TYPE_BEACON,
  TYPE_EP,
  TYPE_RELAY,
  TYPE_SDM,
  TYPE_SITE,
  TYPE_SKIPPED,
  WEIGHT_ONE,
} from './format.ts';

export interface Sdm {
  shard: number;
  pairs: Pair[];
}

export interface EntropyPacket {
  timestamp_ms: number;
  /** Q16.16 */
  load: number;
  words: number[];
}

export interface Beacon {
  nonce: number;
  earlier: number;
  cycle_ms: number;
}

export interface Heard {
  swarm_id: number;
  tag: number;
  cycle: number;
  sealed: boolean;
  leaving: boolean;
  hello: boolean;
  gateway: boolean;
  held: number;
  mean_age: number;
  pace: number;
  sdms: Sdm[];
  ep: EntropyPacket | null;
  beacon: Beacon | null;
  /** Entries that it passed on. */
  relayed: number;
  /** Messages of types that a receiver skips. */
  unknown: { type: number; body: Buffer }[];
  bytes: number;
  /** The swarm's clock, in a sealed datagram; else 0. */
  clock_s: number;
  /** What the format does not allow, '' where all is well. */
  fault: string;
}

/** Whether these bytes are meant to be a datagram of this format at all. */
export function isOurs(bytes: Buffer): boolean {
  return bytes.length >= HEADER_BYTES && bytes.readUInt16BE(0) === 0x4c56;
}

/** @param seal_bytes length of the seal's tag, with which a sealed datagram ends */
export function decode(bytes: Buffer, seal_bytes: number): Heard {
  const flags = bytes.readUInt8(3);
  const heard: Heard = {
    swarm_id: bytes.readUInt16BE(4),
    tag: bytes.readUInt32BE(6),
    cycle: bytes.readInt32BE(10),
    sealed: (flags & FLAG_SEALED) !== 0,
    leaving: (flags & FLAG_LEAVING) !== 0,
    hello: (flags & FLAG_HELLO) !== 0,
    gateway: (flags & FLAG_GATEWAY) !== 0,
    held: bytes.readUInt16BE(14),
    mean_age: bytes.readUInt8(16),
    pace: bytes.readUInt8(17),
    sdms: [],
    ep: null,
    beacon: null,
    relayed: 0,
    unknown: [],
    bytes: bytes.length,
    clock_s: 0,
    fault: '',
  };
  const version = bytes.readUInt8(2);
  if (version !== 1) note(heard, `version ${version}, not 1`);
  else if (flags > 15) note(heard, `flags ${flags}; the upper four bits must be 0`);
  if (heard.tag === 0) note(heard, 'tag 0');
  if (heard.pace === 0) note(heard, 'pace 0');
  if (bytes.length > DATAGRAM_MAX) note(heard, `${bytes.length} bytes; the most is ${DATAGRAM_MAX}`);
  const end = bytes.length - (heard.sealed ? CLOCK_BYTES + seal_bytes : 0);
  if (heard.sealed && end >= HEADER_BYTES) heard.clock_s = bytes.readUInt32BE(end);
  if (version === 1) readMessages(bytes.subarray(HEADER_BYTES, Math.max(HEADER_BYTES, end)), heard);
  if (heard.leaving && end > HEADER_BYTES) note(heard, 'messages in a farewell');
  return heard;
}

function note(heard: Heard, fault: string): void {
  if (heard.fault === '') heard.fault = `cycle ${heard.cycle}: ${fault}`;
}

function readMessages(data: Buffer, heard: Heard): void {
  for (let at = 0; at < data.length;) {
    if (data.length - at < 3) return note(heard, `${data.length - at} bytes behind the last message`);
    const type = data.readUInt8(at);
    const length = data.readUInt16BE(at + 1);
    if (data.length - at - 3 < length) return note(heard, `message of type ${type} is longer than the datagram`);
    readMessage(type, data.subarray(at + 3, at + 3 + length), heard);
    at += 3 + length;
  }
}

function readMessage(type: number, body: Buffer, heard: Heard): void {
  if (type === TYPE_EP) return readEP(body, heard);
  if (type === TYPE_SDM) return readSDM(body, heard);
  if (type === TYPE_BEACON) return readBeacon(body, heard);
  if (type === TYPE_RELAY) return readRelay(body, heard);
  if (type === TYPE_SITE) return note(heard, 'a site message, which is for the medium between gateways only');
  if (type < TYPE_SKIPPED) return note(heard, `message of type ${type}, which version 1 does not have`);
  heard.unknown.push({ type, body });
}

function readEP(body: Buffer, heard: Heard): void {
  if (heard.ep !== null) return note(heard, 'a second EP');
  if (body.length < 20 || body.length > 44 || body.length % 4 !== 0) return note(heard, `EP of ${body.length} bytes`);
  const words = Array.from({ length: (body.length - 12) / 4 }, (_, i) => body.readUInt32BE(12 + 4 * i));
  heard.ep = { timestamp_ms: Number(body.readBigInt64BE(0)), load: body.readUInt32BE(8), words };
  const { timestamp_ms, load } = heard.ep;
  if (timestamp_ms < 0 || timestamp_ms >= 2 ** 53) note(heard, `EP timestamp ${timestamp_ms}`);
  if (load > WEIGHT_ONE) note(heard, `node_load ${load}, above 1.0`);
}

function readSDM(body: Buffer, heard: Heard): void {
  if (body.length < SDM_HEAD_BYTES || (body.length - SDM_HEAD_BYTES) % 8 !== 0) {
    return note(heard, `SDM of ${body.length} bytes; it must be 6 and 8 for each key`);
  }
  const shard = body.readUInt16BE(0);
  const weight = body.readUInt32BE(2);
  if (shard >= SHARD_CLAIM) {
    if (!heard.gateway) note(heard, 'claims without the gateway flag');
    return;
  }
  if (weight !== WEIGHT_ONE) note(heard, `drift_weight ${weight / WEIGHT_ONE}; a node has 1`);
  if (heard.sdms.some((one) => one.shard === shard)) note(heard, `a second SDM for shard ${shard}`);
  const pairs = Array.from({ length: (body.length - SDM_HEAD_BYTES) / 8 }, (_, i) => {
    const at = SDM_HEAD_BYTES + 8 * i;
    return { c: diffAt(body, at), b: diffAt(body, at + 4) };
  });
  heard.sdms.push({ shard, pairs });
}

function diffAt(body: Buffer, at: number): Diff {
  const diff = body.readInt32BE(at);
  return diff === NO_VALUE ? null : diff;
}

function readBeacon(body: Buffer, heard: Heard): void {
  if (heard.beacon !== null) return note(heard, 'a second beacon');
  if (body.length !== 10) return note(heard, `beacon of ${body.length} bytes, not 10`);
  const beacon = { nonce: body.readUInt32BE(0), earlier: body.readUInt32BE(4), cycle_ms: body.readUInt16BE(8) };
  heard.beacon = beacon;
  if (beacon.nonce === 0) note(heard, 'nonce 0');
  if (beacon.cycle_ms < 50 || beacon.cycle_ms > 60_000) note(heard, `cycle_ms ${beacon.cycle_ms}`);
}

function readRelay(body: Buffer, heard: Heard): void {
  const width = body.length === 0 ? 0 : body.readUInt8(0);
  if (width < 2 || width > 4) return note(heard, `relay of width ${width}`);
  heard.relayed = body.length - 1;
}
