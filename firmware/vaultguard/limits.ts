/**
 * VaultGuard's limits on one key's drift: anomaly energy bounds the speed of a sudden change, the drain limit bounds how
 * far b falls in a window, and b is never negative. They cost 6 to 7 cycles on an honest step and stand behind the
 * guard of the drift, they do not replace it (drift.md).
 */

import type { ShardState } from '../types/state.ts';
import { NONE } from '../platform.ts';
import { ENERGY_MAX } from '../types/bounds.ts';

/** Cycles after a key comes to life in which b may still jump: it starts from one contribution and learns of the others. */
export const WARMUP_CYCLES = 8;
/** A step may be this many times what is usual. */
const ENERGY_STEPS = 8;
/** The energy follows with a time constant of 16 cycles. */
const ENERGY_SHIFT = 4;
/** Cycles in a drain window. */
const DRAIN_WINDOW = 16;
/** b may lose a quarter in a window. */
const DRAIN_SHIFT = 2;

/** True when the drift keeps all limits. */
export function validateDrift(state: ShardState, key: number, drift: number, floor: number): boolean {
  const b = state.b[key];
  if (state.life[key] <= WARMUP_CYCLES || b === NONE) return b === NONE ? drift >= 0 : b + drift >= 0;
  const limit = speedLimit(state, key, floor);
  return drift <= limit && drift >= -limit && b + drift >= drainFloor(state, key, floor);
}

/** The drift nearest to `drift` that keeps all limits. */
export function correctAnomaly(state: ShardState, key: number, drift: number, floor: number): number {
  const b = state.b[key] === NONE ? 0 : state.b[key];
  if (state.life[key] > WARMUP_CYCLES) {
    const limit = speedLimit(state, key, floor);
    const lowest = drainFloor(state, key, floor);
    if (drift > limit) drift = limit;
    else if (drift < -limit) drift = -limit;
    if (b + drift < lowest) drift = lowest < b ? lowest - b : 0;
  }
  return b + drift < 0 ? -b : drift;
}

/**
 * Once a cycle, before the drift is judged: ages the key and opens a drain window where one is due. A window begins with
 * the first cycle after the warm-up, so that it never holds a value from before.
 */
export function openWindow(state: ShardState, key: number): void {
  const life = state.life[key] + 1;
  state.life[key] = life;
  if (life > WARMUP_CYCLES && (life - WARMUP_CYCLES - 1) % DRAIN_WINDOW === 0) state.drainBase[key] = state.b[key];
}

/** After the drift was judged: learns from what was asked for, as far as it was allowed. */
export function learnEnergy(state: ShardState, key: number, asked: number, floor: number): void {
  if (state.life[key] <= WARMUP_CYCLES) return;
  const limit = speedLimit(state, key, floor);
  const size = asked < 0 ? -asked : asked;
  const energy = state.energy[key];
  const next = energy + (((size < limit ? size : limit) - energy) >> ENERGY_SHIFT);
  state.energy[key] = next > ENERGY_MAX ? ENERGY_MAX : next;
}

function speedLimit(state: ShardState, key: number, floor: number): number {
  return ENERGY_STEPS * state.energy[key] + floor;
}

function drainFloor(state: ShardState, key: number, floor: number): number {
  const base = state.drainBase[key];
  return base - (base >> DRAIN_SHIFT) - floor;
}
