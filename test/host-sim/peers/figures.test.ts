/**
 * The baselines against the figures that they were first measured with (other code, other seeds): cycles until spread and
 * |bias| stay within 1 % of the inputs' spread.
 */
import { describe, expect, it } from 'vitest';
import { lan, mesh, sites } from '../../../host-sim/peers/graph.ts';
import type { Graph } from '../../../host-sim/peers/graph.ts';
import { runPeer } from '../../../host-sim/peers/run.ts';
import type { PeerAlgorithm, PeerResult } from '../../../host-sim/peers/run.ts';
import { createRandom } from '../../../host-sim/world/random.ts';

const SEEDS = 25;

function runs(algorithm: PeerAlgorithm, graph: (seed: number) => Graph, loss: number, cycles: number): PeerResult[] {
  return Array.from({ length: SEEDS }, (_, index) => {
    const seed = 500 + index;
    return runPeer({ algorithm, graph: graph(seed), loss, mediumLoss: loss, seed, cycles });
  });
}

function ascending(values: number[]): number[] {
  return values.sort((a, b) => a - b);
}

function cyclesOf(results: PeerResult[]): number[] {
  return ascending(results.map((result) => result.cycles_to_1pct ?? Infinity));
}

function middle(sorted: number[]): number {
  return sorted[sorted.length >> 1];
}

describe('running sums on a LAN', () => {
  it.each([
    [8, 0.6, 14],
    [20, 0.6, 14],
    [50, 0.6, 15],
    [8, 0.9, 72],
    [20, 0.9, 69],
    [50, 0.9, 75],
  ])('take with %d nodes at a loss of %d about %d cycles', (nodes, loss, figure) => {
    const graph = lan(nodes);
    const median = middle(cyclesOf(runs('running-sum', () => graph, loss, loss === 0.6 ? 60 : 200)));
    expect(Math.abs(median - figure)).toBeLessThanOrEqual(Math.max(2, 0.15 * figure));
  });
});

describe('Flow Updating on a LAN', () => {
  // How long it takes hangs on the inputs: with 50 nodes at 90 % loss from 30 to over 500 cycles, depending on when the
  // mean error crosses 1 %. Medians of a few seeds lie far apart, so the figure first measured is held against where most
  // runs lie, and the median of these runs against that of 401 others.
  it.each([
    [8, 0.6, 14, 15],
    [20, 0.6, 33, 40],
    [50, 0.6, 88, 95],
    [8, 0.9, 82, 61],
    [20, 0.9, 125, 114],
    [50, 0.9, 158, 268],
  ])('takes with %d nodes at a loss of %d around %d cycles', (nodes, loss, figure, median) => {
    const graph = lan(nodes);
    const cycles = cyclesOf(runs('flow-updating', () => graph, loss, loss === 0.6 ? 200 : 600));
    expect(figure).toBeGreaterThanOrEqual(cycles[Math.floor(0.1 * SEEDS)]);
    expect(figure).toBeLessThanOrEqual(cycles[Math.floor(0.9 * SEEDS)]);
    expect(Math.abs(middle(cycles) - median)).toBeLessThanOrEqual(0.6 * median);
  });
});

describe('Flow Updating on a mesh of 100', () => {
  it.each([
    [0, 16],
    [0.6, 48],
    [0.8, 101],
  ])('takes at a loss of %d about %d cycles', (loss, figure) => {
    const median = middle(cyclesOf(runs('flow-updating', (seed) => mesh(100, 8, createRandom(seed)), loss, 250)));
    expect(Math.abs(median - figure)).toBeLessThanOrEqual(Math.max(2, 0.15 * figure));
  });
});

describe('without memory of what was lost', () => {
  it.each(['broadcast-gossip', 'push-sum'] as const)('%s agrees, and ends beside the mean', (algorithm) => {
    for (const loss of [0.6, 0.9]) {
      for (const nodes of [8, 20, 50]) {
        const graph = lan(nodes);
        const results = runs(algorithm, () => graph, loss, 250);
        const bias = middle(ascending(results.map((result) => Math.abs(result.bias_pct))));
        // First measured: 0.5 to 19 % off.
        expect(bias).toBeGreaterThan(0.5);
        expect(bias).toBeLessThan(19);
        expect(Math.max(...results.map((result) => result.spread_pct))).toBeLessThan(0.01);
      }
    }
  });
});

describe('on 5 sites of 50', () => {
  const graph = sites(5, 50);

  it.each([
    ['flow-updating', 500, 252],
    ['running-sum', 4000, 2422],
  ] as const)('%s takes within %d cycles about %d', (algorithm, cycles, figure) => {
    const result = runPeer({ algorithm, graph, loss: 0.6, mediumLoss: 0.3, seed: 500, cycles });
    expect(result.cycles_to_1pct).toBeGreaterThan(0.6 * figure);
    expect(result.cycles_to_1pct).toBeLessThan(1.4 * figure);
  });
});
