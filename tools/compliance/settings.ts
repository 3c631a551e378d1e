/** What the target's swarm is told, as far as we are: the file behind --keys, with the fields that scenarios and devices have. */
import { UsageError } from '../cli/errors.ts';
import { readJson } from '../cli/json-file.ts';
import { didYouMean } from '../cli/nearest.ts';
import { ONE, VALUE_MAX } from './wire/format.ts';

/** Values are Q16.16. */
export interface KeySettings {
  name: string;
  floor: number;
  span: number;
  low: number;
  high: number;
  reference: number;
  guard: boolean;
  estimator: string;
  scope: string;
}

export interface SwarmSettings {
  swarm: string;
  /** The number of shards; one for each 16 keys where it is not given. */
  shards: number;
  relay: string;
  /** Nodes that hold each shard of a divided swarm. */
  replicas: number;
  /** How much of the entropy drift is applied, 0 to 65,536. */
  alpha: number;
  keys: KeySettings[];
}

const KEYS_PER_SHARD = 16;
const KEYS_MAX = 64;
const FIELDS = ['name', 'floor', 'span', 'range', 'reference', 'guard', 'estimator', 'scope'];
/** What a node's file says besides, and a test from outside needs not. */
const OTHER_FIELDS = ['source'];
const ESTIMATORS = ['huber', 'hodges-lehmann', 'trimmed'];
const SCOPES = ['site', 'all'];
const RELAYS = ['off', 'safe', 'open'];

type Json = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

class Reader {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  fail(place: string, what: string): never {
    throw new UsageError(`--keys ${this.path}: ${place} ${what}`);
  }

  number(place: string, value: unknown, usual: number, least: number, most: number): number {
    const number = value ?? usual;
    if (typeof number === 'number' && number >= least && number <= most) return number;
    return this.fail(place, `is ${JSON.stringify(value)}; it must be a number from ${least} to ${most}`);
  }

  word(place: string, value: unknown, words: readonly string[], usual: string): string {
    const word = value ?? usual;
    if (typeof word === 'string' && words.includes(word)) return word;
    return this.fail(place, `is ${JSON.stringify(value)}; it must be one of ${words.join(', ')}`);
  }
}

const q16 = (value: number): number => Math.min(VALUE_MAX, Math.round(value * ONE));
const MOST = 32_768;

/** The defaults are those of a scenario's key. */
function readKey(reader: Reader, value: unknown, index: number): KeySettings {
  const place = `keys[${index}]`;
  if (!isObject(value)) return reader.fail(place, 'must be an object such as {"name": "room1/temp"}');
  const { name } = value;
  if (typeof name !== 'string' || name === '')
    return reader.fail(`${place}.name`, 'must be a text, such as room1/temp');
  for (const field of Object.keys(value)) {
    if (FIELDS.includes(field) || OTHER_FIELDS.includes(field)) continue;
    reader.fail(
      `${place}.${field}`,
      `is not a known field${didYouMean(field, FIELDS) || `; there are ${FIELDS.join(', ')}`}`,
    );
  }
  const range: unknown = value.range ?? [0, 1000];
  if (!Array.isArray(range) || range.length !== 2)
    return reader.fail(`${place}.range`, 'must be a list such as [0, 100]');
  const low = reader.number(`${place}.range[0]`, range[0], 0, 0, MOST);
  const guard = value.guard ?? true;
  if (typeof guard !== 'boolean') return reader.fail(`${place}.guard`, 'must be true or false');
  return {
    name,
    floor: Math.max(1, q16(reader.number(`${place}.floor`, value.floor, 0.015625, 0, MOST))),
    span: q16(reader.number(`${place}.span`, value.span, 16, 0, MOST)),
    low: q16(low),
    high: q16(reader.number(`${place}.range[1]`, range[1], 1000, low, MOST)),
    reference: q16(reader.number(`${place}.reference`, value.reference, 0, 0, MOST)),
    guard,
    estimator: reader.word(`${place}.estimator`, value.estimator, ESTIMATORS, 'huber'),
    scope: reader.word(`${place}.scope`, value.scope, SCOPES, 'site'),
  };
}

/**
 * A list of keys, or an object with `keys` and, where they are not the usual ones, `swarm`, `shards` and `relay`.
 * @param swarm from the command line, '' for what the file says or the usual name
 * @throws UsageError naming the file, the field and what is allowed
 */
export function readSwarmFile(path: string, swarm: string): SwarmSettings {
  const reader = new Reader(path);
  const { value } = readJson(path, `--keys ${path}`, 'settings');
  const file: Json = isObject(value) ? value : { keys: value };
  const list = file.keys;
  if (!Array.isArray(list) || list.length < 1 || list.length > KEYS_MAX) {
    return reader.fail('keys', `must be a list of 1 to ${KEYS_MAX} keys`);
  }
  const keys = list.map((one, i) => readKey(reader, one, i));
  const twice = keys.find(({ name }, i) => keys.findIndex((other) => other.name === name) !== i);
  if (twice !== undefined) return reader.fail('keys', `has ${twice.name} twice`);
  const shards = reader.number('shards', file.shards, 0, 0, KEYS_MAX);
  const name = swarm === '' ? (file.swarm ?? 'lvs') : swarm;
  if (typeof name !== 'string') return reader.fail('swarm', 'must be a text');
  return {
    swarm: name,
    shards: shards === 0 ? Math.ceil(keys.length / KEYS_PER_SHARD) : Math.floor(shards),
    relay: reader.word('relay', file.relay, RELAYS, 'safe'),
    replicas: reader.number('replicas', file.replicas, 4, 1, 1000),
    alpha: reader.number('alpha', file.alpha, 65_536, 0, 65_536),
    keys,
  };
}
