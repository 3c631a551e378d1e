/** What of a new configuration can be taken while the gateway runs, and what waits for a restart. */
import { isDeepStrictEqual } from 'node:util';
import type { GatewayConfig } from './config.ts';

export interface Change {
  /** What is in force from now on. */
  config: GatewayConfig;
  /** Sections that changed and were taken. */
  taken: (keyof GatewayConfig)[];
  /** What changed and stays as it was, `swarm.port`. */
  restart: string[];
}

/** The swarm's id, its members' keys and the node's medium hang on these: another node would begin. */
const FIXED = ['site', 'swarm', 'keys'] as const;
const LIVE = ['sources', 'mqtt', 'federation', 'http', 'history', 'log'] as const;

function changedFields(name: string, before: unknown, after: unknown): string[] {
  if (isDeepStrictEqual(before, after)) return [];
  const both = [before, after].every((value) => typeof value === 'object' && value !== null && !Array.isArray(value));
  if (!both) return [name];
  const [a, b] = [before, after] as Readonly<Record<string, unknown>>[];
  const fields = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return fields.filter((field) => !isDeepStrictEqual(a[field], b[field])).map((field) => `${name}.${field}`);
}

/** The new federation, but switched on or off as it was: the node has a medium from its start, or none. */
function federationOf(before: GatewayConfig, after: GatewayConfig): GatewayConfig['federation'] {
  return before.federation.enabled === after.federation.enabled ? after.federation : before.federation;
}

export function planReload(before: GatewayConfig, after: GatewayConfig): Change {
  const restart = FIXED.flatMap((name) => changedFields(name, before[name], after[name]));
  if (before.federation.enabled !== after.federation.enabled) restart.push('federation.enabled');
  if (before.log.format !== after.log.format) restart.push('log.format');
  const config: GatewayConfig = {
    ...after,
    site: before.site,
    swarm: before.swarm,
    keys: before.keys,
    federation: federationOf(before, after),
    log: { ...after.log, format: before.log.format },
    // Sources of keys that are not there yet wait with them.
    sources: after.sources.filter(({ key }) => before.keys.some(({ name }) => name === key)),
  };
  const taken = LIVE.filter((name) => !isDeepStrictEqual(before[name], config[name]));
  return { config, taken, restart };
}
