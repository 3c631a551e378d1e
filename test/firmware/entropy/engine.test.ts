import { describe, expect, it } from 'vitest';
import {
  cacheEntropy,
  calculateLoad,
  ENTROPY_CACHE,
  ENTROPY_WORDS,
  generateEntropy,
  mixEntropyCache,
  normalizeEntropy,
  syncEntropy,
} from '../../../firmware/entropy/engine.ts';
import { createPool, draw } from '../../../firmware/entropy/pool.ts';
import { createShardState } from '../../../firmware/shards/state.ts';
import { createRandom } from '../../../host-sim/world/random.ts';
import { FakePeer } from '../fake-peer.ts';
import { api, createHarness, ONE, testKey } from '../harness.ts';
import type { Harness } from '../harness.ts';

const stateOf = (): ReturnType<typeof createShardState> =>
  createShardState({ ...api.defaultSettings(), keys: [testKey()] }, ENTROPY_CACHE);

describe('normalizeEntropy', () => {
  it.each([
    { vector: [0, 0, 0, 0], good: false },
    { vector: [-1, -1, -1, -1], good: false },
    { vector: [77, 77], good: false },
    { vector: [77, 78], good: true },
    { vector: [0, 0, 0, 1], good: true },
  ])('$vector: $good', ({ vector, good }) => {
    expect(normalizeEntropy(Int32Array.from(vector), vector.length)).toBe(good);
  });

  it('looks at the words of the vector alone', () => {
    expect(normalizeEntropy(Int32Array.of(5, 5, 9), 2)).toBe(false);
  });

  it('whitens: small numbers get bits all over', () => {
    const vector = Int32Array.of(9, 2, 9, 2, 9, 2, 9, 2);
    normalizeEntropy(vector, 8);
    const bits = [...vector].map((word) => (word >>> 0).toString(2).replaceAll('0', '').length);
    expect(Math.min(...bits)).toBeGreaterThan(6);
  });

  it('does not make a vector that counts one of the same word over and over', () => {
    const vector = Int32Array.of(0, 1, 2, 3, 4, 5, 6, 7);
    normalizeEntropy(vector, 8);
    expect(new Set(vector).size).toBe(8);
  });
});

describe('generateEntropy', () => {
  it('fills four words, new ones each time', () => {
    const pool = createPool();
    const random = createRandom(1);
    const vector = new Int32Array(8);
    const seen = new Set<number>();
    for (let i = 0; i < 100; i++) {
      generateEntropy(vector, pool, random);
      for (let word = 0; word < ENTROPY_WORDS; word++) seen.add(vector[word]);
      expect([...vector.subarray(ENTROPY_WORDS)]).toEqual([0, 0, 0, 0]);
    }
    expect(seen.size).toBe(100 * ENTROPY_WORDS);
  });

  it('does not give the bare words of the pool, which would tell all that it will ever draw', () => {
    const [pool, twin] = [createPool(), createPool()];
    const vector = new Int32Array(8);
    generateEntropy(vector, pool, { word: () => 0 });
    const bare = Array.from({ length: ENTROPY_WORDS }, () => draw(twin));
    expect([...vector.subarray(0, ENTROPY_WORDS)].filter((word) => bare.includes(word))).toEqual([]);
  });
});

