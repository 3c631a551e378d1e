/**
 * The seal that hides what members say: AES-256-GCM (NIST SP 800-38D) over everything behind the swarm id, with what
 * stands before it authenticated. Behind the datagram come the nonce and the tag (docs/security.md).
 */

import type { SealPort } from '../../platform.ts';
import type { BlockCipher, CounterMode, Crypt, Digest } from './crypt.ts';
import { deriveKey, Hmac } from './hmac.ts';

/** Magic, version, flags and swarm id: what a receiver needs to refuse a stranger's datagram at once. */
const CLEAR_BYTES = 6;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const BLOCK_BYTES = 16;

interface Key {
  readonly cipher: BlockCipher;
  readonly counterMode: CounterMode;
  /** The zero block, encrypted. */
  readonly hashKey: ArrayBuffer;
}

export interface PrivateSealOptions {
  crypt: Crypt;
  hash: Digest;
  swarmKeys: readonly ArrayBuffer[];
  /** 32 bits of hardware randomness. */
  random: () => number;
}

export class PrivateSeal implements SealPort {
  readonly overhead_bytes = NONCE_BYTES + TAG_BYTES;
  readonly #crypt: Crypt;
  readonly #keys: readonly Key[];
  readonly #nonceMac: Hmac;
  readonly #random: () => number;
  readonly #salt = new Uint32Array(4);
  readonly #saltBytes = new Uint8Array(this.#salt.buffer);
  /** Blocks and bytes that the SDK wants as buffers of their own, used again for each datagram. */
  readonly #clear = new DataView(new ArrayBuffer(CLEAR_BYTES));
  readonly #counter = new DataView(new ArrayBuffer(BLOCK_BYTES));
  readonly #mask = new DataView(new ArrayBuffer(BLOCK_BYTES));

  constructor({ crypt, hash, swarmKeys, random }: PrivateSealOptions) {
    this.#crypt = crypt;
    this.#random = random;
    this.#keys = swarmKeys.map((key) => createKey(crypt, deriveKey(hash, key, 'lvs/1 private')));
    this.#nonceMac = new Hmac(hash, deriveKey(hash, swarmKeys[0], 'lvs/1 nonce'));
  }

  close(view: DataView, length: number): void {
    this.#writeNonce(view, length);
    const key = this.#keys[0];
    const body = bodyOf(view, length);
    this.#begin(view, length);
    this.#encrypt(key, body);
    const hash = this.#hashOf(key, body);
    const at = length + NONCE_BYTES;
    for (let i = 0; i < TAG_BYTES; i += 4) view.setInt32(at + i, hash.getInt32(i) ^ this.#mask.getInt32(i));
  }

  open(view: DataView, length: number): boolean {
    const body = bodyOf(view, length);
    this.#begin(view, length);
    const at = length + NONCE_BYTES;
    for (let k = 0; k < this.#keys.length; k++) {
      const key = this.#keys[k];
      const hash = this.#hashOf(key, body);
      // Looks at all of the tag in any case: the time it takes says nothing about how much of a guess was right.
      let wrong = 0;
      for (let i = 0; i < TAG_BYTES; i += 4) wrong |= view.getInt32(at + i) ^ hash.getInt32(i) ^ this.#mask.getInt32(i);
      if (wrong !== 0) continue;
      this.#encrypt(key, body);
      return true;
    }
    return false;
  }

  /**
   * Random, so that nothing on the wire tells senders apart; and hashed together with the content, so that a generator
   * that repeats itself still gives different datagrams different nonces.
   */
  #writeNonce(view: DataView, length: number): void {
    for (let i = 0; i < this.#salt.length; i++) this.#salt[i] = this.#random();
    this.#nonceMac.begin();
    this.#nonceMac.write(this.#saltBytes);
    this.#nonceMac.write(new Uint8Array(view.buffer, view.byteOffset, length));
    const nonce = new DataView(this.#nonceMac.end());
    for (let i = 0; i < NONCE_BYTES; i += 4) view.setInt32(length + i, nonce.getInt32(i));
  }

  #begin(view: DataView, length: number): void {
    this.#clear.setInt32(0, view.getInt32(0));
    this.#clear.setUint16(4, view.getUint16(4));
    for (let i = 0; i < NONCE_BYTES; i += 4) this.#counter.setInt32(i, view.getInt32(length + i));
  }

  /** Of what is on the wire, so before decryption and after encryption. With the mask over it, it is the tag. */
  #hashOf(key: Key, body: Uint8Array): DataView {
    this.#counter.setInt32(NONCE_BYTES, 1);
    key.cipher.encrypt(this.#counter.buffer, this.#mask.buffer);
    const hash = new this.#crypt.GHASH(key.hashKey, this.#clear.buffer);
    hash.write(body);
    return new DataView(hash.close());
  }

  /** Or decrypts: in counter mode that is the same. */
  #encrypt({ counterMode }: Key, body: Uint8Array): void {
    this.#counter.setInt32(NONCE_BYTES, 2);
    counterMode.setIV(this.#counter.buffer);
    counterMode.decrypt(body, body);
  }
}

function createKey(crypt: Crypt, key: ArrayBuffer): Key {
  const cipher = new crypt.BlockCipher('AES', key);
  const hashKey = cipher.encrypt(new ArrayBuffer(BLOCK_BYTES), new ArrayBuffer(BLOCK_BYTES));
  return { cipher, counterMode: new crypt.Mode('CTR', cipher), hashKey };
}

function bodyOf(view: DataView, length: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + CLEAR_BYTES, length - CLEAR_BYTES);
}
