/** This project's node under the same conditions as the baselines, in rows of the same shape. */
import type { Engine } from '../engine.ts';
import type { DataFiles } from '../scenario/data.ts';
import type { Summary } from '../world/report.ts';
import { type PeerCase, summarisePeers, type PeerRow } from './peers.ts';
import { benchScenario } from './scenarios.ts';

/** The node is done long before the baselines are; more cycles would only take time. */
const CYCLES_MAX = 300;

export type NodeRow = Omit<PeerRow, 'algorithm'> & { algorithm: 'lvs' };

/** The guard is off, so that the node finds the exact mean, as the baselines do that have no guard. */
export function benchNode(condition: PeerCase, seed: number, engine: Engine, files: DataFiles, cwd: string): NodeRow {
  const { topology, nodes, sites, loss, medium_loss } = condition;
  const cycles = Math.min(condition.cycles, CYCLES_MAX);
  const keys = [{ guard: false, scope: topology === 'sites' ? 'all' : 'site' }];
  const set = { nodes, loss, cycles, keys, ...(topology === 'sites' ? { sites, medium_loss } : {}) };
  const name = topology === 'sites' ? 'sites-5x50' : 'lan-50';
  const summaries: Summary[] = [];
  for (let run = 0; run < condition.seeds; run++) {
    const scenario = benchScenario(name, { ...set, seed: seed + run }, files, cwd);
    const world = engine.createWorld(scenario, { links: null, readings: null });
    for (let cycle = 0; cycle < cycles; cycle++) world.step();
    summaries.push(world.summary());
  }
  return { ...condition, cycles, algorithm: 'lvs', ...summarisePeers(summaries) };
}
