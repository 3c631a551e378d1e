import { describe, expect, it } from 'vitest';
import { createShardState } from '../../../firmware/shards/state.ts';
import type { ShardState } from '../../../firmware/types/state.ts';
import {
  correctAnomaly,
  learnEnergy,
  openWindow,
  validateDrift,
  WARMUP_CYCLES,
} from '../../../firmware/vaultguard/limits.ts';
import { createRandom } from '../../../host-sim/world/random.ts';
import { api, testKey } from '../harness.ts';

const FLOOR = 10;

/** One key past its warm-up, at b = 1,000 with a drain window that began there. */
function stateOf(over: { b?: number; energy?: number; life?: number; drainBase?: number } = {}): ShardState {
  const state = createShardState({ ...api.defaultSettings(), keys: [testKey()] }, 16);
  state.b[0] = over.b ?? 1000;
  state.energy[0] = over.energy ?? 5;
  state.life[0] = over.life ?? WARMUP_CYCLES + 1;
  state.drainBase[0] = over.drainBase ?? 1000;
  return state;
}

const corrected = (state: ShardState, drift: number): number => correctAnomaly(state, 0, drift, FLOOR);

describe('speed limit: eight times the energy, and the floor', () => {
  it.each([
    { drift: 50, valid: true, becomes: 50 },
    { drift: 51, valid: false, becomes: 50 },
    { drift: 100_000, valid: false, becomes: 50 },
    { drift: -50, valid: true, becomes: -50 },
    { drift: -51, valid: false, becomes: -50 },
  ])('a drift of $drift becomes $becomes', ({ drift, valid, becomes }) => {
    expect(validateDrift(stateOf(), 0, drift, FLOOR)).toBe(valid);
    expect(corrected(stateOf(), drift)).toBe(becomes);
  });
});

describe('drain limit: a quarter of the window’s beginning, and the floor', () => {
  // From 1,000: not below 740.
  const fast = { energy: 1000 };

  it.each([
    { b: 1000, drift: -260, valid: true, becomes: -260 },
    { b: 1000, drift: -261, valid: false, becomes: -260 },
    { b: 800, drift: -100, valid: false, becomes: -60 },
    { b: 740, drift: -1, valid: false, becomes: 0 },
  ])('at $b a drift of $drift becomes $becomes', ({ b, drift, valid, becomes }) => {
    expect(validateDrift(stateOf({ ...fast, b }), 0, drift, FLOOR)).toBe(valid);
    expect(corrected(stateOf({ ...fast, b }), drift)).toBe(becomes);
  });

  it('opens a window with the first cycle after the warm-up and each 16 from there', () => {
    const state = stateOf({ life: 0, drainBase: 0 });
    const opened: number[] = [];
    for (let cycle = 1; cycle <= 60; cycle++) {
      state.b[0] = cycle;
      openWindow(state, 0);
      if (state.drainBase[0] === cycle) opened.push(cycle);
    }
    expect(opened).toEqual([9, 25, 41, 57]);
  });
});

describe('warm-up', () => {
  it('lets b jump for 8 cycles', () => {
    const state = stateOf({ life: 0 });
    for (let cycle = 1; cycle <= 8; cycle++) {
      openWindow(state, 0);
      expect(validateDrift(state, 0, 1_000_000, FLOOR), `cycle ${cycle}`).toBe(true);
      expect(validateDrift(state, 0, -1000, FLOOR), `cycle ${cycle}`).toBe(true);
    }
    openWindow(state, 0);
    expect(validateDrift(state, 0, 1_000_000, FLOOR)).toBe(false);
  });

  it('does not let b fall below 0', () => {
    expect(validateDrift(stateOf({ life: 1 }), 0, -1001, FLOOR)).toBe(false);
    expect(corrected(stateOf({ life: 1 }), -1001)).toBe(-1000);
  });

  it('learns nothing', () => {
    const state = stateOf({ life: WARMUP_CYCLES, energy: 160 });
    learnEnergy(state, 0, 0, FLOOR);
    expect(state.energy[0]).toBe(160);
  });
});

describe('a key without a value', () => {
  it('may take any first value', () => {
    const state = stateOf({ b: -1 });
    expect(validateDrift(state, 0, 2_000_000, FLOOR)).toBe(true);
    expect(validateDrift(state, 0, -1, FLOOR)).toBe(false);
  });
});

describe('anomaly energy', () => {
  it('follows the size of what was asked for, with a time constant of 16 cycles', () => {
    const state = stateOf({ energy: 160 });
    learnEnergy(state, 0, 480, FLOOR);
    expect(state.energy[0]).toBe(160 + (480 - 160) / 16);
    learnEnergy(state, 0, -20, FLOOR);
    expect(state.energy[0]).toBe(180 - 160 / 16);
  });

  it('learns no more from an extreme than the limit', () => {
    const state = stateOf({ energy: 160 });
    learnEnergy(state, 0, 1_000_000_000, FLOOR);
    expect(state.energy[0]).toBe(160 + ((8 * 160 + FLOOR - 160) >> 4));
  });

  it('grows by at most half in a cycle, so that a sudden change stays slow', () => {
    const state = stateOf({ energy: 16 });
    let steps = 0;
    for (; state.energy[0] < 1_000_000 && steps < 100; steps++) learnEnergy(state, 0, 1_000_000_000, FLOOR);
    // 8/16 of the energy less 1/16 of it comes on top each time: 1.4375^n from 16 to 10^6 is n = 30.
    expect(steps).toBeGreaterThanOrEqual(28);
    expect(steps).toBeLessThanOrEqual(31);
  });

  it('stays below 2^28, so that eight times it is an int32', () => {
    const state = stateOf({ energy: 0x0fffffff });
    for (let i = 0; i < 100; i++) learnEnergy(state, 0, 0x7fffffff, 0x07ffffff);
    expect(state.energy[0]).toBe(0x0fffffff);
  });

  it('falls to within 15 of what is asked for', () => {
    const state = stateOf({ energy: 1_000_000 });
    for (let i = 0; i < 500; i++) learnEnergy(state, 0, 0, FLOOR);
    expect(state.energy[0]).toBe(0);
  });
});

describe('whatever the state and the drift', () => {
  it('b stays at 0 or above and below 2^31, and a corrected drift is valid or no farther from valid', () => {
    const random = createRandom(31);
    for (let i = 0; i < 20_000; i++) {
      const state = stateOf({
        b: random.below(2 ** random.below(32)) - 1,
        energy: random.below(2 ** random.below(29)),
        life: random.below(30),
        drainBase: random.below(2 ** random.below(32)),
      });
      const b = Math.max(0, state.b[0]);
      const target = random.below(2 ** random.below(32));
      const drift = target - b;
      const valid = validateDrift(state, 0, drift, FLOOR);
      const taken = valid ? drift : corrected(state, drift);
      const place = `draw ${i}: b ${b}, drift ${drift}, energy ${state.energy[0]}, life ${state.life[0]}`;
      expect(b + taken, place).toBeGreaterThanOrEqual(0);
      expect(b + taken, place).toBeLessThanOrEqual(0x7fffffff);
      if (!valid) expect(Math.abs(taken), place).toBeLessThanOrEqual(Math.abs(drift) + FLOOR);
    }
  });
});
