import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { projectRoot } from '../../../tools/cli/project-root.ts';
import { noFacts } from '../../../host-sim/node-platform/carrier.ts';
import { NodeHost, type HostEvent } from '../../../host-sim/node-platform/node-host.ts';
import { Sampler } from '../../../host-sim/node-platform/sensors/sampler.ts';
import { memoryStore } from '../../../host-sim/node-platform/store/memory-store.ts';
import { loadBundle } from '../../../host-sim/world/bundle.ts';

const ONE = 65_536;
const WAIT = { timeout: 20_000, interval: 20 };

async function host(vitals: { charge: number; load: number }) {
  const { api } = await loadBundle(join(projectRoot(), 'build/firmware/node.mjs'));
  const events: HostEvent[] = [];
  const sent: number[] = [];
  const key = {
    name: 't',
    floor: 1,
    span: ONE,
    low: 0,
    high: 100 * ONE,
    reference: 0,
    guard: true,
    estimator: 0,
    scope: 0,
  };
  const node = new NodeHost({
    api,
    settings: { ...api.defaultSettings(), keys: [key], cycle_ms: 50 },
    carrier: () => ({
      send: () => sent.push(performance.now()) > 0,
      open: () => Promise.resolve(),
      close: () => Promise.resolve(),
      facts: noFacts,
    }),
    store: memoryStore(),
    seal: null,
    sampler: new Sampler({ channels: [null], now_ms: () => 0, onChange: () => undefined }),
    battery: { start: () => Promise.resolve(), charge: () => vitals.charge, stop: () => undefined },
    load: { load: () => vitals.load },
    onEvent: (event) => events.push(event),
    onCycle: () => undefined,
  });
  return { node, events, sent };
}

describe('low power', () => {
  it.each([
    ['battery', { charge: 0.19, load: 0.1 }, { charge: 0.25, load: 0.1 }],
    ['load', { charge: 1, load: 0.95 }, { charge: 1, load: 0.7 }],
  ])(
    'comes with %s, stays until it is well away from the bound, and shows',
    { timeout: 60_000 },
    async (reason, low, between) => {
      const vitals = { charge: ONE, load: 0 };
      const set = ({ charge, load }: { charge: number; load: number }): void => {
        Object.assign(vitals, { charge: Math.round(charge * ONE), load: Math.round(load * ONE) });
      };
      const { node, events, sent } = await host(vitals);
      await node.start();
      expect(node.status()).toMatchObject({ low_power: '', pace: 1 });
      set(low);
      await vi.waitFor(() => expect(node.status()).toMatchObject({ low_power: reason, pace: 8 }), WAIT);
      set(between);
      const cycles = sent.length;
      await vi.waitFor(() => expect(sent.length).toBeGreaterThan(cycles + 12), WAIT);
      expect(node.status()).toMatchObject({ low_power: reason });
      set({ charge: 0.9, load: 0.1 });
      await vi.waitFor(() => expect(node.status()).toMatchObject({ low_power: '', pace: 1 }), WAIT);
      await node.stop();
      const told = events.filter(({ name }) => name.startsWith('low-power'));
      expect(told).toEqual([
        { name: 'low-power-entered', detail: { reason } },
        { name: 'low-power-left', detail: { reason } },
      ]);
    },
  );
});
