/**
 * What of a snapshot is to be published now: what changed by more than it can be told apart, and everything once in a
 * while, but not each cycle all that there is.
 */

import type { KeyView, Snapshot } from '../view.ts';
import { AlarmWatch, alarmClass } from './alarms.ts';
import type { Message } from './outbox.ts';
import {
  alarmsPayload,
  digitsOf,
  gatewayPayload,
  keyPayload,
  peersPayload,
  sitesPayload,
  sourcesPayload,
  type Json,
} from './payloads.ts';
import type { StateTopics } from './state-topics.ts';

export interface PublishedKey {
  name: string;
  /** The least change worth a message, in the key's unit: its floor unless the configuration says otherwise. */
  resolution: number;
}

export interface ChangesOptions {
  topics: StateTopics;
  keys: readonly PublishedKey[];
  /** Classes of alarms that have a topic of their own; `other` is for the rest. */
  alarm_classes: readonly string[];
  /** A key is published no more often than this, however much it changes. */
  least_s: number;
  /** Everything is published again after so long, even when nothing changed. */
  again_s: number;
  version: string;
  /** Begins the ids of events: another one after each start. */
  run: string;
}

/** Trust that changes by less is not told, and neither are ages, which change each cycle. */
const TRUST_STEP = 0.05;
export const OTHER_ALARMS = 'other';

interface Published {
  time_ms: number;
  /** What is compared with: not all that is published. */
  mark: string;
}

export class Changes {
  readonly #options: ChangesOptions;
  readonly #published = new Map<string, Published>();
  readonly #keys = new Map<string, KeyView>();
  readonly #alarms = new AlarmWatch();
  #events = 0;

  constructor(options: ChangesOptions) {
    this.#options = options;
  }

  /** Everything is published again: the broker may have lost what it kept. */
  forget(): void {
    this.#published.clear();
    this.#keys.clear();
  }

  messages(snapshot: Snapshot): Message[] {
    const { topics } = this.#options;
    return [
      ...snapshot.keys.flatMap((key) => this.#key(key, snapshot.time_ms)),
      ...this.#state(topics.peers, peersMark(snapshot), snapshot, () => peersPayload(snapshot.peers)),
      ...this.#state(topics.sources, sourcesMark(snapshot), snapshot, () => sourcesPayload(snapshot)),
      ...this.#state(topics.sites, sitesMark(snapshot), snapshot, () => sitesPayload(snapshot)),
      ...this.#state(topics.gateway, gatewayMark(snapshot), snapshot, () =>
        gatewayPayload(snapshot, this.#options.version),
      ),
      ...this.#alarmMessages(snapshot),
    ];
  }

  #isDue(topic: string, mark: string, time_ms: number): boolean {
    const last = this.#published.get(topic);
    // A clock that was set back must not silence a topic for as long.
    const age_ms = last === undefined ? 0 : Math.abs(time_ms - last.time_ms);
    const due = last?.mark !== mark || age_ms >= this.#options.again_s * 1000;
    if (due) this.#published.set(topic, { mark, time_ms });
    return due;
  }

  #state(topic: string, mark: string, { time_ms }: Snapshot, payload: () => Record<string, Json>): Message[] {
    if (!this.#isDue(topic, mark, time_ms)) return [];
    return [{ topic, payload: JSON.stringify({ ...payload(), time_ms }), retain: true }];
  }

  #key(key: KeyView, time_ms: number): Message[] {
    const resolution = this.#options.keys.find(({ name }) => name === key.name)?.resolution ?? 0;
    const topic = this.#options.topics.key(key.name);
    const last = this.#keys.get(key.name);
    const waited_ms = Math.abs(time_ms - (this.#published.get(topic)?.time_ms ?? 0));
    const changed = last === undefined || (waited_ms >= this.#options.least_s * 1000 && differs(last, key, resolution));
    if (!this.#isDue(topic, changed ? `${time_ms}` : (this.#published.get(topic)?.mark ?? ''), time_ms)) return [];
    this.#keys.set(key.name, key);
    const payload = { ...keyPayload(key, digitsOf(resolution)), time_ms };
    return [{ topic, payload: JSON.stringify(payload), retain: true }];
  }

  #alarmMessages(snapshot: Snapshot): Message[] {
    const { topics, alarm_classes, run } = this.#options;
    const { alarms } = snapshot;
    const classOf = (given: string): string => (alarm_classes.includes(given) ? given : OTHER_ALARMS);
    const present = new Set(alarms.map((alarm) => classOf(alarmClass(alarm))));
    const mark = alarms.map(({ id, severity }) => `${id} ${severity}`).join('\n');
    const events = this.#alarms.changes(alarms).map(({ what, alarm }): Message => {
      const { id, severity, text } = alarm;
      const event = { event: `${run}-${++this.#events}`, what, id, severity, text, time_ms: snapshot.time_ms };
      return { topic: topics.event, payload: JSON.stringify(event), retain: false };
    });
    const states = [...alarm_classes, OTHER_ALARMS].flatMap((each): Message[] => {
      const topic = topics.alarm(each);
      const payload = present.has(each) ? 'ON' : 'OFF';
      return this.#isDue(topic, payload, snapshot.time_ms) ? [{ topic, payload, retain: true }] : [];
    });
    return [...this.#state(topics.alarms, mark, snapshot, () => alarmsPayload(snapshot)), ...states, ...events];
  }
}

function differs(last: KeyView, now: KeyView, resolution: number): boolean {
  const far = (a: number | null, b: number | null): boolean =>
    a === null || b === null ? a !== b : Math.abs(a - b) >= resolution && a !== b;
  return (
    far(last.agreed, now.agreed) ||
    far(last.own, now.own) ||
    far(last.mean, now.mean) ||
    far(last.spread, now.spread) ||
    last.sensors !== now.sensors ||
    last.recovering !== now.recovering
  );
}

function peersMark({ peers }: Snapshot): string {
  return peers.map(({ peer, trust }) => `${peer} ${Math.round(trust / TRUST_STEP)}`).join('\n');
}

function sourcesMark({ sources }: Snapshot): string {
  return sources.map(({ key, kind, state, text }) => `${key} ${kind} ${state} ${text}`).join('\n');
}

function sitesMark({ sites }: Snapshot): string {
  return sites.map(({ site, gateways }) => `${site} ${gateways}`).join('\n');
}

function gatewayMark({ site, swarm, sealed, low_power, cycle_ms }: Snapshot): string {
  return JSON.stringify([site, swarm, sealed, low_power, cycle_ms]);
}
