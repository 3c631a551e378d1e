/** The seal port on `node:crypto`: the first key seals, each opens, so that a swarm changes its key while it runs. */

import { randomFillSync } from 'node:crypto';
import type { SealPort } from '../../../firmware/node.ts';
import { AuthenticSeal } from './authentic.ts';
import { checkKeys } from './keys.ts';
import { PrivateSeal } from './private.ts';

export interface SealOptions {
  /** Whether what is said is hidden too. All members of a swarm must be told alike. */
  private: boolean;
  /** Fills bytes with randomness, for nonces; the system's unless given. */
  random?: (into: Uint8Array) => void;
}

/** A seal whose keys can change while the node runs. Its overhead stays: 16 bytes, or 28 when it is private. */
export interface SwarmSeal extends SealPort {
  /**
   * From now on the first of these seals, and each opens.
   * @throws RangeError unless there are one or two keys of 32 bytes; the keys from before then stay
   */
  setKeys(keys: readonly Uint8Array[]): void;
}

/**
 * @param keys one or two keys of 32 random bytes each (`readKeyFile`)
 * @throws RangeError when they are not
 */
export function createSeal(keys: readonly Uint8Array[], options: SealOptions): SwarmSeal {
  const random = options.random ?? ((into) => randomFillSync(into));
  const sealWith = (given: readonly Uint8Array[]): SealPort => {
    checkKeys(given);
    return options.private ? new PrivateSeal(given, random) : new AuthenticSeal(given);
  };
  let seal = sealWith(keys);
  return {
    overhead_bytes: seal.overhead_bytes,
    close: (view, length) => seal.close(view, length),
    open: (view, length) => seal.open(view, length),
    setKeys: (given) => {
      seal = sealWith(given);
    },
  };
}
