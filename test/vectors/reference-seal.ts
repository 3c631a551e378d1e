/**
 * The seal as docs/security.md writes it down, from SHA-256 and the single AES block upwards: no HMAC, no HKDF and no
 * GCM of a library, which is what the two implementations use.
 */
import { createCipheriv, createHash } from 'node:crypto';
import { ghash } from './ghash.ts';

export interface DerivedKeys {
  authentic: Uint8Array;
  private: Uint8Array;
  nonce: Uint8Array;
}

const CLEAR_BYTES = 6;
const sha256 = (...parts: Uint8Array[]): Uint8Array => createHash('sha256').update(Buffer.concat(parts)).digest();

function hmac(key: Uint8Array, message: Uint8Array): Uint8Array {
  const block = Buffer.alloc(64);
  block.set(key);
  const inner = sha256(
    block.map((byte) => byte ^ 0x36),
    message,
  );
  return sha256(
    block.map((byte) => byte ^ 0x5c),
    inner,
  );
}

export function deriveKeys(swarmKey: Uint8Array): DerivedKeys {
  const derive = (purpose: string): Uint8Array => hmac(swarmKey, Buffer.from(`lvs/1 ${purpose}\x01`, 'latin1'));
  return { authentic: derive('authentic'), private: derive('private'), nonce: derive('nonce') };
}

function aes(key: Uint8Array, block: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  return Buffer.concat([cipher.update(block), cipher.final()]);
}

/** The block of GCM's counter mode with this number, which is 1 for the mask of the tag. */
function block(nonce: Uint8Array, number: number): Buffer {
  const counter = Buffer.alloc(16);
  counter.set(nonce);
  counter.writeUInt32BE(number, 12);
  return counter;
}

export function sealAuthentic(swarmKey: Uint8Array, plain: Uint8Array): Uint8Array {
  return Buffer.concat([plain, hmac(deriveKeys(swarmKey).authentic, plain).subarray(0, 16)]);
}

export function sealPrivate(swarmKey: Uint8Array, plain: Uint8Array, salt: Uint8Array): Uint8Array {
  const keys = deriveKeys(swarmKey);
  const nonce = hmac(keys.nonce, Buffer.concat([salt, plain])).subarray(0, 12);
  const clear = plain.subarray(0, CLEAR_BYTES);
  const body = plain.subarray(CLEAR_BYTES);
  const hidden = body.map((byte, i) => byte ^ aes(keys.private, block(nonce, 2 + (i >> 4)))[i & 15]);
  const mask = aes(keys.private, block(nonce, 1));
  const hash = ghash(aes(keys.private, Buffer.alloc(16)), clear, hidden);
  return Buffer.concat([clear, hidden, nonce, hash.map((byte, i) => byte ^ mask[i])]);
}
