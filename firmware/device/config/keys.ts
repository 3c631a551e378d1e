/** A key as people write it, in its own unit, as the node's settings and the source of its readings. */

import type { KeySettings } from '../../node.ts';
import { SOURCE_KINDS, type SourceSettings } from '../sensors/source.ts';
import { flagField, isObject, numberField, textField, wordField } from './fields.ts';

const ONE = 65536;
const VALUE_MAX = 0x7fffffff;
/** In the order of the constants in firmware/settings.ts. */
const ESTIMATORS: readonly string[] = Object.freeze(['huber', 'hodges-lehmann', 'trimmed']);
const SCOPES: readonly string[] = Object.freeze(['site', 'all']);

/** The same defaults as a scenario's key has (host-sim/scenarios/schema.json). */
export const DEFAULT_FLOOR = 0.015625;
const SPAN = 16;
const RANGE_MAX = 1000;

/** Most sensors need some time for a reading, and heat themselves when asked more often. */
const EVERY_S: readonly number[] = Object.freeze([1, 10, 10, 1]);

interface KeyFields {
  name?: unknown;
  floor?: unknown;
  span?: unknown;
  range?: unknown;
  reference?: unknown;
  guard?: unknown;
  estimator?: unknown;
  scope?: unknown;
  source?: unknown;
}

interface SourceFields {
  kind?: unknown;
  pin?: unknown;
  driver?: unknown;
  quantity?: unknown;
  address?: unknown;
  value?: unknown;
  swing?: unknown;
  period_s?: unknown;
  noise?: unknown;
  scale?: unknown;
  offset?: unknown;
  every_s?: unknown;
}

export interface DeviceKey {
  settings: KeySettings;
  /** null: this node has no sensor for the key, and takes part without one. */
  source: SourceSettings | null;
}

export function readKey(value: unknown, index: number): DeviceKey {
  const where = `keys[${index}]`;
  if (!isObject(value)) throw new RangeError(`${where} must be an object such as {"name": "room1/temp"}`);
  const fields: KeyFields = value;
  const { low, high } = readRange(`${where}.range`, fields.range);
  return {
    settings: {
      name: textField(`${where}.name`, fields.name, `key${index + 1}`),
      floor: Math.max(1, toQ16(numberField(`${where}.floor`, fields.floor, DEFAULT_FLOOR))),
      span: toQ16(numberField(`${where}.span`, fields.span, SPAN)),
      low,
      high,
      reference: toQ16(numberField(`${where}.reference`, fields.reference, 0)),
      guard: flagField(`${where}.guard`, fields.guard, true),
      estimator: wordField(`${where}.estimator`, fields.estimator, ESTIMATORS),
      scope: wordField(`${where}.scope`, fields.scope, SCOPES),
    },
    source: fields.source === undefined || fields.source === null ? null : readSource(`${where}.source`, fields.source),
  };
}

function readRange(where: string, value: unknown): { low: number; high: number } {
  if (value === undefined) return { low: 0, high: toQ16(RANGE_MAX) };
  if (!Array.isArray(value) || value.length !== 2) throw new RangeError(`${where} must be [lowest, highest]`);
  const bounds: unknown[] = value;
  return { low: toQ16(numberField(where, bounds[0], 0)), high: toQ16(numberField(where, bounds[1], 0)) };
}

function readSource(where: string, value: unknown): SourceSettings {
  if (!isObject(value)) throw new RangeError(`${where} must be an object such as {"kind": "synthetic"}`);
  const fields: SourceFields = value;
  if (fields.kind === undefined)
    throw new RangeError(`${where}.kind is missing; it is one of ${SOURCE_KINDS.join(', ')}`);
  const kind = wordField(`${where}.kind`, fields.kind, SOURCE_KINDS);
  return {
    kind: SOURCE_KINDS[kind],
    pin: numberField(`${where}.pin`, fields.pin, -1),
    driver: textField(`${where}.driver`, fields.driver, ''),
    quantity: textField(`${where}.quantity`, fields.quantity, 'temperature'),
    address: numberField(`${where}.address`, fields.address, 0),
    value: numberField(`${where}.value`, fields.value, 0),
    swing: numberField(`${where}.swing`, fields.swing, 0),
    period_s: numberField(`${where}.period_s`, fields.period_s, 60),
    noise: numberField(`${where}.noise`, fields.noise, 0),
    scale: numberField(`${where}.scale`, fields.scale, 1),
    offset: numberField(`${where}.offset`, fields.offset, 0),
    every_ms: Math.max(1, Math.round(1000 * numberField(`${where}.every_s`, fields.every_s, EVERY_S[kind]))),
  };
}

function toQ16(value: number): number {
  return Math.min(Math.round(value * ONE), VALUE_MAX);
}
