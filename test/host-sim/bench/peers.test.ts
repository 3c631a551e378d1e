import { describe, expect, it } from 'vitest';
import { PEER_CASES, benchPeers } from '../../../host-sim/bench/peers.ts';
import type { PeerCase } from '../../../host-sim/bench/peers.ts';

const SMALL: PeerCase = { topology: 'lan', nodes: 8, sites: 1, loss: 0.6, medium_loss: 0.6, cycles: 60, seeds: 5 };

describe('rows', () => {
  const rows = [...benchPeers(1, [SMALL, { ...SMALL, topology: 'sites', sites: 2, cycles: 10, seeds: 1 }])];

  it('makes one for each algorithm of each case, with the case in it', () => {
    expect(rows.map((row) => `${row.topology} ${row.algorithm}`)).toEqual([
      'lan broadcast-gossip',
      'lan push-sum',
      'lan running-sum',
      'lan flow-updating',
      'sites broadcast-gossip',
      'sites push-sum',
      'sites running-sum',
      'sites flow-updating',
    ]);
    expect(rows[2]).toMatchObject(SMALL);
  });

  it('counts who got there, and gives the median and the worst', () => {
    const [gossip, , running] = rows;
    expect(running.seeds_within_1pct).toBe(5);
    expect(running.cycles_to_1pct).toBeLessThanOrEqual(running.cycles_to_1pct_worst ?? 0);
    expect(running.bias_pct).toBeLessThan(0.01);
    expect(gossip.seeds_within_1pct).toBeLessThan(5);
    expect(gossip.cycles_to_1pct_worst).toBeNull();
    expect(gossip.bias_pct_worst).toBeGreaterThan(1);
    expect(rows[6].cycles_to_1pct).toBeNull();
  });

  it('gives the same rows again for the same seed', () => {
    expect([...benchPeers(1, [SMALL])]).toEqual(rows.slice(0, 4));
    expect([...benchPeers(2, [SMALL])]).not.toEqual(rows.slice(0, 4));
  });
});

it('covers the conditions that the node is compared under', () => {
  expect(PEER_CASES.map(({ topology, nodes, loss }) => `${topology} ${nodes} ${loss}`)).toEqual([
    'lan 8 0.6',
    'lan 20 0.6',
    'lan 50 0.6',
    'lan 8 0.9',
    'lan 20 0.9',
    'lan 50 0.9',
    'sites 250 0.6',
  ]);
});
