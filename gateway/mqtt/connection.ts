/**
 * A connection to a broker that never gives up: it connects, subscribes, publishes what waits, and begins anew with
 * back-off when it is lost. It keeps no session at the broker: what was not acknowledged is published once more after
 * the next connect, which is what QoS 1 promises, at least once.
 */

import type { MqttClient } from 'mqtt';
import { waitOf } from './back-off.ts';
import { closedAgainFault, closedFault, faultOf, type Fault } from './fault.ts';
import { hangUp, openLink, shownUrl } from './link.ts';
import type { ConnectionOptions } from './options.ts';
import { Outbox, sizeOf, type Message, type Queued } from './outbox.ts';
import { Subscriptions, type OnMessage, type TopicSource } from './subscriptions.ts';
import { Teller } from './teller.ts';

/** Unacknowledged messages at a time: more than a broker's answer time needs, few to publish once more. */
const IN_FLIGHT_MAX = 16;
/** Bytes that may wait in the socket before messages that nobody waits for are thrown away. */
const SOCKET_MAX_BYTES = 1024 * 1024;
/** A connection that lives so long was a good one: the next loss begins with a short wait again. */
const STABLE_MS = 1_000;
/** One that does not live so long was short, and so many of them in a row are no accident. */
const SHORT_MS = 10_000;
const SHORT_MAX = 4;
/** A connection that comes and goes is told no more often. */
const FLAP_MS = 10_000;
/** The same trouble is told again after so long. */
const TELL_AGAIN_MS = 3_600_000;
const SUBJECTS_MAX = 64;
/** At the end, what waits has so long to leave. */
const FAREWELL_MS = 2_000;
/** The reason codes from here on are refusals. */
const REFUSED = 128;
const PACKET_TOO_LARGE = 149;
/** What a PUBLISH has beside topic and payload, without properties, at the most. */
const PACKET_HEAD_BYTES = 10;

export interface ConnectionState {
  connected: boolean;
  /** The broker's address, without a password. */
  broker: string;
  /** Since when it has been connected, or not: milliseconds since 1970. */
  since_ms: number;
  /** Failed tries since the last good connection. */
  tries: number;
  /** Why it is not connected; null while it is, or has not failed yet. */
  fault: Fault | null;
  /** Messages that wait, their bytes, and those that were sent and not acknowledged. */
  queued: number;
  queued_bytes: number;
  in_flight: number;
  /** Acknowledged, thrown away for want of room, refused by the broker, received: since the start. */
  published: number;
  dropped: number;
  refused: number;
  received: number;
  /** Successful connects since the start. */
  connects: number;
}

