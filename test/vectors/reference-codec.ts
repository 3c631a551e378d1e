/**
 * A second codec, written from docs/protocol.md alone and sharing no line with the firmware: where both give the same for
 * all vectors, the document says enough. It is plain rather than fast, and makes objects.
 */
import { crc32 } from 'node:zlib';
import type { Fields, MeanDiff, Message, RelayEntry, SensorDiff, VectorKey, VectorSettings } from './format.ts';

const HEADER_BYTES = 18;
const DATAGRAM_MAX = 1232;
const FLAGS = ['sealed', 'leaving', 'hello', 'gateway'];
const CLAIM = 0x8000;
const TYPES = { ep: 1, sdm: 2, claims: 2, beacon: 3, relay: 4, site: 5 };

export class Refused extends Error {
  readonly reason: string;

  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }
}

function check(holds: boolean, reason: string): void {
  if (!holds) throw new Refused(reason);
}

function hash(text: string, seed: number): number {
  let h = (seed ^ 0x811c9dc5) >>> 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    for (const byte of [unit & 0xff, unit >> 8])
      h = Number(((BigInt(h ^ byte) & 0xffffffffn) * 0x01000193n) & 0xffffffffn);
  }
  return h;
}

export function swarmIdOf({ swarm, keys, shards }: VectorSettings): number {
  let h = hash(swarm, shards);
  for (const { name, reference } of keys) h = hash(name, h ^ reference);
  return (h ^ (h >>> 16)) & 0xffff;
}

export function shardOf(name: string, shards: number): number {
  return hash(name, 0) % shards;
}

export function siteIdOf(site: string): number {
  return hash(site, 1);
}

export function keysOfShard({ keys, shards }: VectorSettings, shard: number): VectorKey[] {
  return keys.filter(({ name }) => shardOf(name, shards) === shard);
}

/** The swarm's clock, between messages and tag of a sealed datagram. */
const CLOCK_BYTES = 4;

/** The vectors' seal, which protects nobody: the CRC-32 of all before it, as often as it fits. */
export function vectorSeal(bytes: Uint8Array, seal_bytes: number): Uint8Array {
  const word = Buffer.alloc(4);
  word.writeUInt32BE(crc32(bytes));
  return Uint8Array.from({ length: seal_bytes }, (_, i) => word[i % 4]);
}

/**
 * @param admit asked once the header is right: false where the rate limit has no room
 * @param fresh asked once the seal is right: false where the clock lies too far behind
 * @throws Refused with the reason, for one of those that the datagram alone tells
 */
export function decode(
  bytes: Uint8Array,
  settings: VectorSettings,
  admit: () => boolean = () => true,
  fresh: (clock_s: number) => boolean = () => true,
): Fields {
  const { seal_bytes } = settings;
  const data = Buffer.from(bytes);
  const clock_bytes = seal_bytes > 0 ? CLOCK_BYTES : 0;
  check(data.length >= HEADER_BYTES + clock_bytes + seal_bytes, 'short');
  check(data.readUInt16BE(0) === 0x4c56, 'magic');
  check(data[2] === 1, 'version');
  check(data[3] < 16, 'flags');
  const flags = FLAGS.filter((_, bit) => (data[3] & (1 << bit)) !== 0);
  check(flags.includes('sealed') === seal_bytes > 0, 'seal');
  check(data.readUInt16BE(4) === swarmIdOf(settings), 'swarm');
  check(data.length <= DATAGRAM_MAX, 'length');
  check(admit(), 'rate');
  const end = data.length - seal_bytes;
  check(
    vectorSeal(data.subarray(0, end), seal_bytes).every((byte, i) => byte === data[end + i]),
    'seal',
  );
  if (seal_bytes > 0) check(fresh(data.readUInt32BE(end - clock_bytes)), 'replay');
  const tag = data.readUInt32BE(6);
  check(tag !== 0 && data[17] !== 0, 'value');
  return {
    flags,
    tag,
    cycle: data.readInt32BE(10),
    held: data.readUInt16BE(14),
    mean_age: data[16],
    pace: data[17],
    messages: decodeMessages(data.subarray(HEADER_BYTES, end - clock_bytes), settings, flags),
    ...(seal_bytes > 0 ? { clock_s: data.readUInt32BE(end - clock_bytes) } : {}),
  };
}

