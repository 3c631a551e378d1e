/**
 * VaultGuard's limits as bounds (docs/drift.md, "VaultGuard"). The energy that the target came with is not known; but it
 * is a running mean over 16 cycles, so what was not known of it shrinks by a sixteenth in each cycle that we see.
 */
import { clamp, type Rules } from './band.ts';

const WARMUP_CYCLES = 8;
const ENERGY_STEPS = 8;
/** The energy follows with a sixteenth of the difference. */
const ENERGY_SHARE = 16;
const ENERGY_MAX = 0x0fffffff;
const ENERGY_START = 65_536;
const DRAIN_WINDOW = 16;

type Bounds = readonly [number, number];

export interface Limits {
  readonly rules: Rules;
  energy: Bounds;
  /** Cycles of the key's life, at least and at most. */
  life: Bounds;
  /** Its last values, the newest last: one of them began the drain window. */
  window: number[];
}

export function createLimits(rules: Rules): Limits {
  const largest = Number.isFinite(rules.span) ? 2 * rules.span : 0;
  return { rules, energy: [0, Math.min(ENERGY_MAX, Math.max(ENERGY_START, largest))], life: [0, Infinity], window: [] };
}

/** The target keeps its value to itself: in recovery the limits are off, and begin anew behind it. Without any contribution they need not. */
export function restartLimits(limits: Limits): void {
  limits.life = [0, Infinity];
  limits.window = [];
}

/** Least and largest step that one cycle may make, whatever was asked; Infinity while the limits may be off. */
export function speedBounds({ rules, energy, life }: Limits): Bounds {
  const [least, most] = [ENERGY_STEPS * energy[0] + rules.floor[0], ENERGY_STEPS * energy[1] + rules.floor[1]];
  if (life[1] + 1 <= WARMUP_CYCLES) return [Infinity, Infinity];
  return [least, life[0] + 1 <= WARMUP_CYCLES ? Infinity : most];
}

/** Least and largest value to which b may come from `from`. Opens the cycle: call once for each. */
export function forecastLimited(limits: Limits, from: number, asked: Bounds): Bounds {
  const [slow, fast] = speedBounds(limits);
  limits.window = [...limits.window.slice(1 - DRAIN_WINDOW), from];
  const ends = asked.flatMap((step) => [from + clamp(step, -slow, slow), from + clamp(step, -fast, fast)]);
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  if (limits.life[1] + 1 <= WARMUP_CYCLES) return [low, high];
  const [least, most] = drainBounds(limits);
  const isSure = limits.life[0] + 1 > WARMUP_CYCLES;
  return [isSure ? Math.max(low, Math.min(least, from)) : low, Math.max(high, Math.min(most, from))];
}

/** Where the fall must end: a quarter, and the floor, below the value with which the window began. */
function drainBounds({ rules, window }: Limits): Bounds {
  const { zero, floor } = rules;
  if (!Number.isFinite(zero)) return [-Infinity, Infinity];
  const lowest = (base: number): number => base - ((base - zero) >> 2);
  const least = lowest(Math.min(...window)) - floor[1];
  return [
    window.length < DRAIN_WINDOW ? -Infinity : least,
    window.length < DRAIN_WINDOW ? Infinity : lowest(Math.max(...window)) - floor[0],
  ];
}

function next(energy: number, size: number, floor: number): number {
  const limit = ENERGY_STEPS * energy + floor;
  return Math.min(ENERGY_MAX, energy + Math.floor((Math.min(size, limit) - energy) / ENERGY_SHARE));
}

/** A cycle is over of which we do not know what was asked for: anything from nothing to all that is allowed. */
export function learnNothing(limits: Limits): void {
  const { energy, rules, life } = limits;
  limits.life = [life[0] + 1, life[1] + 1];
  const floor = Number.isFinite(rules.floor[1]) ? rules.floor[1] : rules.floor[0];
  limits.energy = [next(energy[0], 0, 0), next(energy[1], Infinity, floor)];
}

/** The cycle is over, and b is what it is now. */
export function learnStep(limits: Limits, asked: Bounds, b: number): void {
  const { life, energy, rules } = limits;
  limits.life = [life[0] + 1, life[1] + 1];
  if (limits.life[1] <= WARMUP_CYCLES) return;
  const sizes = asked.map(Math.abs);
  const from = limits.window[limits.window.length - 1];
  const { floor } = rules;
  const low = next(energy[0], Math.min(...sizes), floor[0]);
  // What was stepped tells more than a floor that is not known.
  const most = Number.isFinite(floor[1]) ? floor[1] : Math.abs(b - from);
  const high = next(energy[1], Math.max(...sizes), most);
  const isSure = limits.life[0] > WARMUP_CYCLES;
  limits.energy = isSure ? [low, high] : [Math.min(low, energy[0]), Math.max(high, energy[1])];
}
