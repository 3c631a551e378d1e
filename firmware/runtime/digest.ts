/** A node's state in 32 bits, for traces: two runs are the same when these are, after every cycle. */

import { mix32 } from '../fixed/hash.ts';
import type { Parts } from './parts.ts';

/** Folds in the pool, the session, the table's size, the drops, and every key's state. */
export function digest(node: Parts): number {
  const { pool, state, transport, power } = node;
  let h = mix32(pool.s0 ^ mix32(transport.tag)) ^ transport.cycle;
  h = mix32(h ^ (transport.table.count << 8) ^ transport.relayed ^ (power.low ? 0x40000000 : 0));
  for (let i = 0; i < transport.drops.length; i++) h = (h + transport.drops[i] * (i + 1)) | 0;
  for (let key = 0; key < state.keys; key++) {
    h = mix32(h ^ state.b[key]);
    h = mix32(h ^ state.x[key]) ^ state.energy[key] ^ (state.recovering[key] << 31) ^ state.life[key];
  }
  return h;
}
