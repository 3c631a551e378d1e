/** The entropy engine: makes the vector of an entropy packet, checks and whitens a received one, and reckons the load. */

import { mix32 } from '../fixed/hash.ts';
import { clamp, divideFloor, ONE } from '../fixed/q16.ts';
import type { RandomPort, VitalsPort } from '../platform.ts';
import { NONE } from '../platform.ts';
import type { ShardState } from '../types/state.ts';
import { draw, mix, type Pool } from './pool.ts';

/** Words of the vectors that this node sends. */
export const ENTROPY_WORDS = 4;
/** Words that a received vector may have. */
export const ENTROPY_WORDS_MAX = 8;
/** Words of received packets that wait for the next cycle: two packets. More are not needed, since each one only adds. */
export const ENTROPY_CACHE = 8;

/** Steps of the pool before it is first used, so that every bit of it depends on the hardware's words. */
const POOL_WARMUP = 20;

/** Fills the pool from hardware randomness and whatever entropy came in while the node was starting. */
export function syncEntropy(pool: Pool, random: RandomPort, state: ShardState): void {
  for (let i = 0; i < 4; i++) mix(pool, random.word(), random.word());
  mixEntropyCache(pool, random, state);
  for (let i = 0; i < POOL_WARMUP; i++) draw(pool);
}

/**
 * Fills vector[0..ENTROPY_WORDS). Each word is hashed with fresh hardware randomness, because the pool is linear: four
 * of its bare outputs would tell a listener all that it will ever draw.
 */
export function generateEntropy(vector: Int32Array, pool: Pool, random: RandomPort): void {
  for (let i = 0; i < ENTROPY_WORDS; i++) vector[i] = mix32(draw(pool) ^ random.word());
}

/**
 * Whitens a received vector in place. False for one that carries nothing (every word the same, as a stuck generator
 * sends), which is then not used.
 */
export function normalizeEntropy(vector: Int32Array, words: number): boolean {
  let different = 0;
  for (let i = 1; i < words; i++) different |= vector[i] ^ vector[0];
  if (different === 0) return false;
  for (let i = 0; i < words; i++) vector[i] = mix32(mix32(vector[i]) ^ i);
  return true;
}

/** Keeps a normalised vector for the next cycle, as far as there is room. */
export function cacheEntropy(state: ShardState, vector: Int32Array, words: number): void {
  let count = state.entropyCount;
  for (let i = 0; i < words && count < ENTROPY_CACHE; i++) state.entropyCache[count++] = vector[i];
  state.entropyCount = count;
}

/** Mixes the cached words into the pool, each together with a word of hardware randomness, and empties the cache. */
export function mixEntropyCache(pool: Pool, random: RandomPort, state: ShardState): void {
  const words = state.entropyCount;
  for (let i = 0; i < words; i++) mix(pool, state.entropyCache[i], random.word());
  state.entropyCount = 0;
}

/**
 * The load, 0 to 65,536: what the platform measures, or where it cannot, the share of the datagrams that a node is ready
 * to handle in a cycle which it did handle.
 */
export function calculateLoad(vitals: VitalsPort, handled: number, limit: number): number {
  const measured = vitals.load();
  if (measured !== NONE) return clamp(measured, 0, ONE);
  return handled >= limit ? ONE : divideFloor(handled * ONE, limit);
}
