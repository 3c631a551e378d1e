/**
 * Push-sum over running sums, also called robust ratio consensus: A. D. Dominguez-Garcia, C. N. Hadjicostis, N. H. Vaidya,
 * "Resilient Networked Control of Distributed Energy Resources", IEEE Journal on Selected Areas in Communications 30(6),
 * 2012, pages 1137-1148; convergence in the same authors' "Robust Distributed Average Consensus via Exchange of Running
 * Sums", IEEE Transactions on Automatic Control 61(6), 2016, pages 1492-1507.
 *
 * Push-sum, but a node broadcasts the total of all shares it has ever sent to a neighbour, and a receiver adds how much
 * that total has grown since it last heard it. What a lost message carried arrives with the next one that gets through:
 * mass waits in a link, and none is lost. The receiver must remember each sender's last total.
 */

import type { Graph } from './graph.ts';
import type { Peer } from './peer.ts';

export class RunningSum implements Peer {
  readonly sums: Float64Array;
  readonly weights: Float64Array;
  /** Totals sent, by sender. */
  readonly sentSums: Float64Array;
  readonly sentWeights: Float64Array;
  /** Totals last heard, by slot of the receiver. */
  readonly heardSums: Float64Array;
  readonly heardWeights: Float64Array;
  private readonly graph: Graph;

  constructor(graph: Graph, inputs: Float64Array) {
    this.graph = graph;
    this.sums = Float64Array.from(inputs);
    this.weights = new Float64Array(graph.nodes).fill(1);
    this.sentSums = new Float64Array(graph.nodes);
    this.sentWeights = new Float64Array(graph.nodes);
    this.heardSums = new Float64Array(graph.owners.length);
    this.heardWeights = new Float64Array(graph.owners.length);
  }

  tick(node: number): void {
    const { offsets } = this.graph;
    const shares = offsets[node + 1] - offsets[node] + 1;
    this.sums[node] /= shares;
    this.weights[node] /= shares;
    this.sentSums[node] += this.sums[node];
    this.sentWeights[node] += this.weights[node];
  }

  deliver(edge: number, from: number): void {
    const node = this.graph.owners[edge];
    this.sums[node] += this.sentSums[from] - this.heardSums[edge];
    this.weights[node] += this.sentWeights[from] - this.heardWeights[edge];
    this.heardSums[edge] = this.sentSums[from];
    this.heardWeights[edge] = this.sentWeights[from];
  }

  value(node: number): number {
    return this.sums[node] / this.weights[node];
  }
}
