/**
 * What waits to be published. A retained message is state: a newer one on its topic takes its place. Anything else is an
 * event: the oldest go when there is no more room, and are counted. Both together stay within a number and a size.
 */

export interface Message {
  topic: string;
  payload: string | Buffer;
  retain: boolean;
}

export interface OutboxOptions {
  /** Messages at the most. */
  messages_max: number;
  /** Bytes of topics and payloads at the most. */
  bytes_max: number;
}

export const OUTBOX: OutboxOptions = { messages_max: 2_000, bytes_max: 4 * 1024 * 1024 };

/** A message on its way, with its place in the order of all. */
export interface Queued extends Message {
  order: number;
}

/** Bytes on the wire, without the packet's head. */
export const sizeOf = ({ topic, payload }: Message): number => Buffer.byteLength(topic) + Buffer.byteLength(payload);

export class Outbox {
  /** Messages that were thrown away because there was no room. */
  dropped = 0;
  bytes = 0;
  readonly #options: OutboxOptions;
  #states = new Map<string, Queued>();
  #events = new Map<number, Queued>();
  #orders = 0;

  constructor(options: OutboxOptions = OUTBOX) {
    this.#options = options;
  }

  get size(): number {
    return this.#states.size + this.#events.size;
  }

  /** False when there is no room even without the oldest events: it is dropped and counted. */
  put(message: Message): boolean {
    const queued = { ...message, order: this.#orders++ };
    const older = message.retain ? this.#states.get(message.topic) : undefined;
    if (older !== undefined) this.#remove(older);
    if (!this.#makeRoom(sizeOf(message))) {
      this.dropped++;
      return false;
    }
    this.#add(queued);
    return true;
  }

  /** Takes the oldest out; undefined when there is none. */
  take(): Queued | undefined {
    const state = this.#states.values().next().value;
    const event = this.#events.values().next().value;
    const first = state === undefined || (event !== undefined && event.order < state.order) ? event : state;
    if (first !== undefined) this.#remove(first);
    return first;
  }

  /** Puts back, to their old places, what was taken and did not arrive: but no state that a newer one has replaced. */
  putBack(messages: readonly Queued[]): void {
    const [states, events] = [this.#states, this.#events];
    this.#states = new Map();
    this.#events = new Map();
    this.bytes = 0;
    for (const message of messages) if (!message.retain || !states.has(message.topic)) this.#add(message);
    for (const message of [...states.values(), ...events.values()]) this.#add(message);
    this.#makeRoom(0);
  }

  /** Room for one more message of so many bytes, or for none where there are 0. */
  #makeRoom(bytes: number): boolean {
    const { messages_max, bytes_max } = this.#options;
    const messages = bytes > 0 ? 1 : 0;
    while (this.size + messages > messages_max || this.bytes + bytes > bytes_max) {
      if (!this.#dropOldestEvent()) return false;
    }
    return true;
  }

  #dropOldestEvent(): boolean {
    const oldest = this.#events.values().next().value;
    if (oldest === undefined) return false;
    this.#remove(oldest);
    this.dropped++;
    return true;
  }

  #add(message: Queued): void {
    const older = message.retain ? this.#states.get(message.topic) : undefined;
    this.bytes += sizeOf(message) - (older === undefined ? 0 : sizeOf(older));
    if (message.retain) this.#states.set(message.topic, message);
    else this.#events.set(message.order, message);
  }

  #remove(message: Queued): void {
    this.bytes -= sizeOf(message);
    if (message.retain) this.#states.delete(message.topic);
    else this.#events.delete(message.order);
  }
}
