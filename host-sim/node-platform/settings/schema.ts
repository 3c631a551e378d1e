/** What a settings file may say, under the names that a device has for it (firmware/device/README.md). */
import { compileCheck, type Schema } from '../../../tools/cli/schema.ts';
import { schemaAt } from '../../scenario/schema.ts';

/** A key as in a scenario, but it must have a name: nodes of one swarm know their keys by it. */
const keys: Schema = {
  ...schemaAt(['keys']),
  items: { ...schemaAt(['keys', 0]), required: ['name'] },
};

const whole = (minimum: number, maximum: number): Schema => ({ type: 'integer', minimum, maximum });
const name: Schema = { type: 'string', minLength: 1, maxLength: 64 };

/** Ranges are those of firmware/settings.ts. `additionalProperties` is no part of `Schema`, and the checker knows it. */
const settings: Schema & { additionalProperties: boolean } = {
  type: 'object',
  additionalProperties: false,
  properties: {
    $schema: { type: 'string' },
    swarm: name,
    keys,
    cycle_ms: whole(50, 60_000),
    relay: { type: 'string', enum: ['off', 'safe', 'open'] },
    relay_entries: whole(0, 16),
    table: whole(1, 1000),
    shards: whole(0, 64),
    replicas: whole(1, 1000),
    alpha: whole(0, 65_536),
    per_address: whole(1, 1000),
    session_cycles: whole(64, 4_194_303),
    site: { type: 'string', maxLength: 64 },
  },
};

export const checkKeysFile = compileCheck(keys);
export const checkSettingsFile = compileCheck(settings);
