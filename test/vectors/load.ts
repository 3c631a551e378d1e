/** Reads the vector files, and makes the firmware's settings of a file's. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Settings } from '../../firmware/node.ts';
import type { VectorFile, VectorSettings } from './format.ts';

const FOLDER = new URL('.', import.meta.url);
const RELAYS = ['off', 'safe', 'open'];
const SCOPES = ['site', 'all'];

export interface IdsFile {
  swarms: (Pick<VectorSettings, 'swarm' | 'shards' | 'swarm_id' | 'shard_of'> & {
    keys: { name: string; reference: number }[];
  })[];
  sites: { name: string; site: number }[];
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'));
}

export function loadIds(): IdsFile {
  return read('ids.json') as IdsFile;
}

/** All files with cases, by name. */
export function loadVectors(): [string, VectorFile][] {
  const names = readdirSync(FOLDER).filter(
    (name) => name.endsWith('.json') && name !== 'ids.json' && name !== 'seal.json',
  );
  return names.sort().map((name) => [name, read(name) as VectorFile]);
}

/** What the wire does not depend on is set wide, so that it stays out of the way. */
export function firmwareSettings(settings: VectorSettings): Partial<Settings> {
  return {
    swarm: settings.swarm,
    keys: settings.keys.map(({ name, reference, low, high, scope }) => ({
      name,
      reference,
      low,
      high,
      floor: 1,
      span: 2 ** 30 - 1,
      guard: true,
      estimator: 0,
      scope: SCOPES.indexOf(scope),
    })),
    shards: settings.shards,
    relay: RELAYS.indexOf(settings.relay),
    relay_entries: 16,
    site: settings.site,
  };
}
