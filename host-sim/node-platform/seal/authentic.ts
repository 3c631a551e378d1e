/** The seal that shows who is a member: HMAC-SHA-256 over the whole datagram, cut to 16 bytes (docs/security.md). */

import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';
import type { SealPort } from '../../../firmware/node.ts';
import { bytesOf } from './bytes.ts';
import { deriveKey } from './keys.ts';

const TAG_BYTES = 16;

export class AuthenticSeal implements SealPort {
  readonly overhead_bytes = TAG_BYTES;
  readonly #keys: readonly KeyObject[];

  constructor(swarmKeys: readonly Uint8Array[]) {
    this.#keys = swarmKeys.map((key) => deriveKey(key, 'lvs/1 authentic'));
  }

  close(view: DataView, length: number): void {
    bytesOf(view, length, TAG_BYTES).set(tagOf(this.#keys[0], view, length));
  }

  open(view: DataView, length: number): boolean {
    const given = bytesOf(view, length, TAG_BYTES);
    return this.#keys.some((key) => timingSafeEqual(tagOf(key, view, length), given));
  }
}

function tagOf(key: KeyObject, view: DataView, length: number): Uint8Array {
  return createHmac('sha256', key)
    .update(bytesOf(view, 0, length))
    .digest()
    .subarray(0, TAG_BYTES);
}
