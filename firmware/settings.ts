/**
 * What the nodes of one swarm are told. Key settings must be the same on every node of a swarm: a node that was told
 * other keys has another swarm id and is not heard. Values are Q16.16.
 */

import { VALUE_MAX } from './fixed/q16.ts';
import { hashText } from './fixed/hash.ts';
import { BELOW_MAX } from './fixed/words.ts';

export const HUBER = 0;
export const HODGES_LEHMANN = 1;
export const TRIMMED = 2;

export const RELAY_OFF = 0;
/** The rules of `transport/relay.ts`: no relay is trusted. */
export const RELAY_SAFE = 1;
/** Newest wins, over any number of hops: for a keyed swarm whose members are all trusted. */
export const RELAY_OPEN = 2;

/** Each site agrees on its own. */
export const SCOPE_SITE = 0;
/** All sites that gateways join agree together. */
export const SCOPE_ALL = 1;

export interface KeySettings {
  /** A quantity, such as `room1/temp`. */
  name: string;
  /** The sensor's resolution or noise: decides who is an outlier when all agree. At least 1. */
  floor: number;
  /** The most that one peer may move the result; about 1.6 times the honest spread. At least `floor`. */
  span: number;
  /** Physically plausible values; a contribution outside is refused on receipt. 0 to 2^31 - 1. */
  low: number;
  high: number;
  /** What values on the wire are differences from: near the usual value they take fewer bytes in relayed entries. */
  reference: number;
  /** Off gives the exact mean of whatever is sent. */
  guard: boolean;
  estimator: number;
  scope: number;
}

export interface Settings {
  /** Nodes hear only those whose swarm has the same name and the same keys. */
  swarm: string;
  /** 1 to 64: with a gateway's claims, more would not fit a datagram. */
  keys: KeySettings[];
  /** 50 to 60,000 */
  cycle_ms: number;
  relay: number;
  /** Relayed entries in a datagram at the most, 0 to 16. */
  relay_entries: number;
  /** Peers that the table holds, 1 to 1,000: at least as many as the swarm has. About 130 + 10 K bytes for each. */
  table: number;
  /** Shards that the keys hash into; 0 for one each 16 keys. With 64 keys at most 4. */
  shards: number;
  /** Nodes that hold each shard, where there is more than one. */
  replicas: number;
  /** How much of the entropy drift is applied, 0 to 65,536. */
  alpha: number;
  /** Tags that one source address may speak for: 1 on a real network, or one host outvotes a swarm. */
  nodes_per_address: number;
  /** A node draws a new tag after this many cycles, and up to twice as many. 64 to 4,194,303 */
  session_cycles: number;
  /** Names the site that a gateway speaks for; not used by other nodes. */
  site: string;
}

export const KEYS_MAX = 64;
export const KEYS_PER_SHARD = 16;
/** Bytes that the diffs of all keys may take, and their claims once more; the header, a beacon, entropy and a seal take 98. */
const CLAIMED_BYTES_MAX = 550;
export const TABLE_MAX = 1000;
export const RELAY_ENTRIES_MAX = 16;

/** True for a key that all sites agree on together. */
export function isShared(key: KeySettings): boolean {
  return key.scope === SCOPE_ALL;
}

export function defaultSettings(): Settings {
  return {
    swarm: 'lvs',
    keys: [],
    cycle_ms: 1000,
    relay: RELAY_SAFE,
    relay_entries: 4,
    table: 64,
    shards: 0,
    replicas: 4,
    alpha: 65536,
    nodes_per_address: 1,
    session_cycles: 7200,
    site: '',
  };
}

function whole(name: string, value: number, low: number, high: number): string {
  if (Number.isInteger(value) && value >= low && value <= high) return '';
  return `${name} is ${String(value)}; it must be a whole number from ${String(low)} to ${String(high)}`;
}

function checkKey(key: KeySettings, index: number): string {
  const name = `keys[${String(index)}]`;
  if (key.name === '') return `${name}.name is empty; give each key a name such as "room1/temp"`;
  return (
    whole(`${name}.low`, key.low, 0, VALUE_MAX) ||
    whole(`${name}.high`, key.high, key.low, VALUE_MAX) ||
    whole(`${name}.reference`, key.reference, 0, VALUE_MAX) ||
    whole(`${name}.floor`, key.floor, 1, VALUE_MAX >> 4) ||
    whole(`${name}.span`, key.span, key.floor, VALUE_MAX >> 1) ||
    whole(`${name}.estimator`, key.estimator, HUBER, TRIMMED) ||
    whole(`${name}.scope`, key.scope, SCOPE_SITE, SCOPE_ALL)
  );
}

/** What is wrong with the settings and what is allowed, in one line; '' when nothing is. */
export function checkSettings(settings: Settings): string {
  const keys = settings.keys;
  if (keys.length < 1 || keys.length > KEYS_MAX) {
    return `keys has ${String(keys.length)} entries; a swarm has 1 to ${String(KEYS_MAX)} keys`;
  }
  for (let i = 0; i < keys.length; i++) {
    const wrong = checkKey(keys[i], i);
    if (wrong !== '') return wrong;
    for (let j = 0; j < i; j++) {
      if (keys[j].name === keys[i].name) return `keys[${String(i)}].name "${keys[i].name}" is there twice`;
    }
  }
  return (
    whole('cycle_ms', settings.cycle_ms, 50, 60000) ||
    whole('relay', settings.relay, RELAY_OFF, RELAY_OPEN) ||
    whole('relay_entries', settings.relay_entries, 0, RELAY_ENTRIES_MAX) ||
    whole('table', settings.table, 1, TABLE_MAX) ||
    whole('shards', settings.shards, 0, shardsMax(keys.length)) ||
    whole('replicas', settings.replicas, 1, TABLE_MAX) ||
    whole('alpha', settings.alpha, 0, 65536) ||
    whole('nodes_per_address', settings.nodes_per_address, 1, TABLE_MAX) ||
    whole('session_cycles', settings.session_cycles, 64, BELOW_MAX)
  );
}

/** So many shards that a gateway's diffs and claims of all keys, 9 bytes a shard and 8 a key each, leave room in a datagram for the rest. */
function shardsMax(keys: number): number {
  const most = Math.floor((CLAIMED_BYTES_MAX - 8 * keys) / 9);
  return most < KEYS_MAX ? most : KEYS_MAX;
}

/** 16 bits that two nodes share only when they were told the same swarm, keys and shards (by accident: 1 in 65,536). */
export function swarmId(settings: Settings): number {
  let h = hashText(settings.swarm, shardCount(settings));
  for (const key of settings.keys) h = hashText(key.name, h ^ key.reference);
  return (h ^ (h >>> 16)) & 0xffff;
}

export function shardCount(settings: Settings): number {
  if (settings.shards > 0) return settings.shards;
  return Math.ceil(settings.keys.length / KEYS_PER_SHARD);
}
