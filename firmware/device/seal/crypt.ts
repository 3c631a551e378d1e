/**
 * What the seals need of the SDK's module `crypt`, in its own shape (SDK 8.2.3, modules/crypt/digest), so that a test
 * can bring another one. The SDK has HMAC and GCM too, in JavaScript on top of these: they make several times the
 * garbage for each datagram, and GCM takes the SDK's big-number modules along.
 */

export interface Digest {
  reset(): void;
  write(bytes: ArrayBuffer | Uint8Array): void;
  /** The digest, in a buffer of its own. `reset` begins the next one. */
  close(): ArrayBuffer;
}

export interface BlockCipher {
  /** One block of 16 bytes from `block` to `into`. */
  encrypt(block: ArrayBuffer, into: ArrayBuffer): ArrayBuffer;
}

export interface CounterMode {
  setIV(block: ArrayBuffer): void;
  /** The same operation as encryption, but the only one of the two that writes into part of a buffer. */
  decrypt(from: Uint8Array, into: Uint8Array): unknown;
}

export interface Crypt {
  Digest: new (type: 'SHA256') => Digest;
  BlockCipher: new (cipher: 'AES', key: ArrayBuffer) => BlockCipher;
  Mode: new (mode: 'CTR', cipher: BlockCipher) => CounterMode;
  /** GCM's hash over `aad` and what is written, which must come in one piece. */
  GHASH: new (hashKey: ArrayBuffer, aad: ArrayBuffer) => Digest;
}
