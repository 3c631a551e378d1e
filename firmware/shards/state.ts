/**
 * Makes the state of a node that knows nothing yet. Its arrays are views of one buffer: an array with a buffer of its own
 * takes 64 bytes more of an ESP32's heap.
 */

import { hashText } from '../fixed/hash.ts';
import { ONE } from '../fixed/q16.ts';
import { NONE } from '../platform.ts';
import { type Settings, shardCount } from '../settings.ts';
import type { ShardState } from '../types/state.ts';

/** Energy that a key starts with: 1.0 in its unit, so that the first steps after the warm-up are not taken for anomalies. */
export const ENERGY_START = ONE;

/** int32 arrays with a word for each key, and arrays with a byte for each. */
const WORD_ARRAYS = 10;
const BYTE_ARRAYS = 4;

/** @param entropyCache words of received entropy that may wait for a cycle */
export function createShardState(settings: Settings, entropyCache: number): ShardState {
  const keys = settings.keys.length;
  const shards = shardCount(settings);
  const buffer = new ArrayBuffer((WORD_ARRAYS * keys + entropyCache) * 4 + BYTE_ARRAYS * keys);
  let used = 0;
  const words = (n: number, value: number): Int32Array => {
    const view = new Int32Array(buffer, used, n).fill(value);
    used += 4 * n;
    return view;
  };
  const bytes = (value: number): Uint8Array => {
    const view = new Uint8Array(buffer, used, keys).fill(value);
    used += keys;
    return view;
  };
  const state: ShardState = {
    keys,
    b: words(keys, NONE),
    x: words(keys, NONE),
    target: words(keys, NONE),
    sensors: words(keys, 0),
    med: words(keys, NONE),
    cap: words(keys, 0),
    energy: words(keys, ENERGY_START),
    drainBase: words(keys, 0),
    life: words(keys, 0),
    nameHash: words(keys, 0),
    entropyCache: words(entropyCache, 0),
    entropyCount: 0,
    held: bytes(1),
    recovering: bytes(0),
    disagreed: bytes(0),
    shardOf: bytes(0),
    shards,
  };
  for (let key = 0; key < keys; key++) {
    state.nameHash[key] = hashText(settings.keys[key].name, 0);
    state.shardOf[key] = (state.nameHash[key] >>> 0) % shards;
  }
  return state;
}

/** The keys of each shard, in the order in which a diff vector has them. */
export function keysOfShards(state: ShardState): number[][] {
  const lists: number[][] = [];
  for (let shard = 0; shard < state.shards; shard++) lists.push([]);
  for (let key = 0; key < state.keys; key++) lists[state.shardOf[key]].push(key);
  return lists;
}
