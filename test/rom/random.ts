/** Randomness from a seed, so that a failure can be played again. */

export type Random = () => number;

/** Numbers from 0 up to, but not including, 1. The generator is mulberry32: 32 bits of state, good enough for noise. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
