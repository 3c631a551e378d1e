/** The SDK's `crypt` in the same shape, on node:crypto: what it takes and what it gives is read in its C (modCrypt.c). */
import { createCipheriv, createHash, type Hash } from 'node:crypto';
import type { BlockCipher, CounterMode, Crypt, Digest } from '../../../../firmware/device/seal/crypt.ts';
import { ghash } from '../../../vectors/ghash.ts';

/** The C reads an ArrayBuffer, nothing else, where it calls xsmcToArrayBuffer. */
function onlyBuffer(value: unknown): Uint8Array {
  if (!(value instanceof ArrayBuffer)) throw new TypeError('no ArrayBuffer instance');
  return new Uint8Array(value);
}

const bytesOf = (value: ArrayBuffer | Uint8Array): Uint8Array =>
  value instanceof ArrayBuffer ? new Uint8Array(value) : value;

const ownBuffer = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer;

class NodeDigest implements Digest {
  #hash: Hash;

  constructor(type: string) {
    if (type !== 'SHA256') throw new Error('crypt: unsupported digest');
    this.#hash = createHash('sha256');
  }

  reset(): void {
    this.#hash = createHash('sha256');
  }

  write(bytes: ArrayBuffer | Uint8Array): void {
    this.#hash.update(bytesOf(bytes));
  }

  close(): ArrayBuffer {
    return ownBuffer(this.#hash.digest());
  }
}

class NodeBlockCipher implements BlockCipher {
  readonly #key: Uint8Array;

  constructor(cipher: string, key: ArrayBuffer) {
    if (cipher !== 'AES') throw new Error('unsupported cipher');
    this.#key = onlyBuffer(key).slice();
  }

  encrypt(block: ArrayBuffer, into: ArrayBuffer): ArrayBuffer {
    onlyBuffer(into).set(this.process(onlyBuffer(block).subarray(0, 16)));
    return into;
  }

  process(blocks: Uint8Array): Uint8Array {
    return createCipheriv('aes-256-ecb', this.#key, null).setAutoPadding(false).update(blocks);
  }
}

class NodeCounterMode implements CounterMode {
  readonly #cipher: NodeBlockCipher;
  #counter = 0n;

  constructor(mode: string, cipher: BlockCipher) {
    if (mode !== 'CTR') throw new Error('unsupported mode');
    if (!(cipher instanceof NodeBlockCipher)) throw new TypeError('no cipher');
    this.#cipher = cipher;
  }

  setIV(block: ArrayBuffer): void {
    this.#counter = BigInt(`0x${Buffer.from(onlyBuffer(block)).toString('hex')}`);
  }

  decrypt(from: Uint8Array, into: Uint8Array): Uint8Array {
    for (let at = 0; at < from.length; at += 16) {
      const mask = this.#cipher.process(Buffer.from((this.#counter++).toString(16).padStart(32, '0'), 'hex'));
      for (let i = at; i < from.length && i < at + 16; i++) into[i] = from[i] ^ mask[i - at];
    }
    return into;
  }
}

/** The C fills up what is written to whole blocks, so a second piece would hash to something else. */
class NodeGHASH implements Digest {
  readonly #hashKey: Uint8Array;
  readonly #clear: Uint8Array;
  #hidden: Uint8Array | null = null;

  constructor(hashKey: ArrayBuffer, clear: ArrayBuffer) {
    this.#hashKey = onlyBuffer(hashKey).slice();
    this.#clear = onlyBuffer(clear).slice();
  }

  reset(): void {
    this.#hidden = null;
  }

  write(bytes: ArrayBuffer | Uint8Array): void {
    if (this.#hidden !== null) throw new Error('GHASH takes one piece');
    this.#hidden = bytesOf(bytes).slice();
  }

  close(): ArrayBuffer {
    return ownBuffer(ghash(this.#hashKey, this.#clear, this.#hidden ?? new Uint8Array(0)));
  }
}

export const nodeCrypt: Crypt = Object.freeze({
  Digest: NodeDigest,
  BlockCipher: NodeBlockCipher,
  Mode: NodeCounterMode,
  GHASH: NodeGHASH,
});
