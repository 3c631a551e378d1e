/**
 * Push-sum: D. Kempe, A. Dobra, J. Gehrke, "Gossip-Based Computation of Aggregate Information", 44th IEEE Symposium on
 * Foundations of Computer Science (FOCS), 2003, pages 482-491.
 *
 * A node holds a sum s (at first its input) and a weight w (at first 1); s / w estimates the mean. In each cycle it splits
 * both, keeps a share, sends the rest, and adds what arrives. The paper lets the shares go to any neighbours; here they are
 * degree + 1 equal ones, so that one broadcast carries every neighbour's. No mass is made or lost while every message
 * arrives, which is what makes it exact; a lost message takes its mass with it, and the mean moves.
 */

import type { Graph } from './graph.ts';
import type { Peer } from './peer.ts';

/** Far above the smallest double (2^-1022), so that a share of a small weight is still exact. */
const WEIGHT_LOW = 2 ** -400;

export class PushSum implements Peer {
  readonly sums: Float64Array;
  readonly weights: Float64Array;
  private readonly graph: Graph;
  private readonly sentSums: Float64Array;
  private readonly sentWeights: Float64Array;

  constructor(graph: Graph, inputs: Float64Array) {
    this.graph = graph;
    this.sums = Float64Array.from(inputs);
    this.weights = new Float64Array(graph.nodes).fill(1);
    this.sentSums = new Float64Array(graph.nodes);
    this.sentWeights = new Float64Array(graph.nodes);
  }

  tick(node: number): void {
    const { offsets } = this.graph;
    const shares = offsets[node + 1] - offsets[node] + 1;
    this.sums[node] /= shares;
    this.weights[node] /= shares;
    this.sentSums[node] = this.sums[node];
    this.sentWeights[node] = this.weights[node];
    if (this.weights[node] < WEIGHT_LOW) this.scaleUp();
  }

  deliver(edge: number, from: number): void {
    const node = this.graph.owners[edge];
    this.sums[node] += this.sentSums[from];
    this.weights[node] += this.sentWeights[from];
  }

  value(node: number): number {
    return this.sums[node] / this.weights[node];
  }

  /**
   * Losses drain the mass until it would underflow. One factor over everything changes no ratio between any two nodes, so
   * this favours nobody. It waits until the largest weight is small too, or it would overflow that one.
   */
  private scaleUp(): void {
    const largest = this.weights.reduce((most, weight) => Math.max(most, weight), 0);
    if (largest >= Math.sqrt(WEIGHT_LOW)) return;
    for (const mass of [this.sums, this.weights, this.sentSums, this.sentWeights]) {
      for (let node = 0; node < mass.length; node++) mass[node] *= 1 / Math.sqrt(WEIGHT_LOW);
    }
  }
}
