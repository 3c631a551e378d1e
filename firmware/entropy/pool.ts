/**
 * The entropy pool: 128 bits of xorshift state (Marsaglia 2003) that hardware randomness and received entropy packets are
 * mixed into. It rounds, jitters and draws tags; it makes no keys, so it need not be a cryptographic generator.
 */
export interface Pool {
  s0: number;
  s1: number;
  s2: number;
  s3: number;
}

export function createPool(): Pool {
  return { s0: 0, s1: 0, s2: 0, s3: 1 };
}

/** 32 bits from the pool. */
export function draw(pool: Pool): number {
  let t = pool.s3;
  const s = pool.s0;
  pool.s3 = pool.s2;
  pool.s2 = pool.s1;
  pool.s1 = s;
  t ^= t << 11;
  t ^= t >>> 8;
  pool.s0 = t ^ s ^ (s >>> 19);
  return pool.s0;
}

/**
 * Mixes a word in by XOR and a step, always together with a word of local hardware randomness: whoever sent the first
 * does not know the second, so he cannot steer the pool.
 */
export function mix(pool: Pool, word: number, hardware: number): void {
  pool.s0 ^= word;
  pool.s2 ^= hardware;
  if ((pool.s0 | pool.s1 | pool.s2 | pool.s3) === 0) pool.s3 = 1;
  draw(pool);
}
