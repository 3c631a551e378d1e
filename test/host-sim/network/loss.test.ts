import { describe, expect, it } from 'vitest';
import { linksOf } from '../../../host-sim/network/links.ts';
import type { Links } from '../../../host-sim/network/links.ts';
import { burstyLoss, independentLoss } from '../../../host-sim/network/loss.ts';
import { createRandom } from '../../../host-sim/world/random.ts';

/** Links from node 0, one for each share that arrives. */
function linksWith(...delivery: number[]): Links {
  return linksOf([delivery.map((share, i): [number, number] => [i + 1, share]), ...delivery.map(() => [])]);
}

const CYCLES = 60_000;

/** For each cycle whether the link was lost. */
function record(lost: (link: number, cycle: number) => boolean, link: number, cycles = CYCLES): boolean[] {
  return Array.from({ length: cycles }, (_, cycle) => lost(link, cycle));
}

const shareOf = (losses: boolean[]): number => losses.filter(Boolean).length / losses.length;

/** Lengths of the runs of this kind. */
function runsOf(losses: boolean[], kind: boolean): number[] {
  const runs: number[] = [];
  losses.forEach((loss, i) => {
    if (loss !== kind) return;
    if (i > 0 && losses[i - 1] === kind) runs[runs.length - 1]++;
    else runs.push(1);
  });
  return runs;
}

const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

describe('independent loss', () => {
  it.each([0.1, 0.4, 0.95])('delivers its share of %d', (delivery) => {
    const losses = record(independentLoss(linksWith(delivery), createRandom(1)), 0);
    // Four standard deviations.
    expect(Math.abs(1 - shareOf(losses) - delivery)).toBeLessThan(4 * Math.sqrt((delivery * (1 - delivery)) / CYCLES));
  });

  it('loses nothing at 1 and everything at 0', () => {
    const lost = independentLoss(linksWith(1, 0), createRandom(1));
    expect([shareOf(record(lost, 0)), shareOf(record(lost, 1))]).toEqual([0, 1]);
  });

  it('loses each datagram on its own', () => {
    const losses = record(independentLoss(linksWith(0.4), createRandom(2)), 0);
    expect(mean(runsOf(losses, true))).toBeCloseTo(1 / 0.4, 1);
  });

  it('goes by link', () => {
    const lost = independentLoss(linksWith(0.9, 0.2), createRandom(3));
    expect(shareOf(record(lost, 0))).toBeCloseTo(0.1, 1);
    expect(shareOf(record(lost, 1))).toBeCloseTo(0.8, 1);
  });
});

describe('bursty loss', () => {
  it.each([
    { delivery: 0.4, burst: 10 },
    { delivery: 0.9, burst: 3 },
    { delivery: 0.1, burst: 20 },
    { delivery: 0.5, burst: 1 },
  ])('delivers its share of $delivery, with bursts of $burst cycles on average', ({ delivery, burst }) => {
    const losses = record(burstyLoss(linksWith(delivery), burst, createRandom(4)), 0);
    const bursts = runsOf(losses, true);
    expect(mean(bursts) / burst).toBeGreaterThan(0.93);
    expect(mean(bursts) / burst).toBeLessThan(1.07);
    expect(Math.abs(1 - shareOf(losses) - delivery)).toBeLessThan(0.03);
  });

  it.each([
    { delivery: 0.1, burst: 2 },
    { delivery: 0.05, burst: 10 },
    { delivery: 0.4, burst: 1 },
  ])('delivers its share of $delivery, even where bursts of $burst are too short for it', ({ delivery, burst }) => {
    const losses = record(burstyLoss(linksWith(delivery), burst, createRandom(4)), 0);
    expect(Math.abs(1 - shareOf(losses) - delivery)).toBeLessThan(0.03);
  });

  it('has bursts of random length', () => {
    const bursts = runsOf(record(burstyLoss(linksWith(0.4), 10, createRandom(5)), 0), true);
    // Geometric: the chance of at least 10 is 0.9^9.
    expect(bursts.filter((length) => length >= 10).length / bursts.length).toBeCloseTo(0.9 ** 9, 1);
    expect(Math.max(...bursts)).toBeGreaterThan(40);
  });

  it('is one state for a cycle: all datagrams of it pass, or none', () => {
    const lost = burstyLoss(linksWith(0.5), 2, createRandom(6));
    for (let cycle = 0; cycle < 500; cycle++) {
      const first = lost(0, cycle);
      expect([lost(0, cycle), lost(0, cycle)]).toEqual([first, first]);
    }
  });

  it('goes on while nobody sends', () => {
    const lost = burstyLoss(linksWith(0.5), 5, createRandom(7));
    const sparse = Array.from({ length: 20_000 }, (_, i) => lost(0, 100 * i));
    expect(mean(runsOf(sparse, true)), 'a hundred cycles later nothing is left of a burst').toBeCloseTo(2, 1);
  });

  it('goes by link, each on its own', () => {
    const lost = burstyLoss(linksWith(0.5, 0.5), 10, createRandom(8));
    let same = 0;
    for (let cycle = 0; cycle < CYCLES; cycle++) if (lost(0, cycle) === lost(1, cycle)) same++;
    expect(same / CYCLES).toBeCloseTo(0.5, 1);
  });

  it('loses nothing at 1 and everything at 0', () => {
    const lost = burstyLoss(linksWith(1, 0), 10, createRandom(9));
    expect([shareOf(record(lost, 0, 2000)), shareOf(record(lost, 1, 2000))]).toEqual([0, 1]);
  });
});