function decodeMessages(data: Buffer, settings: VectorSettings, flags: string[]): Message[] {
  const messages: Message[] = [];
  for (let at = 0; at < data.length;) {
    check(data.length - at >= 3, 'length');
    const length = data.readUInt16BE(at + 1);
    check(data.length - at - 3 >= length, 'length');
    const message = decodeMessage(data[at], data.subarray(at + 3, at + 3 + length), settings, flags, messages);
    messages.push(message);
    at += 3 + length;
  }
  return messages;
}

function decodeMessage(
  type: number,
  body: Buffer,
  settings: VectorSettings,
  flags: string[],
  before: Message[],
): Message {
  const isFirst = (kind: Message['type']): boolean => before.every((message) => message.type !== kind);
  switch (type) {
    case 1:
      check(isFirst('ep') && body.length >= 20 && body.length <= 44 && body.length % 4 === 0, 'length');
      return decodeEP(body);
    case 2:
      return decodeSDM(body, settings, flags, before);
    case 3:
      check(isFirst('beacon') && body.length === 10, 'length');
      return {
        type: 'beacon',
        nonce: body.readUInt32BE(0),
        earlier: body.readUInt32BE(4),
        cycle_ms: body.readUInt16BE(8),
      };
    case 4:
      check(isFirst('relay') && body.length > 0, 'length');
      return decodeRelay(body, settings.keys.length);
    case 5:
      check(isFirst('site') && body.length === 4 + 8 * settings.keys.length, 'length');
      return { type: 'site', site: body.readUInt32BE(0), diff_vector: meanDiffs(body.subarray(4), settings.keys) };
    default:
      check(type >= 128, 'type');
      return { type: 'unknown', number: type, body: body.toString('hex') };
  }
}

function decodeEP(body: Buffer): Message {
  return {
    type: 'ep',
    timestamp: Number(body.readBigInt64BE(0)),
    node_load: body.readUInt32BE(8),
    entropy_vector: Array.from({ length: (body.length - 12) / 4 }, (_, i) => body.readUInt32BE(12 + 4 * i)),
  };
}

function decodeSDM(body: Buffer, settings: VectorSettings, flags: string[], before: Message[]): Message {
  check(body.length >= 6, 'length');
  const isClaim = body.readUInt16BE(0) >= CLAIM;
  const shard_id = body.readUInt16BE(0) % CLAIM;
  check(shard_id < settings.shards, 'value');
  const keys = keysOfShard(settings, shard_id);
  check(body.length === 6 + 8 * keys.length, 'length');
  const drift_weight = body.readUInt32BE(2);
  check(isClaim ? flags.includes('gateway') && drift_weight !== 0 : drift_weight === 65_536, 'value');
  const kind = isClaim ? 'claims' : 'sdm';
  check(!before.some((one) => one.type === kind && one.shard_id === shard_id), 'length');
  const rest = body.subarray(6);
  return isClaim
    ? { type: 'claims', shard_id, drift_weight, diff_vector: meanDiffs(rest, keys) }
    : { type: 'sdm', shard_id, drift_weight, diff_vector: sensorDiffs(rest, keys) };
}

function diffAt(data: Buffer, at: number, width: number): number | null {
  const diff = data.readIntBE(at, width);
  return diff === -(2 ** (8 * width - 1)) ? null : diff;
}

function sensorDiffs(data: Buffer, keys: VectorKey[]): SensorDiff[] {
  return keys.map(({ name }, i) => ({ key: name, c: diffAt(data, 8 * i, 4), b: diffAt(data, 8 * i + 4, 4) }));
}

function meanDiffs(data: Buffer, keys: VectorKey[]): MeanDiff[] {
  return keys.map(({ name }, i) => ({
    key: name,
    value: diffAt(data, 8 * i, 4),
    weight: data.readInt32BE(8 * i + 4),
  }));
}

function decodeRelay(body: Buffer, keys: number): Message {
  const width = body[0];
  check(width >= 2 && width <= 4, 'value');
  const entryBytes = 7 + width * keys;
  const count = (body.length - 1) / entryBytes;
  check(count >= 1 && Number.isInteger(count), 'length');
  const entries = Array.from({ length: count }, (_, i): RelayEntry => {
    const at = 1 + i * entryBytes;
    return {
      tag: body.readUInt32BE(at),
      cycle: body.readUInt16BE(at + 4),
      first_hand: body[at + 6] >= 128,
      age: body[at + 6] % 128,
      diffs: Array.from({ length: keys }, (_unused, key) => diffAt(body, at + 7 + width * key, width)),
    };
  });
  return { type: 'relay', width, entries };
}

