/**
 * Keeps a device in Home Assistant as it is configured: announced after each connect and whenever Home Assistant starts,
 * its former entities taken out, and itself when it is no longer wanted. What was announced is read from the broker,
 * which keeps it; topics under a former prefix are remembered by the caller.
 */

import type { Message } from '../outbox.ts';
import type { Timing } from '../options.ts';
import type { TopicSource } from '../subscriptions.ts';
import { discoveryPayload, type Component, type DiscoveryOptions, type DiscoveryPayload } from './discovery.ts';

/** Config topics that this gateway has announced, kept across restarts: another prefix makes another one. */
export interface AnnouncedTopics {
  load(): string[];
  save(topics: string[]): void;
}

export interface AnnouncerOptions {
  /** Home Assistant's discovery prefix, `homeassistant` unless it was told otherwise. */
  prefix: string;
  /** False takes the device out. */
  wanted: boolean;
  announced: AnnouncedTopics;
  source: TopicSource;
  publish: (message: Message) => void;
  /** After Home Assistant has started: it wants the states, too. */
  onBirth: () => void;
  timing: Timing;
  uniform: () => number;
}

/** A broker that keeps the device's message has sent it by then. */
const KEPT_WITHIN_MS = 1_000;
/** Home Assistant starts with all devices at once: they are asked to spread their answers. */
const BIRTH_SPREAD_MS = 3_000;

export class Announcer {
  readonly #options: AnnouncerOptions;
  readonly #topic: string;
  #device: DiscoveryOptions;
  /** Since the last connect: before it, what the broker keeps is not known yet. */
  #said = false;
  /** What the broker keeps; undefined until it has been asked. */
  #kept: Record<string, Component> | undefined;
  #callOff: () => void = () => undefined;
  #stopReading: () => void = () => undefined;
  readonly #stopBirth: () => void;

  constructor(options: AnnouncerOptions, device: DiscoveryOptions) {
    this.#options = options;
    this.#device = device;
    this.#topic = configTopic(options.prefix, device.device);
    this.#stopBirth = options.source.subscribe(`${options.prefix}/status`, (_topic, payload, retained) => {
      if (payload.toString() !== 'online' || retained || !options.wanted) return;
      this.#later(options.uniform() * BIRTH_SPREAD_MS, () => {
        this.announce();
        options.onBirth();
      });
    });
  }

  /** After each connect: reads what the broker keeps of the device, then announces it. */
  connected(): void {
    this.#stopReading();
    this.#kept = undefined;
    this.#said = false;
    this.#stopReading = this.#options.source.subscribe(this.#topic, (_topic, payload, retained) => {
      if (retained && this.#kept === undefined) this.#kept = componentsOf(payload);
    });
    this.#later(KEPT_WITHIN_MS, () => this.announce());
  }

  /** Another description of the same device: announced at once, or with the announcement that is due. */
  describe(device: DiscoveryOptions): void {
    this.#device = device;
    if (this.#said) this.announce();
  }

  /** Publishes the device, or takes it out. */
  announce(): void {
    this.#said = true;
    this.#stopReading();
    this.#stopReading = () => undefined;
    const { wanted, announced, publish } = this.#options;
    const before = announced.load();
    for (const topic of before) if (topic !== this.#topic) publish({ topic, payload: '', retain: true });
    if (!wanted) {
      if (before.length > 0 || this.#kept !== undefined) publish({ topic: this.#topic, payload: '', retain: true });
      if (before.length > 0) announced.save([]);
      this.#kept = undefined;
      return;
    }
    const payload = discoveryPayload(this.#device);
    const farewell = withoutFormer(payload, this.#kept ?? {});
    // Not retained, or the second would take its place while both wait to be sent.
    if (farewell !== null) publish({ topic: this.#topic, payload: JSON.stringify(farewell), retain: false });
    publish({ topic: this.#topic, payload: JSON.stringify(payload), retain: true });
    this.#kept = payload.cmps;
    if (before.length !== 1 || before[0] !== this.#topic) announced.save([this.#topic]);
  }

  close(): void {
    this.#callOff();
    this.#stopReading();
    this.#stopBirth();
  }

  #later(delay_ms: number, callback: () => void): void {
    this.#callOff();
    this.#callOff = this.#options.timing.after(delay_ms, callback);
  }
}

export function configTopic(prefix: string, device: string): string {
  return `${prefix}/device/${device}/config`;
}

/** The components of a payload that the broker kept; none where it is not one of ours. */
function componentsOf(payload: Buffer): Record<string, Component> | undefined {
  try {
    const parsed = JSON.parse(payload.toString()) as Partial<DiscoveryPayload> | null;
    return typeof parsed?.cmps === 'object' ? parsed.cmps : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Home Assistant takes a component out when it comes with nothing but its platform; one that is merely missing stays.
 * @returns the payload with the former components in it so, null where there are none
 */
function withoutFormer(payload: DiscoveryPayload, kept: Record<string, Component>): DiscoveryPayload | null {
  const former = Object.entries(kept).filter(([id]) => !(id in payload.cmps));
  if (former.length === 0) return null;
  const emptied = former.map(([id, component]): [string, Component] => [id, { p: component.p }]);
  return { ...payload, cmps: { ...payload.cmps, ...Object.fromEntries(emptied) } };
}
