/** The firmware's settings, in Q16.16, from the configuration's. */
import type { KeySettings, Settings } from '../../firmware/node.ts';
import { UsageError } from '../../tools/cli/errors.ts';
import type { GatewayConfig, KeyConfig } from '../config/config.ts';
import type { FirmwareApi } from './bundle.ts';

export const ONE = 65_536;
/** Stands where a value is missing (firmware/platform.ts). */
export const NONE = -1;
/** Q16.16 in int32, never negative (firmware/fixed/q16.ts). */
export const VALUE_MAX = 0x7fffffff;

/** The order of the firmware's constants (firmware/settings.ts). */
const ESTIMATORS = ['huber', 'hodges-lehmann', 'trimmed'] as const;
const RELAYS = ['off', 'safe', 'open'] as const;
const SCOPES = ['site', 'all'] as const;

export function toQ16(value: number): number {
  return Math.min(VALUE_MAX, Math.max(0, Math.round(value * ONE)));
}

export function fromQ16(value: number): number | null {
  return value === NONE ? null : value / ONE;
}

function toKey(key: KeyConfig): KeySettings {
  return {
    name: key.name,
    floor: Math.max(1, toQ16(key.floor)),
    span: Math.max(1, toQ16(key.span)),
    low: toQ16(key.range[0]),
    high: toQ16(key.range[1]),
    reference: toQ16(key.reference),
    guard: key.guard,
    estimator: ESTIMATORS.indexOf(key.estimator),
    scope: SCOPES.indexOf(key.scope),
  };
}

/** @throws UsageError for what the firmware does not allow */
export function firmwareSettings(api: FirmwareApi, config: GatewayConfig): Settings {
  const { swarm } = config;
  const settings: Settings = {
    ...api.defaultSettings(),
    swarm: swarm.name,
    keys: config.keys.map(toKey),
    cycle_ms: swarm.cycle_ms,
    relay: RELAYS.indexOf(swarm.relay),
    table: swarm.table,
    nodes_per_address: swarm.nodes_per_address,
    site: config.site,
  };
  const wrong = api.checkSettings(settings);
  if (wrong !== '') throw new UsageError(wrong);
  return settings;
}
