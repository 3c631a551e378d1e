/** Whom to dial: peers that the user named, which are never given up, and those that members told of, which are. */
import { endpointName, type Endpoint } from '../address.ts';

const LEARNT_MAX = 256;
/** So many failures in a row, and an address that somebody told of is forgotten: 10 to 20 s after it was told. */
const FAILURES_MAX = 5;
const BACKOFF_MIN_MS = 500;
const BACKOFF_MAX_MS = 30_000;

export interface Target {
  readonly endpoint: Endpoint;
  readonly configured: boolean;
  failures: number;
  not_before_ms: number;
  dialing: boolean;
}

/** Doubles with each failure; up to half of it is left to chance, so that a swarm does not knock in step. */
export function backoff_ms(failures: number, random: number): number {
  const longest_ms = Math.min(BACKOFF_MAX_MS, BACKOFF_MIN_MS * 2 ** Math.max(0, failures - 1));
  return longest_ms * (1 - random / 2);
}

export class AddressBook {
  readonly #targets = new Map<string, Target>();
  readonly #random: () => number;

  /** @param random from 0 up to 1 */
  constructor(configured: readonly Endpoint[], random: () => number) {
    this.#random = random;
    for (const endpoint of configured) this.#add(endpoint, true, 0);
  }

  #add(endpoint: Endpoint, configured: boolean, not_before_ms: number): void {
    const target = { endpoint, configured, failures: 0, not_before_ms, dialing: false };
    this.#targets.set(endpointName(endpoint), target);
  }

  /** Two nodes that were told of each other at once shall not both dial at once. */
  learn(endpoint: Endpoint, now_ms: number): void {
    if (this.#targets.has(endpointName(endpoint)) || this.#targets.size >= LEARNT_MAX) return;
    this.#add(endpoint, false, now_ms + BACKOFF_MIN_MS * this.#random());
  }

  /** Those whose time has come. */
  due(now_ms: number): Target[] {
    return [...this.#targets.values()].filter(({ dialing, not_before_ms }) => !dialing && now_ms >= not_before_ms);
  }

  failed(endpoint: Endpoint, now_ms: number): void {
    const name = endpointName(endpoint);
    const target = this.#targets.get(name);
    if (target === undefined) return;
    target.dialing = false;
    target.failures++;
    target.not_before_ms = now_ms + backoff_ms(target.failures, this.#random());
    if (!target.configured && target.failures >= FAILURES_MAX) this.#targets.delete(name);
  }

  /** It is a member: the next failure is the first again. */
  worked(endpoint: Endpoint): void {
    const target = this.#targets.get(endpointName(endpoint));
    if (target !== undefined) target.failures = 0;
  }

  names(): string[] {
    return [...this.#targets.keys()];
  }
}