export class Connection implements TopicSource {
  readonly #options: ConnectionOptions;
  readonly #outbox: Outbox;
  readonly #subscriptions: Subscriptions;
  readonly #teller: Teller;
  readonly #flaps: Teller;
  readonly #in_flight = new Map<number, Queued>();
  readonly #shown: string;
  #link: MqttClient | null = null;
  #connected = false;
  #closing = false;
  #since_ms: number;
  #tries = 0;
  #short_lives = 0;
  #packet_max_bytes = Infinity;
  #fault: Fault | null = null;
  #counts = { published: 0, refused: 0, received: 0, connects: 0 };
  #callOff: () => void = () => undefined;
  #onIdle: () => void = () => undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#shown = shownUrl(options.broker.url);
    this.#since_ms = options.timing.now_ms();
    this.#outbox = new Outbox(options.outbox);
    this.#teller = new Teller(options.timing, TELL_AGAIN_MS, SUBJECTS_MAX);
    this.#flaps = new Teller(options.timing, FLAP_MS, SUBJECTS_MAX);
    this.#subscriptions = new Subscriptions(
      (filter) => this.#ask(filter),
      (filter) => this.#leave(filter),
      (topic, error) => this.#tellFailure(topic, error),
    );
    this.#open();
  }

  state(): ConnectionState {
    return {
      connected: this.#connected,
      broker: this.#shown,
      since_ms: this.#since_ms,
      tries: this.#tries,
      fault: this.#fault,
      queued: this.#outbox.size,
      queued_bytes: this.#outbox.bytes,
      in_flight: this.#in_flight.size,
      dropped: this.#outbox.dropped,
      ...this.#counts,
    };
  }

  subscribe(filter: string, onMessage: OnMessage): () => void {
    return this.#subscriptions.subscribe(filter, onMessage);
  }

  /** Publishes at least once, now or after the next connect. False when it was dropped for want of room. */
  publish(message: Message): boolean {
    const before = this.#outbox.dropped;
    const taken = this.#outbox.put(message);
    if (this.#outbox.dropped > before) this.#tellDropping();
    this.#pump();
    return taken;
  }

  /** Publishes at most once, and only now: false while there is no connection, or it is too slow. */
  send(topic: string, payload: Buffer, expiry_s: number): boolean {
    const link = this.#link;
    if (link === null || !this.#connected || link.stream.writableLength > SOCKET_MAX_BYTES) return false;
    const properties = this.#options.broker.version === 5 ? { messageExpiryInterval: expiry_s } : {};
    link.publish(topic, payload, { qos: 0, properties });
    return true;
  }

  /** Says goodbye, after what waits if the broker takes it within two seconds. */
  async close(): Promise<void> {
    if (this.#closing) return;
    const { status_topic, offline } = this.#options;
    if (status_topic !== '') this.publish({ topic: status_topic, payload: offline, retain: true });
    this.#closing = true;
    this.#callOff();
    if (this.#connected) {
      await new Promise<void>((resolve) => {
        const callOff = this.#options.timing.after(FAREWELL_MS, resolve);
        this.#onIdle = () => {
          callOff();
          resolve();
        };
        this.#pump();
      });
    }
    const link = this.#link;
    const atOnce = !this.#connected || this.#in_flight.size > 0;
    this.#link = null;
    this.#connected = false;
    if (link !== null) await hangUp(link, atOnce);
  }

  #open(): void {
    const { broker, status_topic, offline } = this.#options;
    const link = openLink(broker, status_topic === '' ? null : { topic: status_topic, payload: offline });
    if ('code' in link) {
      this.#lost(null, link);
      return;
    }
    this.#link = link;
    link.on('connect', (packet) => {
      this.#packet_max_bytes = packet.properties?.maximumPacketSize ?? Infinity;
      this.#joined(link);
    });
    link.on('message', (topic, payload, { retain }) => {
      this.#counts.received++;
      this.#subscriptions.deliver(topic, payload, retain);
    });
    link.on('error', (error) => this.#lost(link, faultOf(error, this.#shown)));
    link.on('disconnect', ({ reasonCode = 0 }) => {
      const reason = Object.assign(new Error(`reason code ${reasonCode}`), { code: reasonCode });
      this.#lost(link, reasonCode === 0 ? closedFault(this.#shown) : faultOf(reason, this.#shown));
    });
    link.on('close', () => this.#lost(link, this.#closedFault()));
  }

  #closedFault(): Fault {
    const again = this.#connected && this.#short_lives >= SHORT_MAX;
    return again ? closedAgainFault(this.#shown, this.#options.broker.client_id) : closedFault(this.#shown);
  }

  #joined(link: MqttClient): void {
    if (link !== this.#link) return;
    const { timing, onEvent, onConnect, status_topic, online } = this.#options;
    const tries = this.#tries;
    const fault = this.#fault;
    if (fault !== null) this.#flaps.note('fault over', () => this.#teller.forget(fault.code));
    this.#connected = true;
    this.#fault = null;
    this.#since_ms = timing.now_ms();
    this.#counts.connects++;
    const after = tries === 0 ? '' : ` after ${tries} failed ${tries === 1 ? 'try' : 'tries'}`;
    const text = `MQTT broker ${this.#shown}: connected${after}`;
    this.#flaps.note('connected', () => {
      onEvent({ name: 'mqtt-connected', level: 'info', text, detail: { broker: this.#shown, tries } });
    });
    for (const filter of this.#subscriptions.filters) this.#ask(filter);
    if (status_topic !== '') this.publish({ topic: status_topic, payload: online, retain: true });
    onConnect();
    this.#pump();
  }

  /** A link is over, with its first reason; what comes of it later is of no interest. */
  #lost(link: MqttClient | null, fault: Fault): void {
    if (link !== this.#link || this.#closing) return;
    const { timing, back_off, uniform } = this.#options;
    const lasted_ms = this.#connected ? timing.now_ms() - this.#since_ms : 0;
    if (lasted_ms >= STABLE_MS) this.#tries = 0;
    if (this.#connected) this.#short_lives = lasted_ms < SHORT_MS ? this.#short_lives + 1 : 0;
    if (this.#connected) this.#since_ms = timing.now_ms();
    this.#tries++;
    this.#link = null;
    this.#tellFault(fault, this.#connected);
    this.#connected = false;
    this.#fault = fault;
    this.#outbox.putBack([...this.#in_flight.values()]);
    this.#in_flight.clear();
    if (link !== null) void hangUp(link, true);
    this.#callOff = timing.after(waitOf(back_off, this.#tries, fault.slow, uniform()), () => this.#open());
  }

  #pump(): void {
    const link = this.#link;
    if (link === null || !this.#connected) return;
    while (this.#in_flight.size < IN_FLIGHT_MAX && link.stream.writableLength < SOCKET_MAX_BYTES) {
      const message = this.#outbox.take();
      if (message === undefined) break;
      if (sizeOf(message) + PACKET_HEAD_BYTES > this.#packet_max_bytes) {
        this.#tellRefused(message.topic, 'to publish so much on', PACKET_TOO_LARGE);
        continue;
      }
      this.#in_flight.set(message.order, message);
      link.publish(message.topic, message.payload, { qos: 1, retain: message.retain }, (error) => {
        this.#acknowledged(link, message, error);
      });
    }
    if (this.#in_flight.size === 0) this.#onIdle();
  }

  #acknowledged(link: MqttClient, message: Queued, error: Error | null | undefined): void {
    if (link !== this.#link) return;
    const reason = error !== null && error !== undefined && 'code' in error ? Number(error.code) : 0;
    // Any other error comes with the loss of the link, and the message is put back there.
    if (error !== null && error !== undefined && !(reason >= REFUSED)) return;
    this.#in_flight.delete(message.order);
    if (reason >= REFUSED) this.#tellRefused(message.topic, 'to publish on', reason);
    else this.#counts.published++;
    this.#pump();
  }

  #ask(filter: string): void {
    const link = this.#link;
    if (link === null || !this.#connected) return;
    link.subscribe(filter, { qos: 0 }, (error, granted) => {
      if (link !== this.#link) return;
      const reason = granted?.[0]?.qos ?? 0;
      if (reason >= REFUSED) this.#tellRefused(filter, 'to read', reason);
      else if (error !== null && 'code' in error && Number(error.code) >= REFUSED) {
        this.#tellRefused(filter, 'to read', Number(error.code));
      }
    });
  }

  #leave(filter: string): void {
    if (this.#link !== null && this.#connected) this.#link.unsubscribe(filter);
  }

  #tellFault(fault: Fault, wasConnected: boolean): void {
    if (!wasConnected && this.#fault !== null && this.#fault.code !== fault.code) this.#teller.forget(this.#fault.code);
    // What was connected is told each time that it is lost; what is not, once for each reason.
    const [teller, subject] = wasConnected ? [this.#flaps, 'lost'] : [this.#teller, fault.code];
    teller.note(subject, () => {
      const again = fault.slow ? 'tried again every few minutes' : 'tried again';
      this.#options.onEvent({
        name: wasConnected ? 'mqtt-lost' : 'mqtt-refused',
        level: fault.slow ? 'error' : 'warning',
        text: `${fault.text}; ${again}`,
        detail: { broker: this.#shown, code: fault.code, tries: this.#tries },
      });
    });
  }

  #tellDropping(): void {
    const { dropped, size } = this.#outbox;
    this.#teller.note('dropping', () => {
      const text = `MQTT broker ${this.#shown}: ${size} messages wait for it and there is no room for more; the oldest events go`;
      this.#options.onEvent({ name: 'mqtt-dropping', level: 'warning', text, detail: { dropped, queued: size } });
    });
  }

  #tellRefused(topic: string, what: string, reason: number): void {
    this.#counts.refused++;
    this.#teller.note(`refused ${topic}`, () => {
      const text = `MQTT broker ${this.#shown}: this user is not allowed ${what} ${topic} (reason code ${reason}); allow it at the broker`;
      this.#options.onEvent({ name: 'mqtt-topic-refused', level: 'error', text, detail: { topic, reason } });
    });
  }

  #tellFailure(topic: string, error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    this.#teller.note('failed', () => {
      const text = `MQTT message on ${topic}: could not be used: ${why}`;
      this.#options.onEvent({ name: 'mqtt-message-failed', level: 'error', text, detail: { topic } });
    });
  }
}
