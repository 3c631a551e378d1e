/** Who listens to what. A filter is asked of the broker once, however many listen. */

import { filterProblem, matches } from './topic.ts';

/** @param retained true for what the broker had kept, which is as old as it may be */
export type OnMessage = (topic: string, payload: Buffer, retained: boolean) => void;

/** Where messages of a broker come from. */
export interface TopicSource {
  /**
   * Calls back for each message under the filter, also after a reconnect. A message that falls under several filters
   * may come once for each.
   * @returns how to stop
   * @throws RangeError naming the filter and what is wrong with it
   */
  subscribe(filter: string, onMessage: OnMessage): () => void;
}

export class Subscriptions implements TopicSource {
  /** Messages that a listener failed on. */
  failed = 0;
  readonly #listeners = new Map<string, Set<OnMessage>>();
  readonly #ask: (filter: string) => void;
  readonly #leave: (filter: string) => void;
  readonly #onFailure: (topic: string, error: unknown) => void;

  constructor(
    ask: (filter: string) => void,
    leave: (filter: string) => void,
    onFailure: (topic: string, error: unknown) => void,
  ) {
    this.#ask = ask;
    this.#leave = leave;
    this.#onFailure = onFailure;
  }

  get filters(): string[] {
    return [...this.#listeners.keys()];
  }

  subscribe(filter: string, onMessage: OnMessage): () => void {
    const problem = filterProblem(filter);
    if (problem !== '') throw new RangeError(`MQTT topic "${filter}" ${problem}`);
    // A function of its own for each: the same one may listen twice.
    const listener: OnMessage = (topic, payload, retained) => onMessage(topic, payload, retained);
    const known = this.#listeners.get(filter);
    if (known === undefined) this.#listeners.set(filter, new Set([listener]));
    else known.add(listener);
    // Asked again where it is known: so that a new listener is given what the broker keeps.
    this.#ask(filter);
    return () => this.#stop(filter, listener);
  }

  #stop(filter: string, listener: OnMessage): void {
    const known = this.#listeners.get(filter);
    if (known?.delete(listener) !== true || known.size > 0) return;
    this.#listeners.delete(filter);
    this.#leave(filter);
  }

  /** Hands a message to all who listen. One that fails harms neither the others nor the connection. */
  deliver(topic: string, payload: Buffer, retained: boolean): void {
    for (const [filter, listeners] of this.#listeners) {
      if (!matches(filter, topic)) continue;
      for (const listener of listeners) {
        try {
          listener(topic, payload, retained);
        } catch (error) {
          this.failed++;
          this.#onFailure(topic, error);
        }
      }
    }
  }
}
