/**
 * Publishes what the node knows, between its cycles. Nothing is queued: of each topic it is only remembered that it is
 * due, and its message is made of the node's newest state when there is room for it, one piece a turn of the event loop.
 * While the node recovers nothing is published at all, so that Home Assistant shows it as unavailable.
 */

import type { Parts } from '../../node.ts';
import type { Timer, Timers } from '../clock/timers.ts';
import { Backoff } from '../link/backoff.ts';
import type { Log } from '../log/log.ts';
import { isRecovering } from '../log/status.ts';
import type { Crypt } from '../seal/crypt.ts';
import type { MqttClient, OpenMqtt } from './client.ts';
import { Discovery } from './discovery.ts';
import { utf8, utf8Length } from './names.ts';
import { digitsOf, gatewayPayload, keyPayload, peersPayload } from './payloads.ts';
import type { MqttSettings } from './settings.ts';
import { topicsOf, type Topics } from './topics.ts';

/** By then a broker has answered, or none will. */
const CONNECT_MS = 40_000;
/** Home Assistant starts with all devices at once: they are asked to spread their answers. */
const BIRTH_SPREAD_MS = 3000;
/** Between two pieces of a message: the node's timers and datagrams come first. */
const STEP_MS = 2;
/** A node that recovers is asked again after so long. */
const READY_AGAIN_MS = 1000;
/** Less room than that is not worth a packet. */
const ROOM_MIN_BYTES = 32;

/** What may be due, in the order of sending; then the keys. */
const DISCOVERY = 0;
const GATEWAY = 1;
const PEERS = 2;
const STATUS = 3;
const KEYS = 4;

export interface PublisherOptions {
  settings: MqttSettings;
  parts: Parts;
  sealed: boolean;
  open: OpenMqtt;
  crypt: Crypt;
  timers: Timers;
  ticks_ms: () => number;
  epoch_ms: () => number;
  random: () => number;
  log: Log;
}

export class Publisher {
  readonly #options: PublisherOptions;
  readonly #topics: Topics;
  readonly #discovery: Discovery;
  readonly #digits: number[];
  readonly #due: Uint8Array;
  readonly #backoff: Backoff;
  /** The next round while connected, the end of patience while connecting, the next try otherwise. */
  readonly #clock: Timer;
  readonly #stepper: Timer;
  #client: MqttClient | null = null;
  #connected = false;
  #trying = false;
  /** Pieces of the discovery message measured so far, and their bytes: MQTT wants the length first. */
  #measured = 0;
  #discovery_bytes = 0;
  /** The message that is on its way: -1 for none; its next piece; what is left of the piece before that. */
  #current = -1;
  #piece = 0;
  #rest: Uint8Array | null = null;
  /** Availability was said on this connection, and stands there retained. */
  #told_status = false;
  #told_ms = 0;
  #told_bytes = -1;

