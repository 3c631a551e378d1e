/**
 * The rate limit, asked before anything is spent on a datagram. Sources share buckets by a salted hash, so that a table of
 * fixed size serves any number of addresses and nobody can aim at another one's bucket. What is left of the budget of all
 * is kept for known, trusted peers.
 */

/** Datagrams of one bucket in a cycle: a peer sends one, and a few peers may share a bucket. */
const BUCKET_LIMIT = 16;
/** Datagrams of all in a cycle, for each peer that the table holds. */
const ALL_PER_PEER = 4;
/** Beyond half of the budget only peers of the table with this much trust are served. */
export const SERVED_FIRST_TRUST = 96;

export interface RateLimit {
  readonly buckets: Uint8Array;
  /** Takes a 32-bit hash down to a bucket. */
  readonly shift: number;
  /** Datagrams of all in a cycle at the most. */
  readonly limit: number;
  salt: number;
  all: number;
}

/** @param salt a random word that nobody else knows */
export function createRateLimit(peers: number, salt: number): RateLimit {
  let bits = 5;
  while (1 << bits < 2 * peers) bits++;
  return { buckets: new Uint8Array(1 << bits), shift: 32 - bits, limit: 64 + ALL_PER_PEER * peers, salt, all: 0 };
}

/** Counts a datagram of this source; false when it is one too many. The multiplier is 2^32 over the golden ratio (Knuth). */
export function admit(rate: RateLimit, source: number): boolean {
  const at = Math.imul(source ^ rate.salt, 0x9e3779b1) >>> rate.shift;
  const count = rate.buckets[at];
  if (count >= BUCKET_LIMIT || rate.all >= rate.limit) return false;
  rate.buckets[at] = count + 1;
  rate.all++;
  return true;
}

/** True while there is room for everyone; beyond it only trusted peers are served. */
export function roomForAll(rate: RateLimit): boolean {
  return rate.all <= rate.limit >> 1;
}

/** A new cycle, a new budget. */
export function renewBudget(rate: RateLimit): void {
  rate.buckets.fill(0);
  rate.all = 0;
}
