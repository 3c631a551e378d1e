import { describe, expect, it } from 'vitest';
import { linksOf } from '../../../host-sim/network/links.ts';
import type { Links } from '../../../host-sim/network/links.ts';
import { Medium } from '../../../host-sim/network/medium.ts';
import { EventQueue } from '../../../host-sim/world/kernel.ts';
import { createRandom } from '../../../host-sim/world/random.ts';
import type { Scenario } from '../../../host-sim/world/scenario.ts';
import { scenarioOf } from '../world/base.ts';

interface Arrival {
  to: number;
  from: number;
  at_ms: number;
  count: number;
  length: number;
}

/** Node 0 is heard by node 1, and by node 2 as well. */
const PAIR = linksOf([[[1, 1]], []]);
const THREE = linksOf([
  [
    [1, 1],
    [2, 1],
  ],
  [],
  [],
]);

interface Line {
  medium: Medium;
  queue: EventQueue;
  up: Uint8Array;
  arrivals: Arrival[];
  /** Sends the count in so many bytes from node 0. */
  send: (count: number, length?: number) => void;
}

function lineOf(over: Partial<Scenario>, links: Links = PAIR): Line {
  const queue = new EventQueue();
  const up = new Uint8Array(links.nodes).fill(1);
  const arrivals: Arrival[] = [];
  const medium = new Medium(queue, links, scenarioOf(over), createRandom(1), up, (to, view, from) => {
    arrivals.push({ to, from, at_ms: queue.now_ms, count: view.getInt32(0), length: view.byteLength });
  });
  const view = new DataView(new ArrayBuffer(2000));
  const send = (count: number, length = 4): void => {
    view.setInt32(0, count);
    medium.send(0, view, length);
    view.setInt32(0, -1);
  };
  return { medium, queue, up, arrivals, send };
}

/** Sends one datagram each cycle, and lets all arrive. */
function sendMany(line: Line, datagrams: number, length = 4, cycle_ms = 1000): void {
  for (let i = 0; i < datagrams; i++) {
    line.queue.run(cycle_ms * i);
    line.send(i, length);
  }
  line.queue.run(cycle_ms * datagrams + 1e7);
}

const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

describe('a medium without faults', () => {
  it('hands a datagram at once to everyone who hears the sender', () => {
    const line = lineOf({}, THREE);
    line.send(7, 5);
    expect(line.arrivals).toEqual([
      { to: 1, from: 0, at_ms: 0, count: 7, length: 5 },
      { to: 2, from: 0, at_ms: 0, count: 7, length: 5 },
    ]);
    expect(line.medium.counts).toEqual({ sent: 1, delivered: 2, bytes: 5 });
  });

  it('reaches nobody who is down, or behind a blocked link', () => {
    const line = lineOf({}, THREE);
    line.up[1] = 0;
    line.medium.blocked[1] = 1;
    line.send(7);
    expect(line.arrivals).toEqual([]);
    expect(line.medium.counts).toEqual({ sent: 1, delivered: 0, bytes: 4 });
  });
});

describe('loss', () => {
  it('takes its share', () => {
    const line = lineOf({}, linksOf([[[1, 0.4]], []]));
    sendMany(line, 20_000);
    expect(line.arrivals.length / 20_000).toBeCloseTo(0.4, 1);
    expect(line.medium.counts.delivered).toBe(line.arrivals.length);
  });

  it('comes in bursts of cycles where the scenario says so', () => {
    const line = lineOf({ burst: 10 }, linksOf([[[1, 0.4]], []]));
    sendMany(line, 20_000);
    const gaps = line.arrivals.slice(1).map(({ count }, i) => count - line.arrivals[i].count - 1);
    expect(mean(gaps.filter((gap) => gap > 0)) / 10).toBeCloseTo(1, 0);
    expect(line.arrivals.length / 20_000).toBeCloseTo(0.4, 1);
  });
});

describe('duplication', () => {
  it('hands its share of the datagrams over twice', () => {
    const line = lineOf({ duplication: 0.3 });
    sendMany(line, 10_000);
    expect(line.arrivals.length / 10_000).toBeCloseTo(1.3, 1);
    const counts = new Map<number, number>();
    for (const { count } of line.arrivals) counts.set(count, (counts.get(count) ?? 0) + 1);
    expect(counts.size).toBe(10_000);
    expect(Math.max(...counts.values())).toBe(2);
  });
});

