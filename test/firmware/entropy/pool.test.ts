import { describe, expect, it } from 'vitest';
import { createPool, draw, mix } from '../../../firmware/entropy/pool.ts';
import type { Pool } from '../../../firmware/entropy/pool.ts';
import { createRandom } from '../../../host-sim/world/random.ts';

const words = (pool: Pool): number[] => [pool.s0, pool.s1, pool.s2, pool.s3];
const isZero = (pool: Pool): boolean => words(pool).every((word) => word === 0);

describe('the pool is never zero', () => {
  it('from the start, over draws', () => {
    const pool = createPool();
    for (let i = 0; i < 10_000; i++) {
      expect(isZero(pool)).toBe(false);
      draw(pool);
    }
  });

  it('when the words that come in would cancel it', () => {
    const pool = createPool();
    for (let i = 0; i < 1000; i++) {
      [pool.s1, pool.s3] = [0, 0];
      // Both words cancel what the pool holds where they go in.
      mix(pool, pool.s0, pool.s2);
      expect(isZero(pool), `mix ${i}`).toBe(false);
    }
  });

  it('whatever comes in', () => {
    const random = createRandom(51);
    const pool = createPool();
    for (let i = 0; i < 10_000; i++) {
      mix(pool, random.below(3) === 0 ? pool.s0 : random.word(), random.below(3) === 0 ? 0 : random.word());
      expect(isZero(pool)).toBe(false);
    }
  });
});

describe('draw', () => {
  it('gives the words of xorshift128 (Marsaglia 2003)', () => {
    // His example state. The words are those of his `xor128`, run by hand: t = x ^ (x << 11); ...
    const reference = { x: 123456789, y: 362436069, z: 521288629, w: 88675123 };
    const marsaglia = (): number => {
      const t = reference.x ^ (reference.x << 11);
      reference.x = reference.y;
      reference.y = reference.z;
      reference.z = reference.w;
      reference.w = reference.w ^ (reference.w >>> 19) ^ (t ^ (t >>> 8));
      return reference.w;
    };
    const pool: Pool = { s3: reference.x, s2: reference.y, s1: reference.z, s0: reference.w };
    const drawn = Array.from({ length: 5 }, () => draw(pool) >>> 0);
    expect(drawn).toEqual([3701687786, 458299110, 2500872618, 3633119408, 516391518]);
    expect(Array.from({ length: 5 }, () => marsaglia() >>> 0)).toEqual(drawn);
  });

  it('gives int32', () => {
    const pool = createPool();
    for (let i = 0; i < 1000; i++) {
      const word = draw(pool);
      expect(word).toBe(word | 0);
    }
  });
});

describe('hostile words', () => {
  /** A pool that took in the attacker's word with a hardware word of its own each time, `rounds` times. */
  function attacked(attack: (pool: Pool) => number, seed: number, rounds: number): Pool {
    const hardware = createRandom(seed);
    const pool = createPool();
    for (let i = 0; i < rounds; i++) mix(pool, attack(pool), hardware.word());
    return pool;
  }

  it('cannot fix the pool, even from somebody who sees all of it', () => {
    const zeroing = (pool: Pool): number => pool.s0;
    const ends = new Set(Array.from({ length: 200 }, (_, seed) => words(attacked(zeroing, seed, 4)).join()));
    expect(ends.size).toBe(200);
  });

  it('leave the bits of the next draw even', () => {
    const ones = new Array<number>(32).fill(0);
    const runs = 2000;
    for (let seed = 0; seed < runs; seed++) {
      const word = draw(attacked((pool) => pool.s0, seed, 8));
      for (let bit = 0; bit < 32; bit++) ones[bit] += (word >>> bit) & 1;
    }
    // Standard deviation sqrt(2000) / 2 = 22.
    for (const count of ones) expect(Math.abs(count - runs / 2)).toBeLessThan(110);
  });
});
