/** Runs one baseline over a lossy graph and measures it as the simulator measures the node: see world/report.ts. */

import { createRandom } from '../world/random.ts';
import type { Random } from '../world/random.ts';
import { BroadcastGossip } from './broadcast-gossip.ts';
import { FlowUpdating } from './flow-updating.ts';
import type { Graph } from './graph.ts';
import type { Peer, PeerConstructor } from './peer.ts';
import { PushSum } from './push-sum.ts';
import { RunningSum } from './running-sum.ts';

export const PEER_ALGORITHMS = ['broadcast-gossip', 'push-sum', 'running-sum', 'flow-updating'] as const;
export type PeerAlgorithm = (typeof PEER_ALGORITHMS)[number];

const CONSTRUCTORS: Record<PeerAlgorithm, PeerConstructor> = {
  'broadcast-gossip': BroadcastGossip,
  'push-sum': PushSum,
  'running-sum': RunningSum,
  'flow-updating': FlowUpdating,
};

const INPUT_LOW = 20;
const INPUT_HIGH = 30;
const Q16_ONE = 65_536;
const LIMIT_PCT = 1;

/** Labels of the random streams, so that every algorithm meets the same inputs, orders and losses under one seed. */
const STREAM_INPUTS = 1;
const STREAM_ORDER = 2;
const STREAM_LOSS = 3;

export interface PeerRunOptions {
  algorithm: PeerAlgorithm;
  graph: Graph;
  /** Probability with which each receiver loses a datagram. */
  loss: number;
  /** The same between gateways. */
  mediumLoss: number;
  seed: number;
  /** How many cycles are run. */
  cycles: number;
}

export interface PeerResult {
  /** First cycle from which spread and |bias| stay within 1 % of the inputs' spread until the end; null if never. */
  cycles_to_1pct: number | null;
  /** Mean of the nodes' values less the mean of the inputs, after the last cycle, in per cent of the inputs' spread. */
  bias_pct: number;
  /** Largest less smallest value, after the last cycle, in per cent of the inputs' spread. */
  spread_pct: number;
}

export function runPeer(options: PeerRunOptions): PeerResult {
  const { graph, cycles } = options;
  requireProbability('loss', options.loss);
  requireProbability('mediumLoss', options.mediumLoss);
  if (!Number.isInteger(cycles) || cycles < 1)
    throw new RangeError(`cycles ${cycles}: must be an integer of at least 1`);
  const random = createRandom(options.seed);
  const inputs = uniformInputs(graph.nodes, random.fork(STREAM_INPUTS));
  const peer = new CONSTRUCTORS[options.algorithm](graph, inputs);
  const orderRandom = random.fork(STREAM_ORDER);
  const lossRandom = random.fork(STREAM_LOSS);
  const order = Int32Array.from(inputs, (_, node) => node);
  const truth = measure(graph.nodes, (node) => inputs[node]);

  let within_since: number | null = null;
  let bias_pct = 0;
  let spread_pct = 0;
  for (let cycle = 1; cycle <= cycles; cycle++) {
    shuffle(order, orderRandom);
    for (const node of order) {
      peer.tick(node);
      broadcast(peer, node, options, lossRandom);
    }
    const now = measure(graph.nodes, (node) => peer.value(node));
    bias_pct = (100 * (now.mean - truth.mean)) / truth.spread;
    spread_pct = (100 * now.spread) / truth.spread;
    const isWithin = spread_pct <= LIMIT_PCT && Math.abs(bias_pct) <= LIMIT_PCT;
    within_since = isWithin ? (within_since ?? cycle) : null;
  }
  return { cycles_to_1pct: within_since, bias_pct, spread_pct };
}

function requireProbability(what: string, probability: number): void {
  if (!(probability >= 0 && probability <= 1)) throw new RangeError(`${what} ${probability}: must be from 0 to 1`);
}

/** Drawn as the simulator draws them, in Q16.16, and given to the baselines as floating point. */
function uniformInputs(nodes: number, random: Random): Float64Array {
  const draw = (): number => Math.floor((INPUT_LOW + (INPUT_HIGH - INPUT_LOW) * random.uniform()) * Q16_ONE);
  return Float64Array.from({ length: nodes }, draw);
}

function shuffle(order: Int32Array, random: Random): void {
  for (let last = order.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    const node = order[last];
    order[last] = order[other];
    order[other] = node;
  }
}

function broadcast(peer: Peer, node: number, options: PeerRunOptions, random: Random): void {
  const { graph, loss, mediumLoss } = options;
  for (let slot = graph.offsets[node]; slot < graph.offsets[node + 1]; slot++) {
    const isLost = random.uniform() < (graph.medium[slot] === 1 ? mediumLoss : loss);
    if (!isLost) peer.deliver(graph.reverse[slot], node);
  }
}

function measure(nodes: number, value: (node: number) => number): { mean: number; spread: number } {
  let sum = 0;
  let least = Infinity;
  let most = -Infinity;
  for (let node = 0; node < nodes; node++) {
    const current = value(node);
    sum += current;
    least = Math.min(least, current);
    most = Math.max(most, current);
  }
  return { mean: sum / nodes, spread: most - least };
}
