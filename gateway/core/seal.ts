/** The swarm's seal, from its key files. */
import { createSeal, type SwarmSeal } from '../../host-sim/node-platform/seal/seal.ts';
import { EXIT_KEY_UNREADABLE, NodeFailure } from '../../host-sim/node-platform/failure.ts';
import type { SwarmConfig } from '../config/config.ts';
import { readKeys } from '../config/secrets.ts';

/** @throws NodeFailure */
export function swarmKeys({ key_file, key_file_old }: SwarmConfig): Uint8Array[] {
  const { value, says } = readKeys([key_file, key_file_old]);
  if (says !== '') throw new NodeFailure(EXIT_KEY_UNREADABLE, says);
  return value;
}

/** Null for an open swarm. */
export function swarmSeal(swarm: SwarmConfig): SwarmSeal | null {
  const keys = swarmKeys(swarm);
  return keys.length === 0 ? null : createSeal(keys, { private: swarm.private });
}
