import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../host-sim/world/random.ts';
import type { Random } from '../../../host-sim/world/random.ts';

function words(random: Random, count: number): number[] {
  return Array.from({ length: count }, () => random.word() >>> 0);
}

describe('published vectors', () => {
  // PractRand pre0.95, sfc32 seeded with the three words (0, low, high): what its own RNG_output prints for the first,
  // from the fourth word on, and what the Rust crate `sfc-prng` checks itself against for both.
  it('gives the words of seed (0, 0, 0)', () => {
    expect(words(createRandom(0), 16)).toEqual([
      0xfb52c520, 0x38802be1, 0x948279e6, 0xec4bf1d9, 0x7cb0a909, 0xfad8b4a8, 0x3ca4b808, 0x3821b4c5, 0x5e7023ca,
      0x50f26bf7, 0xf1e1b0a2, 0x6163032f, 0x3bf3c9a4, 0x6db6c5e0, 0x57331c8c, 0x2aaf9993,
    ]);
  });

  it('gives the words of seed (0, 2, 1), which reaches beyond 32 bits', () => {
    expect(words(createRandom(0x1_0000_0002), 8)).toEqual([
      0x03b80bb8, 0xa87dbc7e, 0x1787178c, 0x4c7b7234, 0xc65dade2, 0x2c692349, 0xf52c2153, 0xdf098072,
    ]);
  });
});

describe('draws', () => {
  it('gives words as int32', () => {
    const random = createRandom(1);
    for (let draw = 0; draw < 1000; draw++) {
      const word = random.word();
      expect(word).toBe(word | 0);
    }
  });

  it('spreads uniform draws evenly over [0, 1)', () => {
    const random = createRandom(2);
    const tenths = new Array<number>(10).fill(0);
    for (let draw = 0; draw < 100_000; draw++) tenths[Math.floor(random.uniform() * 10)]++;
    // Chi-squared with 9 degrees of freedom: beyond 27.9 once in 1,000 seeds.
    expect(tenths.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)).toBeLessThan(27.9);
    expect(tenths, 'a draw of 1 would have made an eleventh').toHaveLength(10);
  });

  it('draws every integer below n and nothing else', () => {
    const random = createRandom(3);
    const seen = new Set(Array.from({ length: 500 }, () => random.below(7)));
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(random.below(1)).toBe(0);
  });

  it('draws Gaussian values with mean 0 and standard deviation 1', () => {
    const random = createRandom(4);
    const values = Array.from({ length: 100_000 }, () => random.gauss());
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    const beyond = (limit: number): number => values.filter((value) => Math.abs(value) > limit).length / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.015);
    expect(Math.abs(variance - 1)).toBeLessThan(0.02);
    expect(Math.abs(beyond(1) - 0.317)).toBeLessThan(0.008);
    expect(Math.abs(beyond(2) - 0.0455)).toBeLessThan(0.004);
  });
});

describe('fork', () => {
  it('depends on seed and label, not on what was drawn before', () => {
    const untouched = createRandom(5);
    const drawn = createRandom(5);
    words(drawn, 100);
    expect(words(drawn.fork(9), 8)).toEqual(words(untouched.fork(9), 8));
  });

  it('does not disturb the stream that it is taken from', () => {
    const forked = createRandom(5);
    forked.fork(1);
    expect(words(forked, 8)).toEqual(words(createRandom(5), 8));
  });

  it('gives every label, depth and seed a stream of its own', () => {
    const firsts = new Set<string>();
    const note = (random: Random): unknown => firsts.add(words(random, 4).join());
    for (let seed = 0; seed < 10; seed++) {
      const root = createRandom(seed);
      note(root);
      for (let label = -50; label < 50; label++) {
        note(root.fork(label));
        note(root.fork(label).fork(label));
      }
    }
    expect(firsts.size).toBe(10 * (1 + 100 + 100));
  });

  it('gives streams that do not follow each other', () => {
    const root = createRandom(6);
    const [left, right] = [root.fork(1), root.fork(2)];
    let product = 0;
    const draws = 100_000;
    for (let draw = 0; draw < draws; draw++) product += (left.uniform() - 0.5) * (right.uniform() - 0.5);
    // Standard deviation of the correlation: 1 / sqrt(draws), here 0.003.
    expect(Math.abs((12 * product) / draws)).toBeLessThan(0.012);
  });
});

describe('bad arguments', () => {
  it.each([-1, 0.5, NaN, Infinity, 2 ** 53])('refuses the seed %d and says what is allowed', (seed) => {
    expect(() => createRandom(seed)).toThrow('must be an integer from 0 to 9007199254740991');
  });

  it.each([0, -1, NaN, 2 ** 33])('refuses below(%d)', (n) => {
    expect(() => createRandom(1).below(n)).toThrow('n must be from 1 to 4294967296');
  });

  it.each([0.5, NaN, 2 ** 32])('refuses fork(%d)', (label) => {
    expect(() => createRandom(1).fork(label)).toThrow('the label must be a 32-bit integer');
  });
});
