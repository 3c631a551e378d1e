/** The seal that shows who is a member: HMAC-SHA-256 over the whole datagram, cut to 16 bytes (docs/security.md). */

import type { SealPort } from '../../platform.ts';
import type { Digest } from './crypt.ts';
import { deriveKey, Hmac } from './hmac.ts';

const TAG_BYTES = 16;

export class AuthenticSeal implements SealPort {
  readonly overhead_bytes = TAG_BYTES;
  readonly #macs: readonly Hmac[];

  constructor(hash: Digest, swarmKeys: readonly ArrayBuffer[]) {
    this.#macs = swarmKeys.map((key) => new Hmac(hash, deriveKey(hash, key, 'lvs/1 authentic')));
  }

  close(view: DataView, length: number): void {
    const tag = tagOf(this.#macs[0], view, length);
    for (let i = 0; i < TAG_BYTES; i += 4) view.setInt32(length + i, tag.getInt32(i));
  }

  open(view: DataView, length: number): boolean {
    for (let key = 0; key < this.#macs.length; key++) {
      const tag = tagOf(this.#macs[key], view, length);
      // Looks at all of the tag in any case: the time it takes says nothing about how much of a guess was right.
      let wrong = 0;
      for (let i = 0; i < TAG_BYTES; i += 4) wrong |= view.getInt32(length + i) ^ tag.getInt32(i);
      if (wrong === 0) return true;
    }
    return false;
  }
}

function tagOf(mac: Hmac, view: DataView, length: number): DataView {
  mac.begin();
  mac.write(new Uint8Array(view.buffer, view.byteOffset, length));
  return new DataView(mac.end());
}
