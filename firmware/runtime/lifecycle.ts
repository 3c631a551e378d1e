/** A node's life (blueprint 4): start, cycles at their times, shutdown. */

import { syncEntropy } from '../entropy/engine.ts';
import { divideFloor } from '../fixed/q16.ts';
import { below } from '../fixed/words.ts';
import { draw } from '../entropy/pool.ts';
import { LOAD_CORRUPT, LOADED, loadShard, storeShard } from '../shards/persist.ts';
import { startClock } from '../transport/freshness.ts';
import { closePeers, discoverPeers } from '../transport/send.ts';
import { triggerRecoveryMode } from '../vaultguard/recovery.ts';
import { runCycle } from './cycle.ts';
import { EVENT_STARTED, EVENT_STATE_CORRUPT, EVENT_STATE_LOADED, EVENT_STOPPED, EVENT_STORE_FAILED } from './events.ts';
import type { Parts } from './parts.ts';
import { beginSession } from './session.ts';

/** Send times jitter by up to an eighth of a cycle, so that two senders that collided do not go on colliding. */
const JITTER_SHIFT = 3;
/** The state is stored this early for the first time, then this often: flash wears out after some 100,000 writes. */
const STORE_FIRST_CYCLE = 16;
/** The state is stored between two reviews of the peers, not in a cycle with one: together they make the dearest cycle. */
const STORE_AFTER = 2;
const STORE_CYCLES = 256;
/** After a longer sleep than this the node does not count the cycles that it missed: its peers have forgotten it anyway. */
const PERIODS_MAX = 320;

/** Loads the state, draws a session, says hello; the first cycle follows within one cycle's time, at a random phase. */
export function startNode(node: Parts): void {
  const { platform, schedule, settings, pool } = node;
  loadMinimumState(node);
  syncEntropy(pool, platform.random, node.state);
  beginSession(node);
  discoverPeers(node.transport, node.session.nonce);
  schedule.grid_ticks = (platform.clock.ticks_ms() + below(draw(pool), settings.cycle_ms)) | 0;
  schedule.due_ticks = schedule.grid_ticks;
  schedule.ahead = 1;
  schedule.active = true;
  platform.log.event(EVENT_STARTED, settings.keys.length, 0);
}

function loadMinimumState(node: Parts): void {
  const { platform, state, kept } = node;
  const loaded = loadShard(platform.store, kept, state);
  if (loaded === LOADED) {
    platform.log.event(EVENT_STATE_LOADED, kept.sequence, 0);
  } else if (loaded === LOAD_CORRUPT) {
    for (let key = 0; key < state.keys; key++) triggerRecoveryMode(state, key);
    platform.log.event(EVENT_STATE_CORRUPT, 0, 0);
  }
  startClock(node.transport.freshness, platform.clock, kept.clock_s);
}

/** Milliseconds until the node wants to be woken; 0 when it is due, -1 when it does not run. */
export function untilDue(node: Parts): number {
  if (!node.schedule.active) return -1;
  const wait_ms = (node.schedule.due_ticks - node.platform.clock.ticks_ms()) | 0;
  return wait_ms < 0 ? 0 : wait_ms;
}

/**
 * Runs the cycle when it is due, and tells how long to wait for the next one.
 * @cycle
 */
export function wake(node: Parts): number {
  const wait_ms = untilDue(node);
  if (wait_ms !== 0) return wait_ms;
  const { schedule, settings, transport } = node;
  const late_ms = (node.platform.clock.ticks_ms() - schedule.grid_ticks) | 0;
  const missed = late_ms < settings.cycle_ms ? 0 : divideFloor(late_ms, settings.cycle_ms);
  const before = transport.cycle;
  const periods = schedule.ahead + missed > PERIODS_MAX ? PERIODS_MAX : schedule.ahead + missed;
  runCycle(node, periods);
  storeInTurn(node, before);
  scheduleNext(node, missed);
  return untilDue(node);
}

function scheduleNext(node: Parts, missed: number): void {
  const { schedule, settings } = node;
  schedule.grid_ticks = (schedule.grid_ticks + (missed + schedule.pace) * settings.cycle_ms) | 0;
  schedule.ahead = schedule.pace;
  const jitter_ms = below(draw(node.pool), (settings.cycle_ms >> JITTER_SHIFT) + 1);
  schedule.due_ticks = (schedule.grid_ticks + jitter_ms) | 0;
}

/** Stores the state when the run passed one of its cycles. */
function storeInTurn(node: Parts, before: number): void {
  const { cycle } = node.transport;
  const first = before < STORE_FIRST_CYCLE && cycle >= STORE_FIRST_CYCLE;
  const due = divideFloor(before - STORE_AFTER, STORE_CYCLES) !== divideFloor(cycle - STORE_AFTER, STORE_CYCLES);
  if (first || (due && before > STORE_AFTER)) saveState(node);
}

/** @setup runs once in 256 cycles, and at the end */
export function saveState(node: Parts): void {
  const { platform, state, kept } = node;
  kept.clock_s = node.transport.freshness.clock_s;
  if (!storeShard(platform.store, kept, state)) platform.log.event(EVENT_STORE_FAILED, 0, 0);
}

/** Saves the state and takes leave of the peers. A node that was shut down may be started again. */
export function shutdown(node: Parts): void {
  if (!node.schedule.active) return;
  node.schedule.active = false;
  saveState(node);
  closePeers(node.transport);
  node.platform.log.event(EVENT_STOPPED, node.transport.cycle, 0);
}
