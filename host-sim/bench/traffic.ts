/** What the swarm sends, and what a simulated node takes in memory. */
import process from 'node:process';
import type { Engine } from '../engine.ts';
import type { DataFiles } from '../scenario/data.ts';
import { benchScenario } from './scenarios.ts';

const KEYS = 16;
const CYCLES = 240;

export interface TrafficRow {
  nodes: number;
  keys: number;
  loss: number;
  bytes_per_node_per_minute: number;
  /** The acceptance table's bound. */
  at_most: number;
  relayed_entries_per_datagram: number;
}

export const TRAFFIC_CASES: readonly { loss: number; at_most: number }[] = [
  { loss: 0, at_most: 12_000 },
  { loss: 0.3, at_most: 12_000 },
  { loss: 0.6, at_most: 12_000 },
  { loss: 0.9, at_most: 24_000 },
];

export function benchTraffic(
  { loss, at_most }: { loss: number; at_most: number },
  seed: number,
  engine: Engine,
  files: DataFiles,
  cwd: string,
): TrafficRow {
  const scenario = benchScenario('lan-50', { loss, keys: KEYS, cycles: CYCLES, seed }, files, cwd);
  const world = engine.createWorld(scenario, { links: null, readings: null });
  for (let cycle = 0; cycle < CYCLES; cycle++) world.step();
  const { bytes_per_node_per_minute, relayed_entries_per_datagram } = world.summary();
  return { nodes: scenario.nodes, keys: KEYS, loss, bytes_per_node_per_minute, at_most, relayed_entries_per_datagram };
}

export interface MemoryRow {
  nodes: number;
  keys: number;
  /** Peers that each node's table holds. */
  table: number;
  /** How long it ran. */
  cycles: number;
  /** Heap and array buffers of a running world, over its nodes. */
  bytes_per_node: number;
}

const MEMORY_CYCLES = 20;

/** @returns null when the garbage collector cannot be called (node --expose-gc): without it the figure means nothing */
export function benchMemory(seed: number, engine: Engine, files: DataFiles, cwd: string): MemoryRow | null {
  const { gc } = globalThis;
  if (gc === undefined) return null;
  const used = (): number => {
    gc();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const scenario = benchScenario('sites-20x50', { keys: 4, cycles: MEMORY_CYCLES, seed }, files, cwd);
  const before = used();
  const world = engine.createWorld(scenario, { links: null, readings: null });
  for (let cycle = 0; cycle < MEMORY_CYCLES; cycle++) world.step();
  const bytes_per_node = (used() - before) / scenario.nodes;
  return {
    nodes: scenario.nodes,
    keys: 4,
    table: scenario.nodes / scenario.sites,
    cycles: world.cycle,
    bytes_per_node,
  };
}
