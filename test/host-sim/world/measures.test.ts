import { describe, expect, it } from 'vitest';
import { measureKey, Tracker } from '../../../host-sim/world/measures.ts';
import type { Measured } from '../../../host-sim/world/measures.ts';
import type { CycleReport, KeyReport } from '../../../host-sim/world/report.ts';

interface Node extends Partial<Measured> {
  b: number;
  u: number;
}

function measured(nodes: Node[], groups = 1, floor_lsb = 1): KeyReport {
  const all = nodes.map(({ up = true, honest = true, sound = true, group = 0 }) => ({ up, honest, sound, group }));
  return measureKey(
    all,
    groups,
    floor_lsb,
    (i) => nodes[i].b,
    (i) => nodes[i].u,
  );
}

const THREE: Node[] = [
  { b: 188, u: 100 },
  { b: 210, u: 200 },
  { b: 205, u: 300 },
];

describe('measureKey', () => {
  it('tells spread, bias, true mean, inputs’ spread and the worst node', () => {
    expect(measured(THREE)).toEqual({
      spread_lsb: 22,
      bias_lsb: 1,
      true_mean_lsb: 200,
      inputs_spread_lsb: 200,
      worst_node: 0,
      worst_error_lsb: 12,
    });
  });

  it('leaves out nodes that are down, and what they read', () => {
    const down = { b: 900, u: 900, up: false };
    expect(measured([...THREE, down])).toEqual(measured(THREE));
  });

  it('leaves out what an attacker agrees to, but not its reading when that is the truth', () => {
    const liar = { b: 900, u: 600, honest: false };
    expect(measured([...THREE, liar])).toMatchObject({ spread_lsb: 22, true_mean_lsb: 300, inputs_spread_lsb: 500 });
    expect(measured([...THREE, { ...liar, sound: false }])).toEqual(measured(THREE));
  });

  it('counts an honest node with a stuck sensor for agreement, not for the truth', () => {
    const stuck = { b: 230, u: 900, sound: false };
    expect(measured([...THREE, stuck])).toMatchObject({ spread_lsb: 42, true_mean_lsb: 200, worst_node: 3 });
  });

  it('leaves out a node that has no value yet', () => {
    const fresh = { b: -1, u: 200 };
    expect(measured([...THREE, fresh])).toMatchObject({ spread_lsb: 22, bias_lsb: 1 });
  });

  it('takes the floor where all read the same', () => {
    expect(measured([{ b: 5, u: 7 }], 1, 16)).toMatchObject({ inputs_spread_lsb: 16, worst_error_lsb: 2 });
  });

  it('gives the worst of the groups', () => {
    const site = (group: number, spread: number): Node[] =>
      [100, 200, 300].map((u, i) => ({ b: 200 + [-0.75, 0, 0.25][i] * spread, u, group }));
    const report = measured([...site(0, 4), ...site(1, 40), ...site(2, 10)], 3);
    expect(report).toMatchObject({ spread_lsb: 40, worst_node: 3 });
  });

  it('has something to say when nobody is up', () => {
    expect(measured([{ b: 1, u: 1, up: false }])).toMatchObject({ spread_lsb: 0, bias_lsb: 0, worst_node: -1 });
  });
});

describe('Tracker', () => {
  /** A run of one key, from the spread and bias of each cycle in per cent, and the spread in lsb. */
  function tracked(cycles: { spread: number; bias?: number; lsb?: number }[]): ReturnType<Tracker['figures']> {
    const tracker = new Tracker();
    cycles.forEach(({ spread, bias = 0, lsb = 1000 }, i) => {
      const report: CycleReport = {
        cycle: i + 1,
        keys: [
          { spread_lsb: lsb, bias_lsb: 0, true_mean_lsb: 0, inputs_spread_lsb: 1, worst_node: 0, worst_error_lsb: 0 },
        ],
        spread_pct: spread,
        bias_pct: bias,
        worst_error_pct: spread / 2,
        nodes_up: 1,
        datagrams_sent: 0,
        datagrams_delivered: 0,
        bytes_sent: 0,
        node_digests: new Int32Array(1),
      };
      tracker.add(report);
    });
    return tracker.figures();
  }

  it('counts from the first cycle from which spread and bias stay within 1 %', () => {
    expect(tracked([{ spread: 5 }, { spread: 1 }, { spread: 0.5 }]).cycles_to_1pct).toBe(2);
    expect(tracked([{ spread: 0.5 }, { spread: 1.01 }, { spread: 0.5 }]).cycles_to_1pct).toBe(3);
    expect(
      tracked([
        { spread: 0.5, bias: -1.01 },
        { spread: 0.5, bias: -1 },
      ]).cycles_to_1pct,
    ).toBe(2);
  });

  it('is null where they do not hold at the end', () => {
    expect(tracked([{ spread: 0.5 }, { spread: 2.5 }])).toMatchObject({ cycles_to_1pct: null, cycles_to_2pct: null });
  });

  it('counts 2 % of spread with 1 % of bias', () => {
    expect(tracked([{ spread: 2 }, { spread: 2 }])).toMatchObject({ cycles_to_1pct: null, cycles_to_2pct: 1 });
    expect(tracked([{ spread: 2, bias: 1.5 }]).cycles_to_2pct).toBeNull();
  });

  it('counts four units in the last place by spread alone', () => {
    expect(
      tracked([
        { spread: 9, lsb: 5 },
        { spread: 9, bias: 9, lsb: 4 },
      ]),
    ).toMatchObject({
      cycles_to_4lsb: 2,
      spread_lsb: 4,
    });
  });

  it('takes means over the last 50 cycles, bias with its sign', () => {
    const cycles = [
      ...Array.from({ length: 30 }, () => ({ spread: 100, bias: 90 })),
      ...Array.from({ length: 50 }, (_, i) => ({ spread: 4, bias: i % 2 === 0 ? -3 : 1 })),
    ];
    expect(tracked(cycles)).toMatchObject({ bias_pct: -1, spread_pct: 4, worst_error_pct: 2 });
  });

  it('takes them over the second half of a run below 100 cycles, or its start would count as its end', () => {
    const cycles = [
      ...Array.from({ length: 20 }, () => ({ spread: 100, bias: 90 })),
      ...Array.from({ length: 20 }, () => ({ spread: 4, bias: 1 })),
    ];
    expect(tracked(cycles)).toMatchObject({ bias_pct: 1, spread_pct: 4 });
  });
});
