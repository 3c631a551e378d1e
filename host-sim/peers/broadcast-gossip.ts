/**
 * Broadcast gossip: T. C. Aysal, M. E. Yildiz, A. D. Sarwate, A. Scaglione, "Broadcast Gossip Algorithms for Consensus",
 * IEEE Transactions on Signal Processing 57(7), 2009, pages 2748-2761.
 *
 * A node broadcasts its value; each node that hears it moves to x + (1 - gamma) * (heard - x). Nothing is remembered about
 * neighbours, so no loss can hurt the state. All agree soon, and in expectation on the mean; but one broadcast does not
 * preserve the sum, so a single run agrees beside it.
 */

import type { Graph } from './graph.ts';
import type { Peer } from './peer.ts';

/** The mixing parameter: what a receiver keeps of its own value. The paper trades speed (low) for accuracy (high). */
const GAMMA = 0.5;

export class BroadcastGossip implements Peer {
  private readonly owners: Int32Array;
  private readonly values: Float64Array;
  private readonly sent: Float64Array;

  constructor(graph: Graph, inputs: Float64Array) {
    this.owners = graph.owners;
    this.values = Float64Array.from(inputs);
    this.sent = new Float64Array(graph.nodes);
  }

  tick(node: number): void {
    this.sent[node] = this.values[node];
  }

  deliver(edge: number, from: number): void {
    const node = this.owners[edge];
    this.values[node] = GAMMA * this.values[node] + (1 - GAMMA) * this.sent[from];
  }

  value(node: number): number {
    return this.values[node];
  }
}
