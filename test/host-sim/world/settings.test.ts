/** A scenario's words become the firmware's settings: units, names, sizes. */
import { describe, expect, it } from 'vitest';
import * as firmware from '../../../firmware/settings.ts';
import type { KeyScenario, Scenario } from '../../../host-sim/world/scenario.ts';
import { settingsOf, toQ16 } from '../../../host-sim/world/settings.ts';
import { bundle, scenarioOf } from './base.ts';

const ONE = 65_536;
const of = (over: Partial<Scenario>, site = 0): firmware.Settings => settingsOf(bundle, scenarioOf(over), site);
const keyOf = (over: Partial<KeyScenario>): firmware.KeySettings =>
  of({ keys: [{ ...scenarioOf().keys[0], ...over }] }).keys[0];

describe('settings', () => {
  it('are such that a node takes them', () => {
    expect(bundle.api.checkSettings(of({}))).toBe('');
    expect(bundle.api.checkSettings(of({ topology: 'sites', nodes: 250, sites: 5 }))).toBe('');
    expect(bundle.api.checkSettings(of({ nodes: 5000 }))).toBe('');
  });

  it('have a key in Q16.16', () => {
    expect(
      keyOf({ name: 'temp', floor: 0.5, span: 16, range: [0, 100], reference: 20.25, guard: false }),
    ).toMatchObject({
      name: 'temp',
      floor: 0.5 * ONE,
      span: 16 * ONE,
      low: 0,
      high: 100 * ONE,
      reference: 20.25 * ONE,
      guard: false,
    });
  });

  it('have a floor of at least one unit in the last place', () => {
    expect(keyOf({ floor: 1e-9 }).floor).toBe(1);
  });

  it('have the numbers by which the firmware knows its words', () => {
    const estimators = (['huber', 'hodges-lehmann', 'trimmed'] as const).map(
      (estimator) => keyOf({ estimator }).estimator,
    );
    expect(estimators).toEqual([firmware.HUBER, firmware.HODGES_LEHMANN, firmware.TRIMMED]);
    const relays = (['off', 'safe', 'open'] as const).map((relay) => of({ relay }).relay);
    expect(relays).toEqual([firmware.RELAY_OFF, firmware.RELAY_SAFE, firmware.RELAY_OPEN]);
    const scopes = (['site', 'all'] as const).map((scope) => keyOf({ scope }).scope);
    expect(scopes).toEqual([firmware.SCOPE_SITE, firmware.SCOPE_ALL]);
  });

  it('have a table for the neighbourhood, unless the scenario says how large', () => {
    expect(of({ nodes: 60 }).table).toBe(60);
    expect(of({ nodes: 60, topology: 'sites', sites: 3 }).table).toBe(20);
    expect(of({ nodes: 60, table: 7 }).table).toBe(7);
  });

  it('name each site by itself, and the swarm alike', () => {
    const [first, second] = [of({ topology: 'sites' }, 0), of({ topology: 'sites' }, 1)];
    expect(first.site).not.toBe(second.site);
    expect(first.swarm).toBe(second.swarm);
  });
});

describe('toQ16', () => {
  it('rounds to the nearest and stays in int32', () => {
    expect([toQ16(1), toQ16(0.1), toQ16(1e-6), toQ16(1e9)]).toEqual([ONE, 6554, 0, 0x7fffffff]);
  });
});
