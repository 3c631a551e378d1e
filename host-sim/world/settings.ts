/** A scenario's words as the firmware's settings: units become Q16.16, names become numbers. */

import type { KeySettings, Settings } from '../../firmware/node.ts';
import type { Bundle } from './bundle.ts';
import type { KeyScenario, Scenario } from './scenario.ts';

const ONE = 65536;
const VALUE_MAX = 0x7fffffff;
/** What the firmware allows. */
const TABLE_MAX = 1000;
/** The order of the firmware's constants (firmware/settings.ts). */
const ESTIMATORS = ['huber', 'hodges-lehmann', 'trimmed'];
const RELAYS = ['off', 'safe', 'open'];
const SCOPES = ['site', 'all'];

/** Settings that every node of one site shares. */
export function settingsOf(bundle: Bundle, scenario: Scenario, site: number): Settings {
  return {
    ...bundle.api.defaultSettings(),
    swarm: 'sim',
    keys: scenario.keys.map(keySettings),
    cycle_ms: scenario.cycle_ms,
    relay: RELAYS.indexOf(scenario.relay),
    relay_entries: scenario.relay_entries,
    table: scenario.table > 0 ? scenario.table : tableFor(scenario),
    shards: scenario.shards,
    site: `site ${site + 1}`,
  };
}

/** As many as the neighbourhood has, a site with sites, else the whole swarm; and no more than a table may hold. */
function tableFor({ topology, nodes, sites }: Scenario): number {
  return Math.min(TABLE_MAX, Math.max(1, topology === 'sites' ? nodes / sites : nodes));
}

export function keySettings(key: KeyScenario): KeySettings {
  return {
    name: key.name,
    floor: Math.max(1, toQ16(key.floor)),
    span: toQ16(key.span),
    low: toQ16(key.range[0]),
    high: toQ16(key.range[1]),
    reference: toQ16(key.reference),
    guard: key.guard,
    estimator: ESTIMATORS.indexOf(key.estimator),
    scope: SCOPES.indexOf(key.scope),
  };
}

export function toQ16(value: number): number {
  return Math.min(Math.round(value * ONE), VALUE_MAX);
}
