/** The scenario's faults as the nodes of a world meet them: each does what it says, and nothing else happens. */
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../../host-sim/world/scenario.ts';
import { notedWorld, run } from './base.ts';
import type { Notes } from './base.ts';

const STORES = ['kept', 'lost', 'torn'] as const;

/** Who heard whom at least once, by cycle. */
function heardIn(notes: Notes[], from_cycle: number, to_cycle: number): Set<string> {
  const pairs = new Set<string>();
  notes.forEach(({ heard }, to) => {
    for (const { from, cycle } of heard) if (cycle >= from_cycle && cycle < to_cycle) pairs.add(`${from}>${to}`);
  });
  return pairs;
}

describe('no fault', () => {
  it('lets every node hear each datagram of all others once, in order', () => {
    const { world, notes } = notedWorld();
    run(world, 20);
    notes.forEach(({ heard, starts, shutdowns }, to) => {
      expect([starts, shutdowns]).toEqual([[1], 0]);
      for (let from = 0; from < 8; from++) {
        const counts = heard.filter((one) => one.from === from).map(({ count }) => count);
        expect(counts).toEqual(from === to ? [] : Array.from({ length: counts.length }, (_, i) => i + 1));
        if (from !== to) expect(counts.length).toBeGreaterThanOrEqual(20);
      }
    });
  });

  it('counts what is sent and delivered', () => {
    const { world } = notedWorld();
    const report = world.step();
    expect(report.datagrams_sent % 8).toBe(0);
    expect(report.datagrams_delivered).toBe(report.datagrams_sent * 7);
    expect(report.bytes_sent).toBe(report.datagrams_sent * 8);
    expect(report.nodes_up).toBe(8);
  });
});

describe('a crash', () => {
  /** All of two nodes crash at the beginning of cycle 5 and come back with that of cycle 8. */
  function crashed(store: (typeof STORES)[number], seed = 1): Notes {
    const { world, notes } = notedWorld({
      nodes: 2,
      seed,
      crashes: [{ cycle: 5, share: 1, restart_cycle: 8, store }],
    });
    run(world, 12);
    return notes[0];
  }

  it.each(STORES)('(store %s) ends a life without a word', (store) => {
    const { starts, shutdowns } = crashed(store);
    expect(starts).toEqual([1, 8]);
    expect(shutdowns).toBe(0);
  });

  it('leaves the store as it was when it is kept', () => {
    const [first, second] = crashed('kept').slots;
    expect(first).toEqual(['', '']);
    expect(second).toEqual(['00000004', '00000005']);
  });

  it('leaves nothing of the store when it is lost', () => {
    expect(crashed('lost').slots[1]).toEqual(['', '']);
  });

  it('leaves the newest slot whole and the older one torn', () => {
    const olds = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => crashed('torn', seed).slots[1]);
    for (const [older, newest] of olds) {
      expect(newest).toBe('00000005');
      expect(older).not.toBe('00000004');
    }
    expect(
      olds.filter(([older]) => older !== '00000005').length,
      'a cut after the last byte tears nothing',
    ).toBeGreaterThan(3);
  });

  it('lets nobody hear the node, nor it them, while it is down', () => {
    const { world, notes } = notedWorld({ crashes: [{ cycle: 5, share: 0.25, restart_cycle: 8, store: 'kept' }] });
    run(world, 12);
    const down = notes.flatMap(({ starts }, i) => (starts.length === 2 ? [i] : []));
    expect(down).toHaveLength(2);
    const pairs = heardIn(notes, 5, 8);
    for (const pair of pairs) for (const one of pair.split('>')) expect(down).not.toContain(Number(one));
    expect(heardIn(notes, 9, 12).size).toBe(8 * 7);
  });

  it('without a restart is for good', () => {
    const { world, notes } = notedWorld({ crashes: [{ cycle: 5, share: 0.25, restart_cycle: 0, store: 'kept' }] });
    run(world, 4);
    expect(world.step().nodes_up).toBe(6);
    run(world, 20);
    expect(notes.every(({ starts }) => starts.length === 1)).toBe(true);
  });
});

describe('coming and going', () => {
  it('a newcomer starts with its cycle', () => {
    const { world, notes } = notedWorld({ joins: [{ cycle: 6, share: 0.25 }] });
    run(world, 4);
    expect(world.step().nodes_up).toBe(6);
    expect(world.step().nodes_up).toBe(8);
    expect(notes.filter(({ starts }) => starts[0] === 6)).toHaveLength(2);
  });

  it('a leaver is shut down properly', () => {
    const { world, notes } = notedWorld({ leaves: [{ cycle: 6, share: 0.25 }] });
    run(world, 6);
    expect(world.step().nodes_up).toBe(6);
    expect(notes.filter(({ shutdowns }) => shutdowns === 1)).toHaveLength(2);
  });
});

