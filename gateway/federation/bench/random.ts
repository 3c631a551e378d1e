/** Randomness of the bench, replayable by its seed: splitmix32, which is small and good enough to lose datagrams by. */

export type Uniform = () => number;

/** In [0, 1). */
export function createUniform(seed: number): Uniform {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let word = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
    return ((word ^ (word >>> 15)) >>> 0) / 2 ** 32;
  };
}
