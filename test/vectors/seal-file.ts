/** `seal.json`: what it holds, and how the two implementations and the reference are held to it. */
import { readFileSync } from 'node:fs';
import type { SealPort } from '../../firmware/node.ts';

export interface SealCase {
  /** `close`: `sealed` is what comes of `plain` and `salt`. `open`: the other way round. `refuse`: `sealed` is refused. */
  kind: 'close' | 'open' | 'refuse';
  name: string;
  mode: 'authentic' | 'private';
  /** Names of keys; the first one seals. */
  keys: string[];
  /** 16 random bytes, for closing in private mode. */
  salt?: string;
  plain?: string;
  sealed: string;
}

export interface SealFile {
  about: string;
  keys: Record<string, { swarm_key: string; authentic: string; private: string; nonce: string }>;
  cases: SealCase[];
}

export function loadSealVectors(): SealFile {
  return JSON.parse(readFileSync(new URL('seal.json', import.meta.url), 'utf8')) as SealFile;
}

export const fromHex = (hex: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(hex, 'hex'));
export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Closes in a buffer with something before and behind it, as a node's is, and returns the sealed datagram. */
export function closed(seal: SealPort, plain: Uint8Array): Uint8Array<ArrayBuffer> {
  const around = new Uint8Array(3 + plain.length + seal.overhead_bytes + 40).fill(0xaa);
  around.set(plain, 3);
  const length = plain.length + seal.overhead_bytes;
  seal.close(new DataView(around.buffer, 3), plain.length);
  if (
    around.subarray(0, 3).some((byte) => byte !== 0xaa) ||
    around.subarray(3 + length).some((byte) => byte !== 0xaa)
  ) {
    throw new Error('the seal wrote beside the datagram');
  }
  return around.slice(3, 3 + length);
}

/** The datagram without its seal, or null when it was refused; a refused one must be as it was. */
export function opened(seal: SealPort, sealed: Uint8Array): Uint8Array<ArrayBuffer> | null {
  const around = new Uint8Array(5 + sealed.length).fill(0xbb);
  around.set(sealed, 5);
  const length = sealed.length - seal.overhead_bytes;
  if (seal.open(new DataView(around.buffer, 5), length)) return around.slice(5, 5 + length);
  if (Buffer.compare(around.subarray(5), sealed) !== 0) throw new Error('the seal changed a datagram that it refused');
  return null;
}

/** Makes a seal of the implementation under test; its next nonce is made with `salt`. */
export type SealMaker = (keys: Uint8Array<ArrayBuffer>[], hidden: boolean, salt: Uint8Array) => SealPort;

/** What came of the case, and what should. */
export function runSealCase(file: SealFile, one: SealCase, make: SealMaker): { is: string; shall: string } {
  const keys = one.keys.map((name) => fromHex(file.keys[name].swarm_key));
  const seal = make(keys, one.mode === 'private', fromHex(one.salt ?? ''));
  if (one.kind === 'close') return { is: toHex(closed(seal, fromHex(one.plain ?? ''))), shall: one.sealed };
  const plain = opened(seal, fromHex(one.sealed));
  return {
    is: plain === null ? 'refused' : toHex(plain),
    shall: one.kind === 'refuse' ? 'refused' : (one.plain ?? ''),
  };
}
