/** What we know of the target's swarm: told by --keys, or as much as its own datagrams show. */
import type { Rules } from '../model/band.ts';
import type { KeySettings, SwarmSettings } from '../settings.ts';
import type { Heard } from '../wire/decode.ts';
import { type Diff, ONE, VALUE_MAX } from '../wire/format.ts';
import { shardOf, swarmIdOf } from '../wire/hash.ts';

/** A key's place on the wire, and its rules as far as they are known. */
export interface Cell {
  /** Its name, or `shard 0, key 1`. */
  name: string;
  shard: number;
  index: number;
  settings: KeySettings | null;
  rules: Rules;
}

export interface Swarm {
  swarm_id: number;
  /** Number of shards; where it was learnt, one more than the highest that was seen. */
  shards: number;
  /** Keys of each shard; undefined where it was not seen. */
  keysOfShard: readonly (number | undefined)[];
  cells: readonly Cell[];
  /** Whether keys, floors, spans and ranges are known. */
  told: boolean;
  /** Open relays need one voter instead of three. */
  open: boolean;
  /** Nodes that hold each shard of a divided swarm. */
  replicas: number;
  /** Whether steps are rounded by chance: a swarm that was told alpha 0 always rounds down. */
  dithers: boolean;
}

const REPLICAS_USUAL = 4;

/** 512 lsb: without --keys contributions stay so near each other that no floor and no span cuts them. */
export const UNTOLD_AMPLITUDE = 512;

function toldRules({ floor, span, low, high, reference, guard, estimator }: KeySettings): Rules {
  return {
    floor: [floor, floor],
    span,
    low: low - reference,
    high: high - reference,
    zero: -reference,
    guard,
    huber: estimator === 'huber',
  };
}

/** Wide bounds: what is forecast from them is less sharp, and never wrong. */
function untoldRules(): Rules {
  const wide = VALUE_MAX;
  return { floor: [1, Infinity], span: Infinity, low: -wide, high: wide, zero: -Infinity, guard: true, huber: true };
}

export function toldSwarm({ swarm, shards, relay, replicas, alpha, keys }: SwarmSettings): Swarm {
  const counts = new Array<number>(shards).fill(0);
  const cells = keys.map((settings): Cell => {
    const shard = shardOf(settings.name, shards);
    return { name: settings.name, shard, index: counts[shard]++, settings, rules: toldRules(settings) };
  });
  return {
    swarm_id: swarmIdOf(swarm, keys, shards),
    shards,
    keysOfShard: counts,
    cells,
    told: true,
    open: relay === 'open',
    replicas,
    dithers: alpha > 0,
  };
}

/** @param heard datagrams of the target, of which the first has the swarm id */
export function learntSwarm(heard: readonly Heard[], open: boolean): Swarm {
  const keysOfShard: (number | undefined)[] = [];
  const cells: Cell[] = [];
  for (const { sdms } of heard) {
    for (const { shard, pairs } of sdms) {
      if (keysOfShard[shard] !== undefined) continue;
      keysOfShard[shard] = pairs.length;
      for (let index = 0; index < pairs.length; index++) {
        cells.push({ name: `shard ${shard}, key ${index}`, shard, index, settings: null, rules: untoldRules() });
      }
    }
  }
  const [first] = heard;
  return {
    swarm_id: first.swarm_id,
    shards: keysOfShard.length,
    keysOfShard,
    cells,
    told: false,
    open,
    replicas: REPLICAS_USUAL,
    dithers: true,
  };
}

/** A value in the key's unit; without a known reference the difference from it. */
export function valueText(diff: Diff, { settings }: Cell): string {
  if (diff === null) return 'none';
  if (settings !== null) return ((settings.reference + diff) / ONE).toFixed(5);
  return `${diff < 0 ? '' : '+'}${(diff / ONE).toFixed(5)}`;
}
