/**
 * How fast the simulator is, with real encoding and decoding, on one core. Machines differ and are noisy, so each figure
 * stands beside the same minute's figure of plain broadcast gossip, which moves bare numbers about: the ratio is what to
 * compare between machines.
 */
import { performance } from 'node:perf_hooks';
import type { Engine } from '../engine.ts';
import { lan } from '../peers/graph.ts';
import { runPeer } from '../peers/run.ts';
import type { DataFiles } from '../scenario/data.ts';
import { benchScenario } from './scenarios.ts';

const KEYS = 4;
/** Cycles before the clock starts, in which V8 compiles and the tables fill. */
const WARMUP_CYCLES = 60;
/** The best of so many rounds: what disturbs a round only ever makes it slower. */
const ROUNDS = 3;

export interface SpeedRow {
  case: string;
  nodes: number;
  keys: number;
  loss: number;
  datagrams_per_second: number;
  node_cycles_per_second: number;
  /** Virtual time over wall time, at one cycle a second. */
  times_real_time: number;
  /** Deliveries of plain broadcast gossip on a LAN of 50 a second, in the same run. */
  gossip_deliveries_per_second: number;
}

interface SpeedCase {
  case: string;
  scenario: string;
  set: Record<string, unknown>;
  cycles: number;
}

export const SPEED_CASES: readonly SpeedCase[] = [
  { case: 'LAN of 50', scenario: 'lan-50', set: { loss: 0 }, cycles: 400 },
  { case: 'LAN of 50', scenario: 'lan-50', set: { loss: 0.6 }, cycles: 600 },
  { case: 'LAN of 50, relays', scenario: 'lan-50', set: { loss: 0.9 }, cycles: 600 },
  { case: '20 sites of 50', scenario: 'sites-20x50', set: { loss: 0.6 }, cycles: 60 },
];

export function benchSpeed(
  speedCase: SpeedCase,
  seed: number,
  engine: Engine,
  files: DataFiles,
  cwd: string,
): SpeedRow {
  const cycles = WARMUP_CYCLES + ROUNDS * speedCase.cycles;
  const scenario = benchScenario(speedCase.scenario, { ...speedCase.set, keys: KEYS, cycles, seed }, files, cwd);
  const world = engine.createWorld(scenario, { links: null, readings: null });
  let delivered = 0;
  for (let cycle = 0; cycle < WARMUP_CYCLES; cycle++) delivered = world.step().datagrams_delivered;
  let best = 0;
  let datagrams = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const before = delivered;
    const started_ms = performance.now();
    for (let cycle = 0; cycle < speedCase.cycles; cycle++) delivered = world.step().datagrams_delivered;
    const cyclesPerSecond = (1000 * speedCase.cycles) / (performance.now() - started_ms);
    if (cyclesPerSecond <= best) continue;
    best = cyclesPerSecond;
    datagrams = (delivered - before) / speedCase.cycles;
  }
  return {
    case: speedCase.case,
    nodes: scenario.nodes,
    keys: KEYS,
    loss: scenario.loss,
    datagrams_per_second: datagrams * best,
    node_cycles_per_second: scenario.nodes * best,
    times_real_time: (best * scenario.cycle_ms) / 1000,
    gossip_deliveries_per_second: gossipSpeed(seed),
  };
}

const GOSSIP_NODES = 50;
const GOSSIP_CYCLES = 1000;

function gossipSpeed(seed: number): number {
  const graph = lan(GOSSIP_NODES);
  const started_ms = performance.now();
  runPeer({ algorithm: 'broadcast-gossip', graph, loss: 0, mediumLoss: 0, seed, cycles: GOSSIP_CYCLES });
  const seconds = (performance.now() - started_ms) / 1000;
  return (GOSSIP_NODES * (GOSSIP_NODES - 1) * GOSSIP_CYCLES) / seconds;
}
