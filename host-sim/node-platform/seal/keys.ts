/** The keys of a swarm: 32 random bytes that every member has, and what is derived from them for each purpose. */

import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';

export const SWARM_KEY_BYTES = 32;
/** One that seals, and one that is on its way in or out. */
export const SWARM_KEYS_MAX = 2;

/** The names are part of the format: docs/security.md. */
export type Purpose = 'lvs/1 authentic' | 'lvs/1 private' | 'lvs/1 nonce';

/**
 * A key of 32 bytes for one purpose: HKDF-Expand of one block (RFC 5869). A swarm key is random already, so there is
 * nothing to extract.
 */
export function deriveKey(swarmKey: Uint8Array, purpose: Purpose): KeyObject {
  return createSecretKey(createHmac('sha256', swarmKey).update(purpose).update(Uint8Array.of(1)).digest());
}

/** @throws RangeError unless there are one or two keys of 32 bytes */
export function checkKeys(keys: readonly Uint8Array[]): void {
  if (keys.length < 1 || keys.length > SWARM_KEYS_MAX) {
    throw new RangeError(`a swarm has 1 or ${SWARM_KEYS_MAX} keys at a time, not ${keys.length}`);
  }
  for (const { length } of keys) {
    if (length !== SWARM_KEY_BYTES) throw new RangeError(`a swarm key has ${SWARM_KEY_BYTES} bytes, not ${length}`);
  }
}