  constructor(options: PublisherOptions) {
    this.#options = options;
    const { site, version, keys, prefix } = options.settings;
    this.#topics = topicsOf(
      prefix,
      site,
      keys.map(({ name }) => name),
    );
    this.#discovery = new Discovery({ site, version, keys, topics: this.#topics, crypt: options.crypt });
    this.#digits = keys.map(({ resolution }) => digitsOf(resolution));
    this.#due = new Uint8Array(KEYS + keys.length);
    this.#backoff = new Backoff(options.random);
    this.#clock = options.timers.create(() => this.#timeIsUp());
    this.#stepper = options.timers.create(() => this.#step());
  }

  /** The link came up or went down. */
  online(online: boolean): void {
    this.#drop();
    this.#clock.stop();
    if (online) this.#connect();
  }

  #timeIsUp(): void {
    if (this.#connected) this.#round();
    else if (this.#trying) this.#lost();
    else this.#connect();
  }

  #connect(): void {
    const { settings, open } = this.#options;
    const { host, port, user, password, discovery } = settings;
    this.#trying = true;
    this.#clock.schedule(CONNECT_MS);
    try {
      const client = open({
        host,
        port,
        user,
        password,
        id: this.#discovery.device,
        will_topic: this.#topics.status,
        onConnected: () => this.#greeted(),
        onWritable: () => this.#stepper.schedule(0),
        onText: (topic, text) => {
          if (topic === `${discovery}/status` && text === 'online') this.#born();
        },
        onEnd: () => this.#lost(),
      });
      this.#client = this.#stillTrying() ? client : null;
    } catch {
      this.#lost();
    }
  }

  /** A client may have ended before it was there. */
  #stillTrying(): boolean {
    return this.#trying;
  }

  #greeted(): void {
    const { log, settings } = this.#options;
    this.#backoff.reset();
    this.#trying = false;
    this.#connected = true;
    log.say('I', 'mqtt-up', `broker=${settings.host}:${settings.port}`);
    try {
      if (settings.discovery !== '') this.#client?.subscribe(`${settings.discovery}/status`);
    } catch {
      log.say('W', 'mqtt-deaf', `topic=${settings.discovery}/status`);
    }
    this.#all();
    this.#clock.schedule(settings.every_ms);
    this.#stepper.schedule(STEP_MS);
  }

  #all(): void {
    this.#due.fill(1);
    if (this.#options.settings.discovery === '') this.#due[DISCOVERY] = 0;
  }

  /** Home Assistant has started. */
  #born(): void {
    this.#all();
    this.#stepper.schedule((this.#options.random() >>> 1) % BIRTH_SPREAD_MS);
  }

  #round(): void {
    this.#due.fill(1, GATEWAY);
    this.#due[STATUS] = this.#told_status ? 0 : 1;
    this.#clock.schedule(this.#options.settings.every_ms);
    this.#stepper.schedule(0);
  }

  /** One piece, or none when there is no room: `onWritable` goes on then, or the next round. */
  #step(): void {
    const client = this.#client;
    if (!this.#connected || client === null) return;
    try {
      if (this.#stepOf(client)) this.#stepper.schedule(STEP_MS);
    } catch {
      this.#lost();
    }
  }

  /** @returns true when there is more to do now */
  #stepOf(client: MqttClient): boolean {
    if (this.#current < 0) {
      if (this.#isReady()) return this.#begin(client);
      this.#stepper.schedule(READY_AGAIN_MS);
      return false;
    }
    if (this.#rest === null) {
      if (this.#piece === this.#discovery.pieces) {
        this.#current = -1;
        return true;
      }
      const text = this.#discovery.piece(this.#piece++);
      this.#rest = text === '' ? null : utf8(text);
      return true;
    }
    if (client.writable < ROOM_MIN_BYTES) return false;
    const now = this.#take(client.writable);
    client.more(now);
    this.#endPiece();
    return true;
  }

  #isReady(): boolean {
    const { parts } = this.#options;
    return parts.transport.cycle > 0 && !isRecovering(parts);
  }

  #begin(client: MqttClient): boolean {
    const what = this.#due.indexOf(1);
    if (what < 0) return false;
    if (what === DISCOVERY && this.#measured < this.#discovery.pieces) {
      this.#discovery_bytes += utf8Length(this.#discovery.piece(this.#measured++));
      return true;
    }
    const topic = this.#topicOf(what);
    const room = client.writable - utf8Length(topic);
    if (room < ROOM_MIN_BYTES) return false;
    const bytes = utf8(what === DISCOVERY ? this.#discovery.piece(0) : this.#payloadOf(what));
    this.#due[what] = 0;
    this.#current = what;
    this.#piece = 1;
    this.#rest = bytes;
    client.begin(topic, what === DISCOVERY ? this.#discovery_bytes : bytes.length, this.#take(room));
    if (what === STATUS) this.#told_status = true;
    this.#endPiece();
    return true;
  }

  /** The next bytes of the piece, as many as there is room for. */
  #take(room: number): Uint8Array {
    const rest = this.#rest ?? new Uint8Array(0);
    const count = Math.min(room, rest.length);
    this.#rest = count === rest.length ? null : rest.subarray(count);
    return rest.subarray(0, count);
  }

  #endPiece(): void {
    if (this.#rest === null && this.#current !== DISCOVERY) this.#current = -1;
  }

  #topicOf(what: number): string {
    const { status, gateway, peers, keys } = this.#topics;
    if (what === DISCOVERY) return `${this.#options.settings.discovery}/device/${this.#discovery.device}/config`;
    if (what === GATEWAY) return gateway;
    if (what === PEERS) return peers;
    return what === STATUS ? status : keys[what - KEYS];
  }

  #payloadOf(what: number): string {
    const { parts, settings, sealed, epoch_ms, ticks_ms } = this.#options;
    if (what === STATUS) return 'online';
    if (what === PEERS) return peersPayload(parts, epoch_ms());
    if (what === GATEWAY) {
      const { version, site } = settings;
      const { sentBytes } = parts.transport;
      const now_ms = ticks_ms();
      const elapsed_ms = this.#told_bytes < 0 ? 0 : (now_ms - this.#told_ms) | 0;
      const sent_bytes = sentBytes - this.#told_bytes;
      this.#told_ms = now_ms;
      this.#told_bytes = sentBytes;
      return gatewayPayload(parts, { version, site, sealed, elapsed_ms, sent_bytes }, epoch_ms());
    }
    const key = what - KEYS;
    return keyPayload(parts, key, settings.keys[key].unit, this.#digits[key], epoch_ms());
  }

  #drop(): void {
    this.#client?.close();
    this.#client = null;
    this.#connected = this.#trying = this.#told_status = false;
    this.#current = -1;
    this.#rest = null;
    this.#stepper.stop();
  }

  #lost(): void {
    if (!this.#connected && !this.#trying) return;
    const { log, settings } = this.#options;
    const why = this.#connected ? 'the connection ended' : 'no connection, or not with this user and password';
    this.#drop();
    const retry_ms = this.#backoff.next_ms();
    this.#clock.schedule(retry_ms);
    log.say('W', 'mqtt-down', `broker=${settings.host}:${settings.port} reason="${why}" retry_ms=${retry_ms}`);
  }
}
