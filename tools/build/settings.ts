/** The settings that an image is built with: `config` and `creation` as `mcconfig` merged them from all manifests. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as Firmware from '../../firmware/node.ts';
import type { Project } from './project.ts';

export interface Merged {
  config: Record<string, unknown>;
  creation: { static: number; stack: number; chunk: { initial: number }; heap: { initial: number } };
}

export function readMerged({ tmp }: Project): Merged {
  return JSON.parse(readFileSync(join(tmp, 'manifest_flat.json'), 'utf8')) as Merged;
}

/**
 * As many keys and peers as the device would have with these settings: their number decides on the memory, what the keys
 * are called and allow does not.
 */
export function nodeSettings(firmware: typeof Firmware, { config }: Merged): Firmware.Settings {
  const usual = firmware.defaultSettings();
  const whole = (name: string, fallback: number): number => {
    const value = Number(config[name] ?? NaN);
    return Number.isInteger(value) ? value : fallback;
  };
  const keys = Array.isArray(config.keys) ? config.keys.length : 1;
  return {
    ...usual,
    table: whole('table', usual.table),
    shards: whole('shards', usual.shards),
    relay_entries: whole('relay_entries', usual.relay_entries),
    keys: Array.from({ length: Math.max(1, keys) }, (_, i) => ({
      name: `key${i + 1}`,
      floor: 1,
      span: 1,
      low: 0,
      high: 0x7fffffff,
      reference: 0,
      guard: true,
      estimator: 0,
      scope: 0,
    })),
  };
}
