/** Two sites of one node of the bundle each, whose media meet on a link in memory. */
import type { Harness } from '../../firmware/harness.ts';
import { createHarness, ONE, testKey } from '../../firmware/harness.ts';
import { createMedium, MEDIUM, type FederationMedium, type MediumOptions } from '../../../gateway/federation/medium.ts';
import type { MqttEvent } from '../../../gateway/mqtt/options.ts';
import { matches } from '../../../gateway/mqtt/topic.ts';
import type { OnMessage } from '../../../gateway/mqtt/subscriptions.ts';

export const BASE = 'lvs-fed/test';
export const KEY = new Uint8Array(32).fill(7);

/** What a broker does with messages that nobody keeps; `log` has all of them. */
export class Wire {
  readonly log: { topic: string; payload: Buffer }[] = [];
  readonly #listeners: { filter: string; onMessage: OnMessage }[] = [];

  subscribe(filter: string, onMessage: OnMessage): () => void {
    const one = { filter, onMessage };
    this.#listeners.push(one);
    return () => this.#listeners.splice(this.#listeners.indexOf(one), 1);
  }

  send(topic: string, payload: Buffer): boolean {
    this.log.push({ topic, payload });
    this.deliver(topic, payload);
    return true;
  }

  deliver(topic: string, payload: Buffer, retained = false): void {
    for (const { filter, onMessage } of this.#listeners)
      if (matches(filter, topic)) onMessage(topic, payload, retained);
  }
}

export interface TestSite {
  gateway: Harness;
  medium: FederationMedium;
  events: MqttEvent[];
  /** Runs a cycle and publishes what it says. */
  cycle: () => void;
  clock: { now_ms: number };
}

let seeds = 0;

export function testSite(name: string, wire: Wire, over: Partial<MediumOptions> = {}): TestSite {
  const settings = { site: name, keys: [testKey({ scope: 1 })] };
  const gateway = createHarness({
    seed: ++seeds,
    gateway: true,
    settings,
    ...(over.seal === undefined || over.seal === null ? {} : { seal: over.seal }),
  });
  const events: MqttEvent[] = [];
  const clock = { now_ms: 1_700_000_000_000 };
  const medium = createMedium({
    ...MEDIUM,
    site: name,
    base: BASE,
    link: wire,
    keys: [KEY],
    seal: null,
    cycle_ms: 1000,
    settings: settings.keys,
    deliver: (view, length, source) => gateway.deliverMedium(new DataView(view.buffer.slice(0, length)), source),
    onEvent: (event) => events.push(event),
    timing: { now_ms: () => clock.now_ms, after: () => () => undefined },
    ...over,
  });
  return {
    gateway,
    medium,
    events,
    clock,
    cycle: () => {
      const before = gateway.sentMedium.length;
      gateway.cycle();
      clock.now_ms += 1000;
      for (const view of gateway.sentMedium.slice(before)) medium.send(view, view.byteLength);
    },
  };
}

/** Two sites that have read 22 and 42. */
export function twoSites(wire: Wire, over: Partial<MediumOptions> = {}): [TestSite, TestSite] {
  const sites: [TestSite, TestSite] = [testSite('one', wire, over), testSite('two', wire, over)];
  sites[0].gateway.setReading(0, 22 * ONE);
  sites[1].gateway.setReading(0, 42 * ONE);
  return sites;
}