describe('a partition', () => {
  it('parts the nodes into two sides from its first cycle up to its last, and then heals', () => {
    const { world, notes } = notedWorld({ partitions: [{ from_cycle: 4, to_cycle: 8, share: 0.25 }] });
    run(world, 12);
    expect(heardIn(notes, 3, 4).size, 'the cycle before').toBe(8 * 7);
    // Sides of 2 and 6: 2 + 30 ordered pairs.
    const during = heardIn(notes, 4, 8);
    expect(during.size).toBe(2 + 30);
    for (const pair of during) expect(during.has(pair.split('>').reverse().join('>'))).toBe(true);
    expect(heardIn(notes, 8, 9).size, 'the cycle after').toBe(8 * 7);
  });
});

describe('a cut', () => {
  it('takes a share of the directed links away, one way', () => {
    const { world, notes } = notedWorld({ nodes: 20, cuts: [{ from_cycle: 4, to_cycle: 8, share: 0.3 }] });
    run(world, 12);
    const during = heardIn(notes, 4, 8);
    const links = 20 * 19;
    expect(during.size / links).toBeGreaterThan(0.6);
    expect(during.size / links).toBeLessThan(0.8);
    const oneWay = [...during].filter((pair) => !during.has(pair.split('>').reverse().join('>')));
    expect(oneWay.length, 'of 0.3 * 0.7 * 380 = 80').toBeGreaterThan(40);
    expect(heardIn(notes, 3, 4).size, 'the cycle before').toBe(links);
    expect(heardIn(notes, 8, 9).size, 'the cycle after').toBe(links);
  });
});

describe('clocks', () => {
  const ticksAfter = (cycles: number, over: Partial<Scenario>): number[] => {
    const { world, notes } = notedWorld({ nodes: 40, ...over });
    run(world, cycles);
    return notes.map(({ platform }) => platform?.clock.ticks_ms() ?? NaN);
  };
  const spread = (values: number[]): number => Math.max(...values) - Math.min(...values);

  it('run alike by default', () => {
    expect(spread(ticksAfter(10, {}))).toBe(0);
    expect(ticksAfter(10, {})[0]).toBe(10_000);
  });

  it('start apart by the skew, either way', () => {
    const apart = ticksAfter(1, { clock_skew_ms: 5000 }).map((ticks) => ticks - 1000);
    expect(Math.max(...apart)).toBeLessThanOrEqual(5000);
    expect(Math.min(...apart)).toBeGreaterThanOrEqual(-5000);
    expect(spread(apart)).toBeGreaterThan(7000);
    expect(spread(ticksAfter(100, { clock_skew_ms: 5000 })), 'and no farther later').toBe(spread(apart));
  });

  it('drift apart by up to the parts in a million that the scenario says', () => {
    const rates = ticksAfter(100, { clock_drift_ppm: 50_000 }).map((ticks) => ticks / 100_000);
    expect(Math.max(...rates)).toBeLessThanOrEqual(1.05);
    expect(Math.min(...rates)).toBeGreaterThanOrEqual(0.95);
    expect(spread(rates)).toBeGreaterThan(0.07);
  });

  it('that run fast make their node send more often', () => {
    const { world, notes } = notedWorld({ nodes: 10, clock_drift_ppm: 100_000 });
    run(world, 200);
    const sent = notes.map((_, from) => notes[(from + 1) % 10].heard.filter((one) => one.from === from).length);
    const rates = notes.map(({ platform }) => (platform?.clock.ticks_ms() ?? NaN) / 1000);
    sent.forEach((count, i) => {
      expect(Math.abs(count - rates[i]), `node ${i}`).toBeLessThanOrEqual(2);
    });
    expect(spread(sent)).toBeGreaterThan(10);
  });
});

describe('bodies', () => {
  it('in low power have a battery below 20 %, others are on mains', () => {
    const { world, notes } = notedWorld({ low_power: 0.5 });
    world.step();
    const batteries = notes.map(({ platform }) => platform?.vitals.battery() ?? NaN);
    expect(batteries.filter((battery) => battery === -1)).toHaveLength(4);
    expect(batteries.filter((battery) => battery > 0 && battery < 0.2 * 65_536)).toHaveLength(4);
  });

  it('with a stuck sensor read its value from its cycle on', () => {
    const { world, notes } = notedWorld({ stuck: [{ nodes: 3, from_cycle: 5, value: 122 }] });
    const readings = (): number[] => notes.map(({ platform }) => platform?.sensors.read(0) ?? NaN);
    run(world, 4);
    const before = readings();
    expect(before).not.toContain(122 * 65_536);
    world.step();
    const after = readings();
    expect(after.filter((value) => value === 122 * 65_536)).toHaveLength(3);
    expect(after.filter((value, i) => value === before[i])).toHaveLength(5);
  });

  it('of attackers read false from their cycle on', () => {
    const { world, notes } = notedWorld({ attacks: [{ kind: 'zero', share: 0.25, from_cycle: 5 }] });
    const zeros = (): number => notes.filter(({ platform }) => platform?.sensors.read(0) === 0).length;
    run(world, 4);
    expect(zeros()).toBe(0);
    world.step();
    expect(zeros()).toBe(2);
  });
});
