/** A swarm key: 32 random bytes. In files it is base64url text of 43 letters (RFC 4648, section 5), on a board a blob. */
import { createHash, randomBytes } from 'node:crypto';

export const KEY_BYTES = 32;
const TEXT = /^[A-Za-z0-9_-]{43}=?$/;

export function makeSwarmKey(): string {
  return randomBytes(KEY_BYTES).toString('base64url');
}

/** The bytes of a key's text; undefined for what is no key. */
export function swarmKeyBytes(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text.trim(), 'base64url');
  return TEXT.test(text.trim()) && bytes.length === KEY_BYTES ? new Uint8Array(bytes) : undefined;
}

/** Tells two keys apart without telling either: the first 8 hexadecimal digits of its SHA-256. */
export function fingerprint(key: Uint8Array): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 8);
}
