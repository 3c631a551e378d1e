/** A node's parts, made once; everything that runs later works on them. */

import { createDriftCore, type DriftCore } from '../drift/from-diffs.ts';
import { ENTROPY_CACHE } from '../entropy/engine.ts';
import { createPool, type Pool } from '../entropy/pool.ts';
import { createFederation, type Federation } from '../federation/federation.ts';
import type { Platform } from '../platform.ts';
import type { Settings } from '../settings.ts';
import { createPersistence, type Persistence } from '../shards/persist.ts';
import { createShardState, keysOfShards } from '../shards/state.ts';
import { CLOCK_BYTES } from '../transport/freshness.ts';
import { createShape } from '../transport/parse.ts';
import { createTransport, type Transport } from '../transport/transport.ts';
import type { ShardState } from '../types/state.ts';

/** When the node runs, and how often. Ticks are the clock's wrapping milliseconds. */
export interface Schedule {
  /** False before start and after shutdown. */
  active: boolean;
  /** The grid point of the next cycle, and the moment when it runs: the grid point and a jitter. */
  grid_ticks: number;
  due_ticks: number;
  /** Nominal cycles from one run to the next: 1, or more in low-power mode. */
  pace: number;
  /** Nominal cycles from the last run to the one that is due: the pace when it was planned. */
  ahead: number;
}

export interface Session {
  /** Random word that beacons carry and shards are dealt by. */
  nonce: number;
  /** The tag before this one, told for a while so that peers can let it go; 0 when there is none to tell. */
  earlier: number;
  /** Cycles for which it is still told. */
  tellEarlier: number;
  /** Cycles until the next tag. */
  left: number;
}

export interface Power {
  low: boolean;
  /** True while the platform wants the mode. */
  told: boolean;
  /** Why low-power mode was entered: a REASON_ number of `power.ts`. */
  reason: number;
  /** Looks in a row that spoke for a change. */
  votes: number;
  /** Load as reckoned in the last cycle, 0 to 65,536. */
  load: number;
}

export interface Parts {
  readonly platform: Platform;
  readonly settings: Settings;
  readonly transport: Transport;
  readonly federation: Federation | null;
  readonly state: ShardState;
  readonly pool: Pool;
  readonly drift: DriftCore;
  readonly kept: Persistence;
  readonly schedule: Schedule;
  readonly session: Session;
  readonly power: Power;
}

export function createParts(platform: Platform, settings: Settings): Parts {
  const state = createShardState(settings, ENTROPY_CACHE);
  const seal_bytes = platform.seal === null ? 0 : CLOCK_BYTES + platform.seal.overhead_bytes;
  const shape = createShape(settings, keysOfShards(state), seal_bytes);
  const transport = createTransport(settings, platform.datagrams, platform.seal, shape, platform.random.word());
  return {
    platform,
    settings,
    transport,
    federation: platform.medium === null ? null : createFederation(settings),
    state,
    pool: createPool(),
    drift: createDriftCore(transport.table, transport.gateways, settings.alpha),
    // Both write a buffer and are done with it before anything else runs, so one buffer serves them: 1 KB less heap.
    kept: createPersistence(transport.out),
    schedule: { active: false, grid_ticks: 0, due_ticks: 0, pace: 1, ahead: 1 },
    session: { nonce: 0, earlier: 0, tellEarlier: 0, left: 0 },
    power: { low: false, told: false, reason: 0, votes: 0, load: 0 },
  };
}
