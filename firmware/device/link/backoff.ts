/** Waiting times between tries: twice as long each time up to a minute, jittered so that a swarm does not return as one. */

const FIRST_MS = 1000;
export const LONGEST_MS = 60_000;
const DOUBLINGS_MAX = 6;

export class Backoff {
  readonly #random: () => number;
  #failures = 0;

  /** @param random 32 random bits */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** The next waiting time: three quarters of its full length, and up to a quarter at random. */
  next_ms(): number {
    const full_ms = Math.min(LONGEST_MS, FIRST_MS << Math.min(this.#failures, DOUBLINGS_MAX));
    this.#failures++;
    const jitter_ms = (this.#random() >>> 1) % ((full_ms >> 2) + 1);
    return full_ms - (full_ms >> 2) + jitter_ms;
  }

  reset(): void {
    this.#failures = 0;
  }
}
