/** The gateways of other sites that are heard: what each one said last, and how much of what it says is looked at. */

export interface Claim {
  key: number;
  diff: number;
  weight: number;
}

export interface Publisher {
  site: string;
  session: string;
  /** Of its newest message. */
  counter: number;
  heard_ms: number;
  claims: Claim[];
  /** Messages looked at in this second. */
  second: number;
  looked_at: number;
}

/** 64 sites of four gateways: what a node counts. */
const PUBLISHERS_MAX = 256;
/** A gateway says one thing a cycle, and a cycle has 50 ms or more. */
const KNOWN_PER_SECOND = 64;
/** All whom nobody knows yet share this: checking a signature takes some microseconds. */
const UNKNOWN_PER_SECOND = 256;

export class Publishers {
  readonly #known = new Map<string, Publisher>();
  readonly #lifetime_ms: number;
  #second = 0;
  #looked_at = 0;

  /** @param lifetime_ms how long one that falls silent is remembered */
  constructor(lifetime_ms: number) {
    this.#lifetime_ms = lifetime_ms;
  }

  find(topic: string): Publisher | undefined {
    return this.#known.get(topic);
  }

  /** Whether there is time to look at one more message of this topic. */
  admit(topic: string, now_ms: number): boolean {
    const second = Math.floor(now_ms / 1000);
    const publisher = this.#known.get(topic);
    if (publisher !== undefined) {
      if (publisher.second !== second) [publisher.second, publisher.looked_at] = [second, 0];
      return ++publisher.looked_at <= KNOWN_PER_SECOND;
    }
    if (this.#second !== second) [this.#second, this.#looked_at] = [second, 0];
    return ++this.#looked_at <= UNKNOWN_PER_SECOND;
  }

  /** False when there is no room for another publisher. */
  hear(topic: string, heard: Pick<Publisher, 'site' | 'session' | 'counter' | 'heard_ms' | 'claims'>): boolean {
    const known = this.#known.get(topic);
    if (known !== undefined) {
      Object.assign(known, heard);
      return true;
    }
    if (this.#known.size >= PUBLISHERS_MAX) this.expire(heard.heard_ms);
    if (this.#known.size >= PUBLISHERS_MAX) return false;
    this.#known.set(topic, { ...heard, second: 0, looked_at: 0 });
    return true;
  }

  expire(now_ms: number): void {
    for (const [topic, { heard_ms }] of this.#known) {
      if (Math.abs(now_ms - heard_ms) > this.#lifetime_ms) this.#known.delete(topic);
    }
  }

  list(now_ms: number): Publisher[] {
    this.expire(now_ms);
    return [...this.#known.values()];
  }
}
