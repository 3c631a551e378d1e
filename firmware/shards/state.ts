/** Makes the state of a node that knows nothing yet. */

import { hashText } from '../fixed/hash.ts';
import { ONE } from '../fixed/q16.ts';
import { NONE } from '../platform.ts';
import { type Settings, shardCount } from '../settings.ts';
import type { ShardState } from '../types/state.ts';

/** Energy that a key starts with: 1.0 in its unit, so that the first steps after the warm-up are not taken for anomalies. */
export const ENERGY_START = ONE;

/** @param entropyCache words of received entropy that may wait for a cycle */
export function createShardState(settings: Settings, entropyCache: number): ShardState {
  const keys = settings.keys.length;
  const shards = shardCount(settings);
  const state: ShardState = {
    keys,
    b: new Int32Array(keys).fill(NONE),
    x: new Int32Array(keys).fill(NONE),
    target: new Int32Array(keys).fill(NONE),
    sensors: new Int32Array(keys),
    med: new Int32Array(keys).fill(NONE),
    cap: new Int32Array(keys),
    energy: new Int32Array(keys).fill(ENERGY_START),
    drainBase: new Int32Array(keys),
    life: new Int32Array(keys),
    held: new Uint8Array(keys).fill(1),
    recovering: new Uint8Array(keys),
    disagreed: new Uint8Array(keys),
    shardOf: new Uint8Array(keys),
    shards,
    entropyCache: new Int32Array(entropyCache),
    entropyCount: 0,
  };
  for (let key = 0; key < keys; key++) state.shardOf[key] = (hashText(settings.keys[key].name, 0) >>> 0) % shards;
  return state;
}

/** The keys of each shard, in the order in which a diff vector has them. */
export function keysOfShards(state: ShardState): number[][] {
  const lists: number[][] = [];
  for (let shard = 0; shard < state.shards; shard++) lists.push([]);
  for (let key = 0; key < state.keys; key++) lists[state.shardOf[key]].push(key);
  return lists;
}
