/** Writes datagrams as docs/protocol.md has them. Fields are taken as they are, so that what must be refused can be made too. */
import {
  type Diff,
  HEADER_BYTES,
  NO_VALUE,
  type Pair,
  SDM_HEAD_BYTES,
  TYPE_BEACON,
  TYPE_EP,
  TYPE_SDM,
  WEIGHT_ONE,
} from './format.ts';

export interface Header {
  swarm_id: number;
  tag: number;
  cycle: number;
  flags?: number;
  held?: number;
  mean_age?: number;
  pace?: number;
  magic?: number;
  version?: number;
}

export function encodeHeader(header: Header): Buffer {
  const { swarm_id, tag, cycle, flags = 0, held = 0, mean_age = 0, pace = 1, magic = 0x4c56, version = 1 } = header;
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.writeUInt16BE(magic, 0);
  bytes.writeUInt8(version, 2);
  bytes.writeUInt8(flags, 3);
  bytes.writeUInt16BE(swarm_id, 4);
  bytes.writeUInt32BE(tag, 6);
  bytes.writeInt32BE(cycle, 10);
  bytes.writeUInt16BE(held, 14);
  bytes.writeUInt8(mean_age, 16);
  bytes.writeUInt8(pace, 17);
  return bytes;
}

/** @param length said in the head; the body's own when left out */
export function encodeMessage(type: number, body: Uint8Array, length = body.length): Buffer {
  const head = Buffer.from([type, 0, 0]);
  head.writeUInt16BE(length, 1);
  return Buffer.concat([head, body]);
}

export function encodeSDM(shard: number, pairs: readonly Pair[], weight = WEIGHT_ONE): Buffer {
  const body = Buffer.alloc(SDM_HEAD_BYTES + 8 * pairs.length);
  body.writeUInt16BE(shard, 0);
  body.writeUInt32BE(weight, 2);
  pairs.forEach(({ c, b }, i) => {
    body.writeInt32BE(onWire(c), SDM_HEAD_BYTES + 8 * i);
    body.writeInt32BE(onWire(b), SDM_HEAD_BYTES + 8 * i + 4);
  });
  return encodeMessage(TYPE_SDM, body);
}

function onWire(diff: Diff): number {
  return diff === null ? NO_VALUE : diff | 0;
}

export function encodeBeacon(nonce: number, cycle_ms: number, earlier = 0): Buffer {
  const body = Buffer.alloc(10);
  body.writeUInt32BE(nonce, 0);
  body.writeUInt32BE(earlier, 4);
  body.writeUInt16BE(Math.min(Math.max(Math.round(cycle_ms), 50), 60_000), 8);
  return encodeMessage(TYPE_BEACON, body);
}

/** @param load Q16.16, 0 to 65,536 */
export function encodeEP(epoch_ms: number, load: number, words: readonly number[]): Buffer {
  const body = Buffer.alloc(12 + 4 * words.length);
  body.writeBigInt64BE(BigInt(epoch_ms), 0);
  body.writeUInt32BE(load, 8);
  words.forEach((word, i) => body.writeUInt32BE(word >>> 0, 12 + 4 * i));
  return encodeMessage(TYPE_EP, body);
}
