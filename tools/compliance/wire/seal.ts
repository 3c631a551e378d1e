/**
 * Seals datagrams as the members of a closed swarm do: HMAC-SHA-256 cut to 16 bytes, or AES-256-GCM over everything
 * behind the swarm id. Written from docs/security.md, on `node:crypto`.
 */
import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { systemReason, UsageError } from '../../cli/errors.ts';

const KEY_BYTES = 32;
const KEYS_MAX = 2;
const TAG_BYTES = 16;
const NONCE_BYTES = 12;
/** Magic, version, flags and swarm id stay readable. */
const CLEAR_BYTES = 6;
const GROUP_AND_OTHERS = 0o077;

export interface Seal {
  /** Bytes behind the messages. */
  readonly bytes: number;
  readonly name: string;
  close(open: Buffer): Buffer;
  /** The datagram as it was before, and its tag behind it; null where the tag is wrong. */
  open(sealed: Buffer): Buffer | null;
}

/** HKDF-Expand of one block (RFC 5869). */
function derive(key: Buffer, purpose: string): Buffer {
  return createHmac('sha256', key).update(purpose).update(Uint8Array.of(1)).digest();
}

export function authenticSeal(keys: readonly Buffer[]): Seal {
  const derived = keys.map((key) => derive(key, 'lvs/1 authentic'));
  const tagOf = (key: Buffer, bytes: Buffer): Buffer =>
    createHmac('sha256', key).update(bytes).digest().subarray(0, TAG_BYTES);
  return {
    bytes: TAG_BYTES,
    name: 'authentic',
    close: (open) => Buffer.concat([open, tagOf(derived[0], open)]),
    open: (sealed) => {
      const end = sealed.length - TAG_BYTES;
      if (end < CLEAR_BYTES) return null;
      const given = sealed.subarray(end);
      return derived.some((key) => timingSafeEqual(tagOf(key, sealed.subarray(0, end)), given)) ? sealed : null;
    },
  };
}

export function privateSeal(keys: readonly Buffer[]): Seal {
  const derived = keys.map((key) => derive(key, 'lvs/1 private'));
  return {
    bytes: NONCE_BYTES + TAG_BYTES,
    name: 'private',
    close: (open) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', derived[0], nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(open.subarray(0, CLEAR_BYTES));
      const body = Buffer.concat([cipher.update(open.subarray(CLEAR_BYTES)), cipher.final()]);
      return Buffer.concat([open.subarray(0, CLEAR_BYTES), body, nonce, cipher.getAuthTag()]);
    },
    open: (sealed) => {
      for (const key of derived) {
        const plain = decrypt(key, sealed);
        if (plain !== null) return plain;
      }
      return null;
    },
  };
}

function decrypt(key: Buffer, sealed: Buffer): Buffer | null {
  const end = sealed.length - NONCE_BYTES - TAG_BYTES;
  if (end < CLEAR_BYTES) return null;
  const nonce = sealed.subarray(end, end + NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(sealed.subarray(0, CLEAR_BYTES));
  decipher.setAuthTag(sealed.subarray(end + NONCE_BYTES));
  try {
    const body = Buffer.concat([decipher.update(sealed.subarray(CLEAR_BYTES, end)), decipher.final()]);
    return Buffer.concat([sealed.subarray(0, CLEAR_BYTES), body, sealed.subarray(end)]);
  } catch {
    return null;
  }
}

/** The seal that the target uses is told by its own datagrams: the one under which the first of them opens. */
export function swarmSeal(keys: readonly Buffer[]): Seal {
  const seals = [authenticSeal(keys), privateSeal(keys)];
  let found: Seal | null = null;
  return {
    get bytes() {
      return (found ?? seals[0]).bytes;
    },
    get name() {
      return (found ?? seals[0]).name;
    },
    close: (open) => (found ?? seals[0]).close(open),
    open: (sealed) => {
      for (const seal of found === null ? seals : [found]) {
        const open = seal.open(sealed);
        if (open === null) continue;
        found = seal;
        return open;
      }
      return null;
    },
  };
}

/**
 * One key a line, 43 characters of base64url; the first one seals, each opens.
 * @throws UsageError naming the file and what is wrong; no part of a key is in it
 */
export function readKeys(path: string): Buffer[] {
  const lines = readOwn(path)
    .replace(/\r?\n$/, '')
    .split(/\r?\n/);
  const keys = lines.map((line) => Buffer.from(line, 'base64url'));
  const isKey = (key: Buffer, i: number): boolean => key.length === KEY_BYTES && key.toString('base64url') === lines[i];
  if (keys.length <= KEYS_MAX && keys.every(isKey)) return keys;
  throw new UsageError(
    `--key-file ${path}: must be one or two lines of 43 characters, each base64url of ${KEY_BYTES} bytes`,
  );
}

function readOwn(path: string): string {
  let file = -1;
  try {
    file = openSync(path, 'r');
    const { mode } = fstatSync(file);
    if (process.platform !== 'win32' && (mode & GROUP_AND_OTHERS) !== 0) {
      throw new UsageError(`--key-file ${path}: others than its owner may read it; run: chmod 600 ${path}`);
    }
    return readFileSync(file, 'latin1');
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`--key-file ${path}: cannot be read: ${systemReason(error)}`);
  } finally {
    if (file >= 0) closeSync(file);
  }
}