/** The datagram of these fields, with its seal. The fields are taken as they are, so that what must be refused can be made too. */
export function encode(fields: Fields, settings: VectorSettings): Uint8Array {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(0x4c56, 0);
  header[2] = 1;
  for (const flag of fields.flags) header[3] |= 1 << FLAGS.indexOf(flag);
  header.writeUInt16BE(swarmIdOf(settings), 4);
  header.writeUInt32BE(fields.tag, 6);
  header.writeInt32BE(fields.cycle, 10);
  header.writeUInt16BE(fields.held, 14);
  header[16] = fields.mean_age;
  header[17] = fields.pace;
  const parts: Uint8Array[] = [header];
  for (const message of fields.messages) {
    const body = encodeBody(message);
    const head = Buffer.from([message.type === 'unknown' ? message.number : TYPES[message.type], 0, 0]);
    head.writeUInt16BE(body.length, 1);
    parts.push(head, body);
  }
  if (settings.seal_bytes > 0) {
    const clock = Buffer.alloc(CLOCK_BYTES);
    clock.writeUInt32BE(fields.clock_s ?? 0);
    parts.push(clock);
  }
  const open = Buffer.concat(parts);
  return Buffer.concat([open, vectorSeal(open, settings.seal_bytes)]);
}

function encodeBody(message: Message): Buffer {
  switch (message.type) {
    case 'ep': {
      const body = Buffer.alloc(12 + 4 * message.entropy_vector.length);
      body.writeBigInt64BE(BigInt(message.timestamp), 0);
      body.writeUInt32BE(message.node_load, 8);
      message.entropy_vector.forEach((word, i) => body.writeUInt32BE(word, 12 + 4 * i));
      return body;
    }
    case 'sdm':
      return withShard(
        message.shard_id,
        message.drift_weight,
        message.diff_vector.map(({ c, b }) => [c, b]),
      );
    case 'claims':
      return withShard(CLAIM + message.shard_id, message.drift_weight, means(message.diff_vector));
    case 'beacon': {
      const body = Buffer.alloc(10);
      body.writeUInt32BE(message.nonce, 0);
      body.writeUInt32BE(message.earlier, 4);
      body.writeUInt16BE(message.cycle_ms, 8);
      return body;
    }
    case 'relay':
      return Buffer.concat([
        Buffer.from([message.width]),
        ...message.entries.map((one) => encodeEntry(one, message.width)),
      ]);
    case 'site': {
      const site = Buffer.alloc(4);
      site.writeUInt32BE(message.site);
      return Buffer.concat([site, ...means(message.diff_vector).map(pair)]);
    }
    case 'unknown':
      return Buffer.from(message.body, 'hex');
  }
}

type Pair = [number | null, number | null];

function means(vector: MeanDiff[]): Pair[] {
  return vector.map(({ value, weight }) => [value, weight]);
}

function pair([first, second]: Pair): Buffer {
  return Buffer.concat([diffBytes(first, 4), diffBytes(second, 4)]);
}

function diffBytes(diff: number | null, width: number): Buffer {
  const bytes = Buffer.alloc(width);
  bytes.writeIntBE(diff ?? -(2 ** (8 * width - 1)), 0, width);
  return bytes;
}

function withShard(shard_id: number, drift_weight: number, pairs: Pair[]): Buffer {
  const head = Buffer.alloc(6);
  head.writeUInt16BE(shard_id, 0);
  head.writeUInt32BE(drift_weight, 2);
  return Buffer.concat([head, ...pairs.map(pair)]);
}

function encodeEntry({ tag, cycle, first_hand, age, diffs }: RelayEntry, width: number): Buffer {
  const head = Buffer.alloc(7);
  head.writeUInt32BE(tag, 0);
  head.writeUInt16BE(cycle, 4);
  head[6] = age + (first_hand ? 128 : 0);
  return Buffer.concat([head, ...diffs.map((diff) => diffBytes(diff, width))]);
}
