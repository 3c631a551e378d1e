/**
 * The rate limit, asked before anything is spent on a datagram. Sources share buckets by a salted hash, so that a table of
 * fixed size serves any number of addresses and nobody can aim at another one's bucket. What is left of the budget of all
 * is kept for known, trusted peers.
 */

/** Datagrams of one bucket in a cycle: a peer sends one, and a few peers may share a bucket. */
const BUCKET_LIMIT = 16;
/** Datagrams of all in a cycle, for each peer that the table holds. */
const ALL_PER_PEER = 4;
/** Beyond half of the budget a peer of the table is served when it has this much trust. */
export const SERVED_FIRST_TRUST = 96;

export interface RateLimit {
  readonly buckets: Uint8Array;
  /** Takes a 32-bit hash down to a bucket. */
  readonly shift: number;
  /** Datagrams of all in a nominal cycle at the most. */
  readonly cycleLimit: number;
  /** Datagrams of all, and of one bucket, until the next run. */
  limit: number;
  bucketLimit: number;
  /** Beyond so many only trusted peers of the table are served. */
  half: number;
  salt: number;
  all: number;
}

/** @param salt a random word that nobody else knows */
export function createRateLimit(peers: number, salt: number): RateLimit {
  let bits = 5;
  while (1 << bits < 2 * peers) bits++;
  const cycleLimit = 64 + ALL_PER_PEER * peers;
  return {
    buckets: new Uint8Array(1 << bits),
    shift: 32 - bits,
    cycleLimit,
    limit: cycleLimit,
    bucketLimit: BUCKET_LIMIT,
    half: cycleLimit >> 1,
    salt,
    all: 0,
  };
}

/** Counts a datagram of this source; false when it is one too many. The multiplier is 2^32 over the golden ratio (Knuth). */
export function admit(rate: RateLimit, source: number): boolean {
  const at = Math.imul(source ^ rate.salt, 0x9e3779b1) >>> rate.shift;
  const count = rate.buckets[at];
  if (count >= rate.bucketLimit || rate.all >= rate.limit) return false;
  rate.buckets[at] = count + 1;
  rate.all++;
  return true;
}

/** A new run, a new budget, for as many nominal cycles as it is to last. */
export function renewBudget(rate: RateLimit, pace: number): void {
  rate.buckets.fill(0);
  rate.all = 0;
  rate.limit = rate.cycleLimit * pace;
  rate.half = rate.limit >> 1;
  rate.bucketLimit = BUCKET_LIMIT * pace;
}
