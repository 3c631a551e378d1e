/**
 * A datagram of the medium as it travels over a broker: wrapped, and signed with the federation's key, so that a broker
 * which many may write to is no more trusted than a radio. docs/federation.md has it byte by byte.
 *
 *     0  2  magic "LF"
 *     2  1  version, 1
 *     3  1  0
 *     4  8  time, milliseconds since 1970
 *    12  8  counter, rises with each message of a publisher
 *    20  n  the datagram, 18 to 1,232 bytes
 *  20+n 32  HMAC-SHA-256 over the topic's length (2 bytes), the topic and all bytes before
 */

import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';
import { DATAGRAM_MAX_BYTES } from '../../host-sim/node-platform/carrier.ts';

export const HEAD_BYTES = 20;
export const SIGNATURE_BYTES = 32;
/** The header of a datagram (docs/protocol.md): shorter is none. */
export const DATAGRAM_MIN_BYTES = 18;
export const ENVELOPE_MAX_BYTES = HEAD_BYTES + DATAGRAM_MAX_BYTES + SIGNATURE_BYTES;

/** "LF" */
const MAGIC = 0x4c46;
const VERSION = 1;
const AT_TIME = 4;
const AT_COUNTER = 12;
const KEY_BYTES = 32;
const KEYS_MAX = 2;

/** Another purpose than a swarm's: a key that serves as both by mistake still makes two different ones. */
const PURPOSE = 'lvs-fed/1 sign';

export interface Opened {
  time_ms: number;
  counter: number;
  /** A part of what was given. */
  datagram: Buffer;
}

export type EnvelopeFault = 'size' | 'format' | 'signature';

export class Signer {
  readonly #keys: readonly KeyObject[];

  /**
   * @param keys one or two of 32 random bytes: the first signs, each opens
   * @throws RangeError when they are not
   */
  constructor(keys: readonly Uint8Array[]) {
    if (keys.length < 1 || keys.length > KEYS_MAX || keys.some(({ length }) => length !== KEY_BYTES)) {
      throw new RangeError(`a federation has 1 or ${KEYS_MAX} keys of ${KEY_BYTES} bytes`);
    }
    // HKDF-Expand of one block (RFC 5869): the key is random already, so there is nothing to extract.
    this.#keys = keys.map((key) =>
      createSecretKey(createHmac('sha256', key).update(PURPOSE).update(Uint8Array.of(1)).digest()),
    );
  }

  /** @returns a message of its own: what is given may change afterwards */
  wrap(topic: string, datagram: Uint8Array, time_ms: number, counter: number): Buffer {
    const message = Buffer.alloc(HEAD_BYTES + datagram.length + SIGNATURE_BYTES);
    message.writeUInt16BE(MAGIC, 0);
    message.writeUInt8(VERSION, 2);
    message.writeBigUInt64BE(BigInt(time_ms), AT_TIME);
    message.writeBigUInt64BE(BigInt(counter), AT_COUNTER);
    message.set(datagram, HEAD_BYTES);
    const end = message.length - SIGNATURE_BYTES;
    message.set(signature(this.#keys[0], topic, message.subarray(0, end)), end);
    return message;
  }

  open(topic: string, message: Buffer): Opened | EnvelopeFault {
    const end = message.length - SIGNATURE_BYTES;
    if (end < HEAD_BYTES + DATAGRAM_MIN_BYTES || message.length > ENVELOPE_MAX_BYTES) return 'size';
    if (message.readUInt16BE(0) !== MAGIC || message.readUInt16BE(2) !== VERSION << 8) return 'format';
    const [signed, given] = [message.subarray(0, end), message.subarray(end)];
    if (!this.#keys.some((key) => timingSafeEqual(signature(key, topic, signed), given))) return 'signature';
    const time_ms = Number(message.readBigUInt64BE(AT_TIME));
    const counter = Number(message.readBigUInt64BE(AT_COUNTER));
    // Only one who has the key can write these; beyond 2^53 they would not compare any more.
    if (!Number.isSafeInteger(time_ms) || !Number.isSafeInteger(counter)) return 'format';
    return { time_ms, counter, datagram: message.subarray(HEAD_BYTES, end) };
  }
}

/** The topic is signed with its length before it, so that no byte moves from the one to the other. */
function signature(key: KeyObject, topic: string, signed: Buffer): Buffer {
  const name = Buffer.from(topic);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(name.length);
  return createHmac('sha256', key).update(length).update(name).update(signed).digest();
}
