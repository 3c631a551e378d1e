import { describe, expect, it } from 'vitest';
import { createColours } from '../../../tools/cli/colour.ts';
import { chart } from '../../../host-sim/cli/chart.ts';
import { facts, factsLine } from '../../../host-sim/cli/facts.ts';
import { frame } from '../../../host-sim/cli/frame.ts';
import type { Progress } from '../../../host-sim/cli/frame.ts';
import { summaryLines, wrap } from '../../../host-sim/cli/summary-lines.ts';
import { DeliveryRate } from '../../../host-sim/cli/view.ts';
import { FAKE_SHA256, fakeSummary } from '../fakes.ts';
import { load } from '../scenario/helpers.ts';

const plain = createColours(false);
const { scenario } = load(['lan-50']);

function progress(over: Partial<Progress> = {}): Progress {
  return {
    cycle: 40,
    spread_pct: 1.234,
    bias_pct: 0.056,
    worst_node: 17,
    worst_error_pct: 0.9,
    nodes_up: 49,
    delivered_per_second: 981.4,
    spreads_pct: Array.from({ length: 40 }, (_, i) => 100 * 0.8 ** i),
    ...over,
  };
}

const draw = (columns: number, rows: number, over: Partial<Progress> = {}): string[] =>
  frame(scenario, progress(over), { columns, rows }, plain).split('\n');

describe('the live picture', () => {
  it('shows on 100 columns what there is to know', () => {
    const lines = draw(100, 30);
    expect(lines.slice(0, 6)).toEqual([
      'lan-50 · 50 nodes · lan · loss 60 % · seed 1 · relay safe',
      `cycle 40/200 ${'━'.repeat(12)}${'─'.repeat(48)}`,
      '',
      'spread      1.23 %                  bias        +0.056 %',
      'worst node  #17, 0.9 %              nodes up    49/50',
      'datagrams   981 a second',
    ]);
    expect(lines.at(-1)).toBe('         spread over the 200 cycles');
  });

  it('shows the same on 40 columns, one number to a line', () => {
    const lines = draw(40, 24);
    expect(lines.slice(0, 8)).toEqual([
      'lan-50 · 50 nodes · lan · loss 60 %',
      `cycle 40/200 ${'━'.repeat(5)}${'─'.repeat(21)}`,
      '',
      'spread      1.23 %',
      'bias        +0.056 %',
      'worst node  #17, 0.9 %',
      'nodes up    49/50',
      'datagrams   981 a second',
    ]);
  });

  it.each([
    [100, 30],
    [80, 24],
    [40, 24],
    [40, 12],
    [20, 10],
    [10, 4],
  ])('never grows beyond %d columns and %d rows', (columns, rows) => {
    const large = { cycle: 8640, spread_pct: 123456.789, delivered_per_second: 1e7, worst_node: 4999 };
    const lines = draw(columns, rows, large);
    expect(lines.length).toBeLessThan(rows);
    for (const line of lines) expect(line.length).toBeLessThan(Math.max(17, columns));
  });

  it('names nobody while nobody is up', () => {
    expect(draw(100, 30, { worst_node: -1 })[4]).toContain('worst node  -, 0.9 %');
  });

  it('has no escape codes without colour', () => expect(draw(100, 30).join('')).not.toContain('\u001b'));

  it('has them with colour', () => {
    expect(frame(scenario, progress(), { columns: 80, rows: 24 }, createColours(true))).toContain('\u001b[');
  });
});

describe('the chart', () => {
  it('falls to the right as the swarm agrees', () => {
    const lines = chart([100, 10, 1, 0.1], 8, { columns: 20, rows: 5 }, plain);
    expect(lines).toEqual(
      ['   100 % █', '    10 % ██', '     1 % ███·····', '   0.1 % ████', '  0.01 % ████', '         spread over'].map(
        (line, i) => (i === 2 || i === 5 ? line : line.padEnd(17)),
      ),
    );
  });

  it('keeps the worst of the cycles that share a column', () => {
    const [top] = chart([1, 1, 100, 1, 1, 1], 6, { columns: 12, rows: 5 }, plain);
    expect(top.slice(9)).toBe(' █ ');
  });

  it('shows a long run in few columns, and an exact agreement as nothing', () => {
    const [top, ...rest] = chart(
      [...Array<number>(500).fill(100), ...Array<number>(500).fill(0)],
      1000,
      { columns: 19, rows: 3 },
      plain,
    );
    expect(top.slice(9)).toBe('█████     ');
    expect(rest[0].slice(9)).toBe('█████·····');
  });
});

describe('facts', () => {
  it('name what is special about a scenario', () => {
    const words = ['churn', '--attack', 'zero:0.1', '--keys', '2', '--guard', 'off', '--low-power', '0.5'];
    expect(facts(load(words).scenario)).toEqual([
      'churn',
      '50 nodes',
      'lan',
      'loss 60 %',
      'seed 1',
      'zero 10 %',
      '3× crash',
      '2× join',
      '2× leave',
      'low power 50 %',
      '2 keys',
      'guard off',
      'relay safe',
    ]);
  });

  it('are cut off at a fact', () => expect(factsLine(scenario, 22)).toBe('lan-50 · 50 nodes'));
});

describe('the table at the end', () => {
  const run = { scenario, bundle_sha256: FAKE_SHA256, again: 'npm run sim -- lan-50 --seed 1' };
  const end = { summary: fakeSummary(), interrupted: false, difference: null, replayed: false };

  it('says what became of the run', () => {
    expect(summaryLines(run, end, 120, plain)).toEqual([
      'agreed     within 1 % from cycle 14',
      'at the end spread 0.2 %, bias -0.01 %, worst node 0.1 %',
      'datagrams  60 sent, 48 delivered, 5.3 KB a node a minute, 0.5 relayed entries in each',
      'refused    duplicate 3; false verdicts on relays: 0',
      'speed      12 ms, 4,000 datagrams and 5,000 node cycles a second',
      'firmware   bundle c0ffee00c0ffee00, trace 7777777777777777',
      'again      npm run sim -- lan-50 --seed 1',
    ]);
  });

  it.each([
    [{ cycles_to_4lsb: 31 }, 'within 1 % from cycle 14, within 4 units in the last place from cycle 31'],
    [{ cycles_to_1pct: null }, 'spread within 2 % and bias within 1 % from cycle 12'],
    [{ cycles_to_1pct: null, cycles_to_2pct: null }, 'not within 1 % of the true mean and of each other'],
  ])('%j', (over, says) => {
    expect(summaryLines(run, { ...end, summary: fakeSummary(over) }, 120, plain)[0]).toBe(`agreed     ${says}`);
  });

  it('fits 40 columns', () => {
    for (const line of summaryLines(run, end, 40, plain)) expect(line.length).toBeLessThan(40);
  });

  it('wraps at spaces, and inside what has none', () => {
    expect(wrap('one two 3 %', 9)).toEqual(['one two', '3 %']);
    expect(wrap('abcdefghij kl', 4)).toEqual(['abcd', 'efgh', 'ij', 'kl']);
  });
});

describe('the rate of delivery', () => {
  it('is over the last cycles, in the time of the swarm', () => {
    const rate = new DeliveryRate(500);
    expect(rate.add(100)).toBe(200);
    for (let cycle = 2; cycle <= 20; cycle++) rate.add(100);
    expect(rate.add(100)).toBe(0);
  });
});
