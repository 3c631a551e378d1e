/**
 * The seal that hides what members say: AES-256-GCM (NIST SP 800-38D) over everything behind the swarm id, with what stands before it
 * authenticated. Behind the datagram come the nonce and the tag (docs/security.md).
 */

import { createCipheriv, createDecipheriv, createHmac, type KeyObject } from 'node:crypto';
import type { SealPort } from '../../../firmware/node.ts';
import { bytesOf } from './bytes.ts';
import { deriveKey } from './keys.ts';

/** Magic, version, flags and swarm id: what a receiver needs to refuse a stranger's datagram at once. */
const CLEAR_BYTES = 6;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SALT_BYTES = 16;

export class PrivateSeal implements SealPort {
  readonly overhead_bytes = NONCE_BYTES + TAG_BYTES;
  readonly #keys: readonly KeyObject[];
  readonly #nonceKey: KeyObject;
  readonly #random: (into: Uint8Array) => void;
  readonly #salt = new Uint8Array(SALT_BYTES);

  /** @param random fills bytes with randomness */
  constructor(swarmKeys: readonly Uint8Array[], random: (into: Uint8Array) => void) {
    this.#keys = swarmKeys.map((key) => deriveKey(key, 'lvs/1 private'));
    this.#nonceKey = deriveKey(swarmKeys[0], 'lvs/1 nonce');
    this.#random = random;
  }

  close(view: DataView, length: number): void {
    const nonce = this.#drawNonce(view, length);
    const body = bytesOf(view, CLEAR_BYTES, length - CLEAR_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#keys[0], nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(bytesOf(view, 0, CLEAR_BYTES));
    body.set(cipher.update(body));
    cipher.final();
    bytesOf(view, length, NONCE_BYTES).set(nonce);
    bytesOf(view, length + NONCE_BYTES, TAG_BYTES).set(cipher.getAuthTag());
  }

  open(view: DataView, length: number): boolean {
    const body = bytesOf(view, CLEAR_BYTES, length - CLEAR_BYTES);
    for (const key of this.#keys) {
      const plain = decrypt(key, view, length, body);
      if (plain === null) continue;
      body.set(plain);
      return true;
    }
    return false;
  }

  /**
   * Random, so that nothing on the wire tells senders apart; and hashed together with the content, so that a generator
   * that repeats itself still gives different datagrams different nonces.
   */
  #drawNonce(view: DataView, length: number): Uint8Array {
    this.#random(this.#salt);
    const mac = createHmac('sha256', this.#nonceKey).update(this.#salt);
    return mac
      .update(bytesOf(view, 0, length))
      .digest()
      .subarray(0, NONCE_BYTES);
  }
}

/** Null when the tag is wrong; nothing has changed then. */
function decrypt(key: KeyObject, view: DataView, length: number, body: Uint8Array): Uint8Array | null {
  const nonce = bytesOf(view, length, NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(bytesOf(view, 0, CLEAR_BYTES));
  decipher.setAuthTag(bytesOf(view, length + NONCE_BYTES, TAG_BYTES));
  const plain = decipher.update(body);
  try {
    decipher.final();
  } catch {
    return null;
  }
  return plain;
}
