import { describe, expect, it } from 'vitest';
import { Inputs } from '../../../host-sim/world/inputs.ts';
import { createRandom } from '../../../host-sim/world/random.ts';
import type { Scenario } from '../../../host-sim/world/scenario.ts';
import { scenarioOf } from './base.ts';

const ONE = 65_536;
const NODES = 200;

type Kind = Partial<Scenario['inputs']>;

/** What the nodes read of one key in this cycle, in its unit. */
function readIn(cycle: number, inputs: Kind, over: Partial<Scenario> = {}, seed = 1): number[] {
  const base = scenarioOf({ nodes: NODES, ...over });
  const scenario = { ...base, inputs: { ...base.inputs, low: 20, high: 30, ...inputs } };
  const site = Int32Array.from({ length: NODES }, (_, i) => Math.floor((i * scenario.sites) / NODES));
  const made = new Inputs(scenario, READINGS, site, createRandom(seed));
  for (let c = 1; c <= cycle; c++) made.advance(c);
  return [...made.values].map((value) => value / ONE);
}

/** Two series at three times. */
const READINGS = {
  times_s: [0, 60, 300],
  keys: ['temp', 'light'],
  series: [
    [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
    [
      [10, 20],
      [30, 40],
      [50, 60],
    ],
  ],
};

const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

describe('inputs', () => {
  it('uniform: each node draws once between low and high', () => {
    const first = readIn(1, { kind: 'uniform' });
    expect(Math.min(...first)).toBeGreaterThanOrEqual(20);
    expect(Math.max(...first)).toBeLessThan(30);
    expect(mean(first)).toBeCloseTo(25, 0);
    expect(new Set(first).size).toBe(NODES);
    expect(readIn(50, { kind: 'uniform' })).toEqual(first);
  });

  it('constant: all have low', () => {
    expect(new Set(readIn(7, { kind: 'constant' }))).toEqual(new Set([20]));
  });

  it('step: all rise by half the spread, at the cycle', () => {
    const before = readIn(99, { kind: 'step', at_cycle: 100 });
    const after = readIn(100, { kind: 'step', at_cycle: 100 });
    after.forEach((value, i) => {
      expect(value).toBeCloseTo(before[i] + 5, 4);
    });
  });

  it('ramp: all rise by the rate in each cycle, the first one aside', () => {
    const [first, later] = [readIn(1, { kind: 'ramp', rate: 0.5 }), readIn(11, { kind: 'ramp', rate: 0.5 })];
    expect(first).toEqual(readIn(1, { kind: 'uniform' }));
    later.forEach((value, i) => {
      expect(value).toBeCloseTo(first[i] + 5, 4);
    });
  });

  it('noise: sigma around each base, fresh each cycle', () => {
    const base = readIn(1, { kind: 'uniform' });
    const errors = [1, 2, 3, 4, 5].map((cycle) =>
      readIn(cycle, { kind: 'noise', sigma: 2 }).map((value, i) => value - base[i]),
    );
    expect(errors[0]).not.toEqual(errors[1]);
    const all = errors.flat();
    expect(Math.abs(mean(all))).toBeLessThan(0.25);
    expect(Math.sqrt(mean(all.map((error) => error * error)))).toBeCloseTo(2, 0);
  });

  it('never leave 0 to 2^31 - 1', () => {
    const noisy = readIn(3, { kind: 'noise', low: 0, high: 1, sigma: 50 });
    expect(Math.min(...noisy)).toBe(0);
    expect(Math.max(...readIn(2, { kind: 'ramp', rate: 32_767 }))).toBe(0x7fffffff / ONE);
  });

  it('of several keys are drawn apart', () => {
    const keys = ['a', 'b'].map((name) => ({ ...scenarioOf().keys[0], name }));
    const values = readIn(1, { kind: 'uniform' }, { keys });
    expect(values).toHaveLength(2 * NODES);
    expect(values[0]).not.toBe(values[1]);
  });

  it('of sites are moved together by up to half the offset', () => {
    const over = { topology: 'sites', sites: 4 } as const;
    const moved = readIn(1, { kind: 'constant', site_offset: 8 }, over);
    const bySite = [0, 1, 2, 3].map((site) => new Set(moved.slice(site * 50, site * 50 + 50)));
    for (const values of bySite) expect(values.size).toBe(1);
    const offsets = bySite.flatMap((values) => [...values]).map((value) => value - 20);
    expect(new Set(offsets).size).toBe(4);
    for (const offset of offsets) expect(Math.abs(offset)).toBeLessThanOrEqual(4);
    expect(new Set(readIn(1, { kind: 'constant', site_offset: 8 })), 'without sites').toEqual(new Set([20]));
  });
});

describe('recorded inputs', () => {
  const named = (name: string): Partial<Scenario> => ({ keys: [{ ...scenarioOf().keys[0], name }] });
  const first4 = (cycle: number, inputs: Kind, key = 'temp'): number[] =>
    readIn(cycle, { kind: 'csv', ...inputs }, named(key)).slice(0, 4);

  it('are held from one time, the last that is not after it', () => {
    expect(first4(1, { at_s: 0 })).toEqual([1, 2, 1, 2]);
    expect(first4(9, { at_s: 299 })).toEqual([3, 4, 3, 4]);
    expect(first4(9, { at_s: 1e9 })).toEqual([5, 6, 5, 6]);
  });

  it('are replayed, one time step each so many cycles, and end with the last', () => {
    const at = (cycle: number): number[] => first4(cycle, { at_s: -1, step_cycles: 10 });
    expect([at(1), at(10), at(11), at(20), at(21), at(500)].map(([value]) => value)).toEqual([1, 1, 3, 3, 5, 5]);
  });

  it('go by the name of the key', () => {
    expect(first4(1, { at_s: 0 }, 'light')).toEqual([10, 20, 10, 20]);
  });
});
