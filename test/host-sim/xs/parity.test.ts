import { beforeAll, describe, expect, it } from 'vitest';
import { DataFiles } from '../../../host-sim/scenario/data.ts';
import { loadScenario } from '../../../host-sim/scenario/load.ts';
import type { Setting } from '../../../host-sim/scenario/setting.ts';
import { type Bundle, loadBundle } from '../../../host-sim/world/bundle.ts';
import { compareEngines } from '../../../host-sim/xs/parity.ts';
import { BUNDLE, PROGRAMS } from './built.ts';

let bundle: Bundle;

beforeAll(async () => {
  bundle = await loadBundle(BUNDLE);
});

/** A swarm small enough to run in a second or two, with fields of the scenario changed. */
function expectSame(name: string, fields: Record<string, unknown>): void {
  const settings: Setting[] = Object.entries(fields).map(([field, value]) => ({ path: [field], value, place: field }));
  const { scenario, data } = loadScenario(name, '/', settings, new DataFiles('/'));
  const { difference, node, xs } = compareEngines(bundle, scenario, data, PROGRAMS);
  expect(difference).toBeNull();
  const figures = ({ wall_ms, node_cycles_per_second, datagrams_per_second, ...rest }: typeof node): object => {
    expect(wall_ms * node_cycles_per_second * datagrams_per_second).toBeGreaterThan(0);
    return rest;
  };
  expect(figures(xs)).toEqual(figures(node));
  expect(xs.datagrams_delivered).toBeGreaterThan(0);
}

describe('the same bundle in XS and in Node.js', () => {
  it('agrees in the same steps on a LAN', () => expectSame('lan-8', { cycles: 60 }));

  it('with several keys, shards and every estimator', () =>
    expectSame('lan-8', {
      cycles: 40,
      keys: ['huber', 'hodges-lehmann', 'trimmed'].map((estimator, i) => ({ name: `key${i}`, estimator })),
      shards: 3,
      loss: 0.3,
    }));

  it('with relays at 90 % loss', () => expectSame('lossy-90', { cycles: 60, nodes: 10 }));

  it('over delays, duplicates, reordering, narrow links and bursts', () =>
    expectSame('lan-8', {
      cycles: 40,
      delay_min_ms: 20,
      delay_mean_ms: 200,
      duplication: 0.2,
      reorder: 0.1,
      burst: 3,
      capacity: 4000,
      clock_skew_ms: 400,
      clock_drift_ppm: 200,
    }));

  it('through crashes, restarts from a kept, a lost and a torn store, joins and leaves', () =>
    expectSame('lan-8', {
      cycles: 60,
      crashes: ['kept', 'lost', 'torn'].map((store, i) => ({
        cycle: 20 + i,
        share: 0.125,
        restart_cycle: 30 + i,
        store,
      })),
      joins: [{ cycle: 10, share: 0.125 }],
      leaves: [{ cycle: 40, share: 0.125 }],
    }));

  it('in low-power mode', () => expectSame('low-power', { cycles: 60, nodes: 8 }));

  it('between sites with gateways', () => expectSame('sites-5x50', { cycles: 40, nodes: 12, sites: 3, gateways: 2 }));

  it.each(['lie-b', 'poison-ahead', 'invent', 'replay', 'malformed', 'flood', 'stealth'])('under attack: %s', (kind) =>
    expectSame('lan-8', { cycles: 30, attacks: [{ kind, share: 0.25, from_cycle: 5 }] }),
  );
});