describe('delay', () => {
  const delaysOf = (over: Partial<Scenario>): number[] => {
    const line = lineOf(over);
    sendMany(line, 10_000);
    expect(line.arrivals).toHaveLength(10_000);
    return line.arrivals.map(({ at_ms, count }) => at_ms - 1000 * count);
  };

  it('is at least the minimum, and on average the mean', () => {
    const delays = delaysOf({ delay_min_ms: 50, delay_mean_ms: 250 });
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(50);
    expect(Math.min(...delays)).toBeLessThan(52);
    expect(mean(delays) / 250).toBeCloseTo(1, 1);
  });

  it('is exponential above the minimum', () => {
    const beyond = (delays: number[], ms: number): number =>
      delays.filter((delay) => delay > ms).length / delays.length;
    const delays = delaysOf({ delay_min_ms: 50, delay_mean_ms: 250 });
    expect(beyond(delays, 50 + 200)).toBeCloseTo(Math.exp(-1), 1);
    expect(beyond(delays, 50 + 600)).toBeCloseTo(Math.exp(-3), 2);
  });

  it('is just the minimum where the mean is the same', () => {
    expect(new Set(delaysOf({ delay_min_ms: 80, delay_mean_ms: 80 }))).toEqual(new Set([80]));
  });

  it('leaves the datagram as it was when it was sent', () => {
    const line = lineOf({ delay_min_ms: 80, delay_mean_ms: 80 });
    sendMany(line, 3);
    expect(line.arrivals.map(({ count }) => count)).toEqual([0, 1, 2]);
  });

  it('hands nothing to a node that went down meanwhile', () => {
    const line = lineOf({ delay_min_ms: 80, delay_mean_ms: 80 });
    line.send(1);
    line.up[1] = 0;
    line.queue.run(1000);
    expect([line.arrivals.length, line.medium.counts.delivered]).toEqual([0, 0]);
  });
});

describe('reordering', () => {
  it('holds its share back for one to two cycles, so that later ones overtake them', () => {
    const line = lineOf({ reorder: 0.2 });
    sendMany(line, 10_000);
    const held = line.arrivals.map(({ at_ms, count }) => at_ms - 1000 * count).filter((delay) => delay > 0);
    expect(held.length / 10_000).toBeCloseTo(0.2, 1);
    expect(Math.min(...held)).toBeGreaterThanOrEqual(1000);
    expect(Math.max(...held)).toBeLessThan(2000);
    const overtaken = line.arrivals.filter(({ count }, i) => i > 0 && count < line.arrivals[i - 1].count);
    expect(overtaken.length / 10_000).toBeGreaterThan(0.1);
  });
});

describe('capacity', () => {
  it('lets bytes through one after the other', () => {
    const line = lineOf({ capacity: 1000 });
    for (let i = 0; i < 4; i++) line.send(i, 100);
    line.queue.run(1e6);
    expect(line.arrivals.map(({ at_ms }) => at_ms)).toEqual([100, 200, 300, 400]);
  });

  it('drops what would wait for longer than a second', () => {
    const line = lineOf({ capacity: 1000 });
    for (let i = 0; i < 40; i++) line.send(i, 100);
    line.queue.run(1e6);
    expect(line.arrivals.map(({ count }) => count)).toEqual(Array.from({ length: 11 }, (_, i) => i));
    line.send(99, 100);
    line.queue.run(2e6);
    expect(line.arrivals.at(-1)).toMatchObject({ count: 99, at_ms: 1e6 + 100 });
  });

  it('is each link’s own', () => {
    const line = lineOf({ capacity: 1000 }, THREE);
    line.send(1, 100);
    line.queue.run(1e6);
    expect(line.arrivals.map(({ to, at_ms }) => [to, at_ms])).toEqual([
      [1, 100],
      [2, 100],
    ]);
  });

  it('carries no more than the scenario says under steady load', () => {
    const line = lineOf({ capacity: 1000 });
    for (let cycle = 0; cycle < 100; cycle++) {
      line.queue.run(1000 * cycle);
      for (let i = 0; i < 5; i++) line.send(i, 500);
    }
    line.queue.run(100_000);
    const bytes = line.arrivals.reduce((sum, { length }) => sum + length, 0);
    expect(bytes / 100_000).toBeCloseTo(1, 1);
  });
});
