/**
 * What the bench asks of a baseline. One object holds the state of all nodes, in arrays over nodes and over the graph's
 * slots: a slot belongs to its receiver and stands for one neighbour that it may hear (see graph.ts).
 *
 * All baselines send one broadcast per node and cycle, as this project's node does; each neighbour gets it or loses it on
 * its own. They compute in floating point, which is to their advantage: rounding costs them nothing.
 */

import type { Graph } from './graph.ts';

export interface Peer {
  /** Begins a cycle of this node: works in what has arrived, and prepares what is broadcast. */
  tick(node: number): void;
  /** What `from` prepared in its last tick reaches slot `edge` of the receiver. At most once per tick of the sender. */
  deliver(edge: number, from: number): void;
  /** This node's estimate of the mean of all inputs. */
  value(node: number): number;
}

export type PeerConstructor = new (graph: Graph, inputs: Float64Array) => Peer;
