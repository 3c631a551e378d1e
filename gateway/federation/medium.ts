/**
 * The medium between sites, over an MQTT broker: what the node says of its site leaves wrapped and signed, what other sites
 * say is checked before the node sees it. What the node makes of it, guard, split horizon and expiry, is the firmware's.
 */

import type { SealPort } from '../../firmware/node.ts';
import { DATAGRAM_MAX_BYTES } from '../../host-sim/node-platform/carrier.ts';
import type { MqttEvent, Timing } from '../mqtt/options.ts';
import type { OnMessage } from '../mqtt/subscriptions.ts';
import type { SiteView } from '../view.ts';
import { addressTopic, everyone, readAddress, sourceOf, type Address } from './address.ts';
import { capWeights, findSite, readClaims, sessionOf, siteId } from './datagram.ts';
import { Signer, type Opened } from './envelope.ts';
import { Publishers, type Claim } from './publishers.ts';
import { Refusals, type Refusal } from './refusals.ts';

/** A seal's clock stands before its trailer (docs/protocol.md). */
const CLOCK_BYTES = 4;
/** A node forgets a silent gateway after so many cycles at the latest. */
const FORGET_CYCLES = 320;
const ONE = 65_536;
/** Messages that a broker holds up are of no use after so many cycles, in seconds 1 at the least. */
const EXPIRY_CYCLES = 8;

export interface MediumLink {
  subscribe(filter: string, onMessage: OnMessage): () => void;
  /** At most once, and only now. */
  send(topic: string, payload: Buffer, expiry_s: number): boolean;
}

export interface MediumOptions {
  /** This site's name, as the node's settings have it. */
  site: string;
  /** Topic under which the sites meet, such as `lvs-fed/plants`. */
  base: string;
  link: MediumLink;
  /** One or two keys of 32 random bytes: the first signs, each opens. */
  keys: readonly Uint8Array[];
  /** The swarm's seal where it has one: weights are read and lowered inside it. */
  seal: SealPort | null;
  /** The most sensors that a site may speak for, and for sites that differ; 0 takes nothing from a site. */
  weight_max: number;
  weight_max_of: Readonly<Record<string, number>>;
  /** How far the clocks of two sites may be apart. */
  window_s: number;
  cycle_ms: number;
  /** In the order of the settings; `reference` in Q16.16. */
  settings: readonly { name: string; reference: number }[];
  /** Gives a datagram to the node; returns 0 when it was taken, else the number of the reason why not. */
  deliver: (view: DataView, length: number, source: number) => number;
  onEvent: (event: MqttEvent) => void;
  timing: Timing;
}

export const MEDIUM: Pick<MediumOptions, 'weight_max' | 'weight_max_of' | 'window_s'> = {
  weight_max: 1_000,
  weight_max_of: {},
  window_s: 30,
};

export interface MediumFacts {
  sent: number;
  /** Not sent: there was no connection. */
  unsent: number;
  taken: number;
  /** By reason; `weight` counts messages that were taken with a lower weight. */
  refused: Record<Refusal, number>;
}

export class FederationMedium {
  readonly #options: MediumOptions;
  readonly #signer: Signer;
  readonly #publishers: Publishers;
  readonly #refusals: Refusals;
  readonly #stop: () => void;
  /** Room for a datagram, and for another one to look into while it is plain. */
  readonly #datagram = new DataView(new ArrayBuffer(DATAGRAM_MAX_BYTES));
  readonly #plain = new DataView(new ArrayBuffer(DATAGRAM_MAX_BYTES));
  #counter: number;
  #counts = { sent: 0, unsent: 0, taken: 0 };

