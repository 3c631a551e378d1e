/**
 * Where sources that listen to MQTT topics get them: a hub. Sources subscribe when they begin; a connection attaches when
 * there is one, and is asked for everything that is subscribed, so that neither has to wait for the other.
 */

/** @param retained true for what the broker had kept, which is as old as it may be */
export type OnTopicMessage = (topic: string, payload: Buffer, retained: boolean) => void;

/** A connection to a broker, as far as sources need one. */
export interface TopicSource {
  /**
   * Calls back for each message under the filter, also after a reconnect.
   * @returns how to stop
   * @throws RangeError naming the filter and what is wrong with it
   */
  subscribe(filter: string, onMessage: OnTopicMessage): () => void;
}

interface Subscription {
  filter: string;
  onMessage: OnTopicMessage;
  end: () => void;
}

const NOTHING = (): void => undefined;

export class TopicHub implements TopicSource {
  readonly #subscriptions = new Set<Subscription>();
  #source: TopicSource | null = null;

  /** True while a connection is attached, whether or not its broker answers. */
  get attached(): boolean {
    return this.#source !== null;
  }

  /** @returns how to let go; what is subscribed waits for the next one then */
  attach(source: TopicSource): () => void {
    this.#detach();
    this.#source = source;
    for (const one of this.#subscriptions) one.end = source.subscribe(one.filter, one.onMessage);
    return () => {
      if (this.#source === source) this.#detach();
    };
  }

  #detach(): void {
    this.#source = null;
    for (const one of this.#subscriptions) {
      one.end();
      one.end = NOTHING;
    }
  }

  subscribe(filter: string, onMessage: OnTopicMessage): () => void {
    const one: Subscription = { filter, onMessage, end: NOTHING };
    if (this.#source !== null) one.end = this.#source.subscribe(filter, onMessage);
    this.#subscriptions.add(one);
    return () => {
      one.end();
      this.#subscriptions.delete(one);
    };
  }
}
