/**
 * Who may hear whom, in compressed sparse rows: the slots of node i are `offsets[i]` to `offsets[i + 1] - 1`, one for each
 * neighbour. Links go both ways, though each direction loses on its own, so every slot has a reverse.
 */

import type { Random } from '../world/random.ts';

export interface Graph {
  readonly nodes: number;
  readonly offsets: Int32Array;
  /** The neighbour that a slot stands for. */
  readonly neighbours: Int32Array;
  /** The node that a slot belongs to. */
  readonly owners: Int32Array;
  /** The slot for the same link at its other end. */
  readonly reverse: Int32Array;
  /** 1 for slots whose link crosses the second medium, between gateways. */
  readonly medium: Uint8Array;
}

const MESH_ATTEMPTS = 1000;

/** One broadcast domain: everybody may hear everybody. */
export function lan(nodes: number): Graph {
  requireCount('nodes', nodes, 2);
  const lists = Array.from({ length: nodes }, (_, node) => others(0, nodes, node));
  return fromLists(lists, () => false);
}

/** `count` LANs of `nodes` nodes; the first node of each is its gateway, and every gateway may hear every other. */
export function sites(count: number, nodes: number): Graph {
  requireCount('sites', count, 1);
  requireCount('nodes per site', nodes, 2);
  const siteOf = (node: number): number => Math.floor(node / nodes);
  const lists = Array.from({ length: count * nodes }, (_, node) => {
    const list = others(siteOf(node) * nodes, nodes, node);
    const isGateway = node % nodes === 0;
    return isGateway ? list.concat(others(0, count, siteOf(node)).map((site) => site * nodes)) : list;
  });
  return fromLists(lists, (a, b) => siteOf(a) !== siteOf(b));
}

/**
 * A random geometric graph: nodes at random places in a square, the nearest pairs linked until each node has `degree`
 * neighbours on average. Places are drawn until the graph hangs together.
 */
export function mesh(nodes: number, degree: number, random: Random): Graph {
  requireCount('nodes', nodes, 2);
  const links = Math.round((nodes * degree) / 2);
  if (!(links >= nodes - 1 && links <= (nodes * (nodes - 1)) / 2)) {
    throw new RangeError(`mesh of ${nodes} nodes: degree ${degree} must be from 2 (less 2 / nodes) to ${nodes - 1}`);
  }
  for (let attempt = 0; attempt < MESH_ATTEMPTS; attempt++) {
    const graph = fromLists(nearestPairs(nodes, links, random), () => false);
    if (isConnected(graph)) return graph;
  }
  throw new RangeError(
    `mesh of ${nodes} nodes, degree ${degree}: not connected in ${MESH_ATTEMPTS} placements; raise the degree`,
  );
}

function requireCount(what: string, count: number, least: number): void {
  if (!Number.isInteger(count) || count < least) {
    throw new RangeError(`${what} ${count}: must be an integer of at least ${least}`);
  }
}

function others(first: number, count: number, except: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index).filter((node) => node !== except);
}

function nearestPairs(nodes: number, links: number, random: Random): number[][] {
  const x = Array.from({ length: nodes }, () => random.uniform());
  const y = Array.from({ length: nodes }, () => random.uniform());
  const pairs: { a: number; b: number; distance2: number }[] = [];
  for (let a = 0; a < nodes; a++) {
    for (let b = a + 1; b < nodes; b++) {
      pairs.push({ a, b, distance2: (x[a] - x[b]) ** 2 + (y[a] - y[b]) ** 2 });
    }
  }
  pairs.sort((left, right) => left.distance2 - right.distance2);
  const lists: number[][] = Array.from({ length: nodes }, () => []);
  for (const { a, b } of pairs.slice(0, links)) {
    lists[a].push(b);
    lists[b].push(a);
  }
  return lists;
}

function isConnected(graph: Graph): boolean {
  const seen = new Uint8Array(graph.nodes);
  const reached = [0];
  seen[0] = 1;
  for (const node of reached) {
    for (let slot = graph.offsets[node]; slot < graph.offsets[node + 1]; slot++) {
      const neighbour = graph.neighbours[slot];
      if (seen[neighbour] === 0) reached.push(neighbour);
      seen[neighbour] = 1;
    }
  }
  return reached.length === graph.nodes;
}

function fromLists(lists: number[][], crossesMedium: (a: number, b: number) => boolean): Graph {
  const nodes = lists.length;
  const offsets = new Int32Array(nodes + 1);
  for (let node = 0; node < nodes; node++) offsets[node + 1] = offsets[node] + lists[node].length;
  const slots = offsets[nodes];
  const neighbours = new Int32Array(slots);
  const owners = new Int32Array(slots);
  const medium = new Uint8Array(slots);
  const slotOf = new Map<number, number>();
  lists.forEach((list, node) => {
    list.forEach((neighbour, index) => {
      const slot = offsets[node] + index;
      neighbours[slot] = neighbour;
      owners[slot] = node;
      medium[slot] = crossesMedium(node, neighbour) ? 1 : 0;
      slotOf.set(node * nodes + neighbour, slot);
    });
  });
  const reverse = Int32Array.from(neighbours, (neighbour, slot) => slotOf.get(neighbour * nodes + owners[slot]) ?? -1);
  return { nodes, offsets, neighbours, owners, reverse, medium };
}