  /** @throws RangeError for keys that are none */
  constructor(options: MediumOptions) {
    this.#options = options;
    this.#signer = new Signer(options.keys);
    // A message may be ahead by the window and is then fresh for twice as long: no counter is forgotten before.
    this.#publishers = new Publishers(Math.max(2_000 * options.window_s, FORGET_CYCLES * options.cycle_ms));
    this.#refusals = new Refusals(options.timing, options.onEvent);
    // Of a session that goes on after a restart of this program, the counter goes on too.
    this.#counter = options.timing.now_ms() * 1_000;
    this.#stop = options.link.subscribe(everyone(options.base), (topic, payload, retained) =>
      this.#take(topic, payload, retained),
    );
  }

  /** The node's port: publishes a datagram of its site. */
  send(view: DataView, length: number): boolean {
    const { base, site, link, timing, cycle_ms } = this.#options;
    const datagram = new Uint8Array(view.buffer, view.byteOffset, length);
    new Uint8Array(this.#plain.buffer).set(datagram);
    // A private seal hides the session, too.
    if (this.#messagesEnd(length) < 0) return false;
    const topic = addressTopic(base, { site, session: sessionOf(this.#plain) });
    const message = this.#signer.wrap(topic, datagram, timing.now_ms(), ++this.#counter);
    const expiry_s = Math.max(1, Math.ceil((EXPIRY_CYCLES * cycle_ms) / 1000));
    const sent = link.send(topic, message, expiry_s);
    if (sent) this.#counts.sent++;
    else this.#counts.unsent++;
    return sent;
  }

  facts(): MediumFacts {
    return { ...this.#counts, refused: { ...this.#refusals.counts } };
  }

  /** The other sites that are heard, by name. */
  sites(): SiteView[] {
    const now_ms = this.#options.timing.now_ms();
    const sites = new Map<string, SiteView & { heard_ms: number }>();
    for (const { site, heard_ms, claims } of this.#publishers.list(now_ms)) {
      const known = sites.get(site);
      const gateways = (known?.gateways ?? 0) + 1;
      const newest = known !== undefined && known.heard_ms >= heard_ms;
      const keys = newest ? known.keys : this.#namedClaims(claims);
      const newest_ms = newest ? known.heard_ms : heard_ms;
      sites.set(site, { site, gateways, keys, heard_ms: newest_ms, age_s: Math.max(0, now_ms - newest_ms) / 1000 });
    }
    return [...sites.values()]
      .sort((a, b) => (a.site < b.site ? -1 : 1))
      .map(({ site, age_s, gateways, keys }) => ({ site, age_s, gateways, keys }));
  }

  close(): void {
    this.#stop();
  }

  #namedClaims(claims: readonly Claim[]): SiteView['keys'] {
    const { settings } = this.#options;
    return claims
      .filter(({ key }) => key < settings.length)
      .map(({ key, diff, weight }) => ({
        name: settings[key].name,
        value: (diff + settings[key].reference) / ONE,
        weight,
      }));
  }

  #take(topic: string, payload: Buffer, retained: boolean): void {
    const { base, site, timing } = this.#options;
    const now_ms = timing.now_ms();
    const address = readAddress(base, topic);
    // What this site says comes back from the broker, and other gateways of the site speak for it as well.
    if (address?.site === site) return;
    const who = address?.site ?? topic;
    const refuse = (reason: Refusal, detail = ''): void => this.#refusals.note(reason, who, detail);
    if (!this.#publishers.admit(topic, now_ms)) return refuse('rate');
    if (address === null) return refuse('topic');
    if (retained) return refuse('retained');
    const opened = this.#signer.open(topic, payload);
    if (typeof opened === 'string') return refuse(opened);
    const stale = this.#staleReason(topic, opened, now_ms);
    if (stale !== null) return refuse(stale[0], stale[1]);
    this.#takeDatagram(topic, address, opened, now_ms, refuse);
  }

  #staleReason(topic: string, { time_ms, counter }: Opened, now_ms: number): [Refusal, string] | null {
    const ahead_s = (time_ms - now_ms) / 1000;
    if (Math.abs(ahead_s) > this.#options.window_s) {
      return ['clock', `${Math.abs(Math.round(ahead_s))} s ${ahead_s > 0 ? 'ahead' : 'behind'}`];
    }
    const known = this.#publishers.find(topic);
    return known !== undefined && counter <= known.counter ? ['replay', ''] : null;
  }

  #takeDatagram(
    topic: string,
    { site, session }: Address,
    { counter, datagram }: Opened,
    heard_ms: number,
    refuse: (reason: Refusal, detail?: string) => void,
  ): void {
    const { length } = datagram;
    new Uint8Array(this.#datagram.buffer).set(datagram);
    new Uint8Array(this.#plain.buffer).set(datagram);
    const end = this.#messagesEnd(length);
    if (end < 0) return refuse('seal');
    const said = findSite(this.#plain, end);
    if (said === null) return refuse('claims');
    if (said.site !== siteId(site)) return refuse('site');
    if (sessionOf(this.#plain) !== session) return refuse('session');
    const weight_max = this.#options.weight_max_of[site] ?? this.#options.weight_max;
    const largest = capWeights(this.#plain, said, weight_max);
    if (largest > 0) refuse('weight', `${largest}; at most ${weight_max}`);
    if (weight_max === 0) return;
    if (largest > 0) this.#sealAgain(end);
    const claims = readClaims(this.#plain, said);
    if (!this.#publishers.hear(topic, { site, session, counter, heard_ms, claims })) return refuse('full');
    const reason = this.#options.deliver(largest > 0 ? this.#plain : this.#datagram, length, sourceOf(topic));
    if (reason === 0) this.#counts.taken++;
    else refuse('node', `reason ${reason}`);
  }

  /** Where the messages of the datagram in `plain` end, once it is open; -1 when its seal is wrong. */
  #messagesEnd(length: number): number {
    const { seal } = this.#options;
    if (seal === null) return length;
    const sealed = length - seal.overhead_bytes;
    if (sealed - CLOCK_BYTES < 0 || !seal.open(this.#plain, sealed)) return -1;
    return sealed - CLOCK_BYTES;
  }

  /** A datagram whose weights were lowered has another seal: this gateway has the key, and the node sees what it takes. */
  #sealAgain(end: number): void {
    this.#options.seal?.close(this.#plain, end + CLOCK_BYTES);
  }
}

/** The factory that the core plugs in: see `part.ts`. */
export function createMedium(options: MediumOptions): FederationMedium {
  return new FederationMedium(options);
}
