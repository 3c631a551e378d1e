/**
 * Flow Updating: P. Jesus, C. Baquero, P. S. Almeida, "Fault-Tolerant Aggregation by Flow Updating", 9th IFIP International
 * Conference on Distributed Applications and Interoperable Systems (DAIS), LNCS 5523, 2009, pages 73-86.
 *
 * A node never gives its input away: it keeps, for each neighbour, the flow of value that went there, and its estimate is
 * the input less all its flows. In each cycle it averages its own estimate with those last heard, and sets each flow so
 * that both ends would have that average. It sends flows, not changes of flows: the receiver takes the flow with opposite
 * sign, so a lost message is repaired by the next, and a doubled one does nothing. A message carries a flow for every
 * neighbour; here all of them travel in one broadcast, whose length grows with the degree. As in the form for dynamic
 * networks, a neighbour counts from when it is first heard.
 */

import type { Graph } from './graph.ts';
import type { Peer } from './peer.ts';

export class FlowUpdating implements Peer {
  /** By slot: what has flowed from the slot's owner to the neighbour. */
  readonly flows: Float64Array;
  private readonly graph: Graph;
  private readonly inputs: Float64Array;
  /** By slot: the neighbour's estimate, as heard or as last averaged. */
  private readonly estimates: Float64Array;
  private readonly heard: Uint8Array;
  private readonly averages: Float64Array;
  private readonly sentFlows: Float64Array;

  constructor(graph: Graph, inputs: Float64Array) {
    const slots = graph.owners.length;
    this.graph = graph;
    this.inputs = Float64Array.from(inputs);
    this.flows = new Float64Array(slots);
    this.estimates = new Float64Array(slots);
    this.heard = new Uint8Array(slots);
    this.averages = Float64Array.from(inputs);
    this.sentFlows = new Float64Array(slots);
  }

  tick(node: number): void {
    const first = this.graph.offsets[node];
    const end = this.graph.offsets[node + 1];
    let sum = this.inputs[node];
    let count = 1;
    for (let slot = first; slot < end; slot++) {
      sum -= this.flows[slot];
      if (this.heard[slot] === 1) {
        sum += this.estimates[slot];
        count++;
      }
    }
    const average = sum / count;
    this.averages[node] = average;
    for (let slot = first; slot < end; slot++) {
      if (this.heard[slot] === 1) {
        this.flows[slot] += average - this.estimates[slot];
        this.estimates[slot] = average;
      }
      this.sentFlows[slot] = this.flows[slot];
    }
  }

  deliver(edge: number, from: number): void {
    this.flows[edge] = -this.sentFlows[this.graph.reverse[edge]];
    this.estimates[edge] = this.averages[from];
    this.heard[edge] = 1;
  }

  value(node: number): number {
    return this.averages[node];
  }
}
