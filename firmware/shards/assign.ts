/**
 * Who holds which shard: rendezvous hashing (Thaler and Ravishankar 1998) on random words that nodes announce in beacons.
 * A node that leaves moves only its own shards; nobody assigns, and nobody's name is needed. A node that does not hold a
 * shard still sends its own contributions to it, and keeps its peers'; it does not compute or answer for its keys.
 */

import { mix32 } from '../fixed/hash.ts';
import { NONE } from '../platform.ts';
import type { ShardState } from '../types/state.ts';
import { NONCE, type PeerTable, ROW } from '../types/table.ts';

/** Up to this many nodes everyone holds everything: dividing would save less than it risks. */
export const UNDIVIDED_NODES = 16;

/** Unsigned rank of a nonce for a shard: the highest ones hold it. */
export function shardScore(nonce: number, shard: number): number {
  return mix32(nonce ^ mix32(shard + 1)) >>> 0;
}

/** Deals the shards anew from the nonces known; a peer whose beacon has not come yet does not count against us. */
export function rebalanceShards(table: PeerTable, state: ShardState, nonce: number, replicas: number): void {
  const divided = state.shards > 1 && table.count > UNDIVIDED_NODES;
  for (let shard = 0; shard < state.shards; shard++) {
    hold(state, shard, !divided || rank(table, nonce, shard) < replicas);
  }
}

/** How many peers rank above us for the shard. */
function rank(table: PeerTable, nonce: number, shard: number): number {
  const own = shardScore(nonce, shard);
  let above = 0;
  for (let slot = 1; slot < table.count; slot++) {
    const other = table.rows[slot * ROW + NONCE];
    if (other !== 0 && shardScore(other, shard) > own) above++;
  }
  return above;
}

/** Takes the keys of a shard over, to start from the peers' contributions, or lets go of them. */
function hold(state: ShardState, shard: number, held: boolean): void {
  for (let key = 0; key < state.keys; key++) {
    if (state.shardOf[key] !== shard || (state.held[key] === 1) === held) continue;
    state.held[key] = held ? 1 : 0;
    state.b[key] = NONE;
    state.life[key] = 0;
    state.recovering[key] = 0;
    state.disagreed[key] = 0;
  }
}
