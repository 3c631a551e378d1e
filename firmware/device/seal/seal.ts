/** The seal port on the SDK's `crypt`: the first key seals, each opens, so that a swarm changes its key while it runs. */

import type { SealPort } from '../../platform.ts';
import { AuthenticSeal } from './authentic.ts';
import type { Crypt } from './crypt.ts';
import { PrivateSeal } from './private.ts';
import type { SealSettings } from './settings.ts';

export interface SealOptions {
  settings: SealSettings;
  crypt: Crypt;
  /** 32 bits of hardware randomness. */
  random: () => number;
}

export function createSeal({ settings, crypt, random }: SealOptions): SealPort {
  const hash = new crypt.Digest('SHA256');
  return settings.private
    ? new PrivateSeal({ crypt, hash, swarmKeys: settings.keys, random })
    : new AuthenticSeal(hash, settings.keys);
}
