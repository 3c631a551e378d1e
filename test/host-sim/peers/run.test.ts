import { describe, expect, it } from 'vitest';
import { lan, sites } from '../../../host-sim/peers/graph.ts';
import { PEER_ALGORITHMS, runPeer } from '../../../host-sim/peers/run.ts';
import type { PeerRunOptions } from '../../../host-sim/peers/run.ts';

const OPTIONS: PeerRunOptions = {
  algorithm: 'running-sum',
  graph: lan(10),
  loss: 0.6,
  mediumLoss: 0.6,
  seed: 7,
  cycles: 100,
};

describe.each(PEER_ALGORITHMS)('%s', (algorithm) => {
  it('gives the same figures for the same seed, and others for another', () => {
    const first = runPeer({ ...OPTIONS, algorithm });
    expect(runPeer({ ...OPTIONS, algorithm })).toEqual(first);
    expect(runPeer({ ...OPTIONS, algorithm, seed: 8 })).not.toEqual(first);
  });

  it('never agrees when nothing arrives', () => {
    const result = runPeer({ ...OPTIONS, algorithm, loss: 1 });
    expect(result.cycles_to_1pct).toBeNull();
    expect(result.spread_pct).toBeCloseTo(100, 9);
    expect(result.bias_pct).toBeCloseTo(0, 9);
  });
});

describe('cycles to 1 %', () => {
  it('counts from the last time a run came within it, so a longer run may only move it back', () => {
    const short = runPeer({ ...OPTIONS, algorithm: 'flow-updating', cycles: 30 }).cycles_to_1pct;
    const long = runPeer({ ...OPTIONS, algorithm: 'flow-updating', cycles: 300 }).cycles_to_1pct;
    expect(long).not.toBeNull();
    expect(long ?? 0).toBeGreaterThanOrEqual(short ?? 0);
  });

  it('is null when a run ends before', () => {
    expect(runPeer({ ...OPTIONS, cycles: 3 }).cycles_to_1pct).toBeNull();
  });
});

it('loses between gateways by mediumLoss, inside a site by loss', () => {
  const graph = sites(2, 10);
  const split = runPeer({ ...OPTIONS, graph, loss: 0, mediumLoss: 1, cycles: 2000 });
  expect(split.cycles_to_1pct).toBeNull();
  const joined = runPeer({ ...OPTIONS, graph, loss: 0, mediumLoss: 0, cycles: 2000 });
  expect(joined.spread_pct).toBeLessThan(0.01);
});

it('refuses what is no probability and no number of cycles', () => {
  expect(() => runPeer({ ...OPTIONS, loss: 1.5 })).toThrow('loss 1.5: must be from 0 to 1');
  expect(() => runPeer({ ...OPTIONS, mediumLoss: NaN })).toThrow('mediumLoss NaN: must be from 0 to 1');
  expect(() => runPeer({ ...OPTIONS, cycles: 0 })).toThrow('cycles 0: must be an integer of at least 1');
});