describe('the entropy cache', () => {
  it('gives its words to the pool, each with one of hardware, and is empty then', () => {
    const state = stateOf();
    cacheEntropy(state, Int32Array.of(1, 2, 3), 3);
    expect(state.entropyCount).toBe(3);
    let asked = 0;
    mixEntropyCache(createPool(), { word: () => ++asked }, state);
    expect([asked, state.entropyCount]).toEqual([3, 0]);
  });

  it('keeps 8 words of many, and never grows', () => {
    const state = stateOf();
    for (let i = 0; i < 1000; i++) cacheEntropy(state, Int32Array.of(4 * i, 4 * i + 1, 4 * i + 2, 4 * i + 3), 4);
    expect([...state.entropyCache]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(state.entropyCount).toBe(8);
  });

  it.each([2, 3, 5, 16])('of %i packets of one cycle gives 8 words to the pool', (packets) => {
    const state = stateOf();
    for (let i = 0; i < packets; i++) cacheEntropy(state, Int32Array.of(1, 2, 3, 4), 4);
    let asked = 0;
    mixEntropyCache(createPool(), { word: () => ++asked }, state);
    expect(asked).toBe(8);
  });

  it('changes what the pool draws', () => {
    const drawn = (words: number[]): number => {
      const state = stateOf();
      const pool = createPool();
      syncEntropy(pool, createRandom(1), state);
      cacheEntropy(state, Int32Array.from(words), words.length);
      mixEntropyCache(pool, { word: () => 0 }, state);
      return draw(pool);
    };
    expect(drawn([1, 2])).not.toBe(drawn([1, 3]));
  });
});

describe('calculateLoad', () => {
  const load = (measured: number, handled: number, limit: number): number =>
    calculateLoad({ battery: () => api.NONE, load: () => measured }, handled, limit);

  it('is what the platform measures', () => {
    expect(load(30_000, 99, 100)).toBe(30_000);
    expect(load(70_000, 0, 100)).toBe(ONE);
  });

  it('is the share of the datagrams that could be handled, where it cannot', () => {
    expect([load(api.NONE, 0, 100), load(api.NONE, 50, 100), load(api.NONE, 100, 100)]).toEqual([0, ONE / 2, ONE]);
    expect(load(api.NONE, 100_000, 100)).toBe(ONE);
  });
});

describe('a node', () => {
  const hasEntropy = (view: DataView): boolean => {
    for (let at = 18; at < view.byteLength; at += 3 + view.getUint16(at + 1)) if (view.getUint8(at) === 1) return true;
    return false;
  };
  const cachedAfter = (harness: Harness): number => harness.node.parts.state.entropyCount;

  it('sends an entropy packet in one cycle of eight', () => {
    const harness = createHarness();
    const cycles = Array.from({ length: 64 }, () => hasEntropy(harness.cycle()));
    expect(cycles.filter(Boolean)).toHaveLength(8);
    expect(cycles.indexOf(true) % 8).toBe(cycles.lastIndexOf(true) % 8);
  });

  it('takes a received vector in, and mixes it with its next cycle', () => {
    const harness = createHarness();
    new FakePeer(harness, 11).tell({ ep: { stamp: 5, words: [1, 2, 3, 4] } });
    expect(cachedAfter(harness)).toBe(4);
    harness.cycle();
    expect(cachedAfter(harness)).toBe(0);
  });

  it('does not take in a vector of one word over and over', () => {
    const harness = createHarness();
    new FakePeer(harness, 11).tell({ ep: { stamp: 5, words: [9, 9, 9, 9] } });
    expect(cachedAfter(harness)).toBe(0);
  });

  it('does not take in a packet with the stamp of the one before', () => {
    const harness = createHarness();
    const peer = new FakePeer(harness, 11);
    peer.tell({ ep: { stamp: 5, words: [1, 2, 3, 4] } });
    peer.tell({ ep: { stamp: 5, words: [5, 6, 7, 8] } });
    expect(cachedAfter(harness)).toBe(4);
    peer.tell({ ep: { stamp: 6, words: [5, 6, 7, 8] } });
    expect(cachedAfter(harness)).toBe(8);
  });

  it('draws a tag and phase that depend on its hardware alone until somebody is heard', () => {
    const tagOf = (seed: number): number => createHarness({ seed }).node.parts.transport.tag;
    expect(tagOf(1)).toBe(tagOf(1));
    expect(new Set([1, 2, 3, 4, 5].map(tagOf)).size).toBe(5);
  });
});
