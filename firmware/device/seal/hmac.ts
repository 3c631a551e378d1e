/** HMAC-SHA-256 (RFC 2104) over a digest of the platform, and keys derived with it. */

import type { Digest } from './crypt.ts';

/** What SHA-256 takes in at a time. */
const BLOCK_BYTES = 64;

export class Hmac {
  readonly #hash: Digest;
  readonly #inner: ArrayBuffer;
  readonly #outer: ArrayBuffer;

  /**
   * @param hash SHA-256; several may share it, one after the other
   * @param key at most 64 bytes
   */
  constructor(hash: Digest, key: ArrayBuffer) {
    this.#hash = hash;
    this.#inner = padded(key, 0x36);
    this.#outer = padded(key, 0x5c);
  }

  begin(): void {
    this.#hash.reset();
    this.#hash.write(this.#inner);
  }

  write(bytes: Uint8Array): void {
    this.#hash.write(bytes);
  }

  /** 32 bytes. */
  end(): ArrayBuffer {
    const inner = this.#hash.close();
    this.#hash.reset();
    this.#hash.write(this.#outer);
    this.#hash.write(inner);
    return this.#hash.close();
  }
}

function padded(key: ArrayBuffer, pad: number): ArrayBuffer {
  const block = new Uint8Array(BLOCK_BYTES);
  block.set(new Uint8Array(key));
  for (let i = 0; i < BLOCK_BYTES; i++) block[i] ^= pad;
  return block.buffer;
}

/**
 * A key of 32 bytes for one purpose: HKDF-Expand of one block (RFC 5869). A swarm key is random already, so there is
 * nothing to extract.
 * @param purpose a word in ASCII
 */
export function deriveKey(hash: Digest, swarmKey: ArrayBuffer, purpose: string): ArrayBuffer {
  const info = new Uint8Array(purpose.length + 1);
  for (let i = 0; i < purpose.length; i++) info[i] = purpose.charCodeAt(i);
  info[purpose.length] = 1;
  const mac = new Hmac(hash, swarmKey);
  mac.begin();
  mac.write(info);
  return mac.end();
}
