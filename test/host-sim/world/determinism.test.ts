/** A seed and a bundle replay everything, bit for bit. */
import { describe, expect, it } from 'vitest';
import type { Summary } from '../../../host-sim/world/report.ts';
import type { Scenario } from '../../../host-sim/world/scenario.ts';
import { bundle, run, worldOf } from './base.ts';

/** Everything that may go wrong at once. */
const ROUGH: Partial<Scenario> = {
  nodes: 16,
  loss: 0.5,
  burst: 4,
  duplication: 0.1,
  delay_min_ms: 20,
  delay_mean_ms: 200,
  reorder: 0.1,
  capacity: 20_000,
  clock_skew_ms: 500,
  clock_drift_ppm: 200,
  low_power: 0.2,
  crashes: [{ cycle: 10, share: 0.2, restart_cycle: 20, store: 'torn' }],
  joins: [{ cycle: 5, share: 0.1 }],
  leaves: [{ cycle: 30, share: 0.1 }],
  partitions: [{ from_cycle: 15, to_cycle: 25, share: 0.5 }],
  cuts: [{ from_cycle: 20, to_cycle: 35, share: 0.2 }],
  attacks: [
    { kind: 'malformed', share: 0.1, from_cycle: 3 },
    { kind: 'invent', share: 0.1, from_cycle: 3 },
  ],
};

const SITES: Partial<Scenario> = { topology: 'sites', nodes: 20, sites: 4, gateways: 2, loss: 0.6 };

function summaryOf(over: Partial<Scenario>, cycles = 40): Summary {
  const world = worldOf({ cycles, ...over });
  run(world, cycles);
  return world.summary();
}

/** Without what the clock on the wall says. */
function replayable(summary: Summary): Summary {
  return { ...summary, wall_ms: 0, node_cycles_per_second: 0, datagrams_per_second: 0 };
}

describe.each([
  { what: 'a quiet LAN', over: {} },
  { what: 'a LAN with every fault', over: ROUGH },
  { what: 'sites', over: SITES },
  { what: 'a mesh', over: { topology: 'mesh', nodes: 30, degree: 6, loss: 0.6 } as const },
])('$what', ({ over }) => {
  it('gives the same trace twice in one process', () => {
    expect(replayable(summaryOf(over))).toEqual(replayable(summaryOf(over)));
  });

  it('gives another trace with another seed', () => {
    expect(summaryOf({ ...over, seed: 2 }).trace_sha256).not.toBe(summaryOf(over).trace_sha256);
  });
});

describe('a world', () => {
  it('is not disturbed by another one that runs at the same time', () => {
    const alone = summaryOf(ROUGH);
    const [one, other] = [worldOf({ cycles: 40, ...ROUGH }), worldOf({ cycles: 40, ...ROUGH, seed: 2 })];
    for (let i = 0; i < 40; i++) {
      one.step();
      other.step();
    }
    expect(one.summary().trace_sha256).toBe(alone.trace_sha256);
  });

  it('is not disturbed by who looks at it', () => {
    const world = worldOf({ cycles: 40 });
    for (let i = 0; i < 40; i++) {
      world.step();
      world.summary();
    }
    expect(world.summary().trace_sha256).toBe(summaryOf({}).trace_sha256);
  });

  it('names the bundle that it ran, and traces every node in every cycle', () => {
    expect(summaryOf({}).bundle_sha256).toBe(bundle.sha256);
    expect(summaryOf({}).trace_sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(summaryOf({}, 39).trace_sha256).not.toBe(summaryOf({}, 40).trace_sha256);
  });

  it('reports the digest of each node, 0 for one that is down', () => {
    const world = worldOf({ crashes: [{ cycle: 2, share: 0.25, restart_cycle: 0, store: 'kept' }] });
    expect([...world.step().node_digests]).not.toContain(0);
    expect([...world.step().node_digests].filter((digest) => digest === 0)).toHaveLength(2);
  });
});

describe('the summary', () => {
  it('of a LAN at 60 % loss finds it agreed within 1 %, without bias', () => {
    const summary = summaryOf({ nodes: 20, loss: 0.6, cycles: 60, keys: quietKeys() }, 60);
    expect(summary).toMatchObject({ type: 'summary', nodes: 20, keys: 1, cycles: 60, false_verdicts: 0 });
    expect(summary.cycles_to_1pct).not.toBeNull();
    expect(Math.abs(summary.bias_pct)).toBeLessThan(1);
    expect(summary.datagrams_delivered / (summary.datagrams_sent * 19)).toBeCloseTo(0.4, 1);
  });

  it('counts bytes for each node and minute', () => {
    const world = worldOf({ nodes: 4 });
    run(world, 59);
    const { bytes_sent } = world.step();
    expect(world.summary().bytes_per_node_per_minute).toBeCloseTo(bytes_sent / 4, 6);
  });

  it('tells what honest nodes refused, and why', () => {
    const { drops } = summaryOf({ attacks: [{ kind: 'malformed', share: 0.2, from_cycle: 1 }] });
    expect(drops.magic).toBeGreaterThan(0);
    expect(Object.keys(summaryOf({}).drops)).toEqual([]);
  });
});

function quietKeys(): Scenario['keys'] {
  return [
    {
      name: 'a',
      floor: 0.01,
      span: 16,
      range: [0, 1000],
      reference: 0,
      guard: false,
      estimator: 'huber',
      scope: 'site',
    },
  ];
}
