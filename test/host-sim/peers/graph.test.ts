import { describe, expect, it } from 'vitest';
import { lan, mesh, sites } from '../../../host-sim/peers/graph.ts';
import type { Graph } from '../../../host-sim/peers/graph.ts';
import { createRandom } from '../../../host-sim/world/random.ts';

function neighboursOf(graph: Graph, node: number): number[] {
  return [...graph.neighbours.slice(graph.offsets[node], graph.offsets[node + 1])].sort((a, b) => a - b);
}

function reachableFrom(graph: Graph, start: number): Set<number> {
  const seen = new Set([start]);
  for (const node of seen) for (const neighbour of neighboursOf(graph, node)) seen.add(neighbour);
  return seen;
}

describe.each([
  ['lan', lan(7)],
  ['sites', sites(3, 4)],
  ['mesh', mesh(40, 6, createRandom(1))],
])('%s', (_, graph) => {
  it('has for each slot the same link at its other end', () => {
    expect([...graph.reverse].sort((a, b) => a - b)).toEqual([...graph.reverse.keys()]);
    graph.reverse.forEach((other, slot) => {
      expect(graph.reverse[other]).toBe(slot);
      expect(graph.owners[other]).toBe(graph.neighbours[slot]);
      expect(graph.neighbours[other]).toBe(graph.owners[slot]);
      expect(graph.medium[other]).toBe(graph.medium[slot]);
    });
  });

  it('links no node to itself or twice to another, and hangs together', () => {
    for (let node = 0; node < graph.nodes; node++) {
      const neighbours = neighboursOf(graph, node);
      expect(neighbours).not.toContain(node);
      expect(new Set(neighbours).size).toBe(neighbours.length);
    }
    expect(reachableFrom(graph, 0).size).toBe(graph.nodes);
  });
});

it('lets everybody on a LAN hear everybody, none of it over the medium', () => {
  const graph = lan(4);
  expect(neighboursOf(graph, 2)).toEqual([0, 1, 3]);
  expect(graph.medium.some((flag) => flag === 1)).toBe(false);
});

it('joins sites by their first nodes, and marks only those links as medium', () => {
  const graph = sites(3, 4);
  expect(neighboursOf(graph, 4)).toEqual([0, 5, 6, 7, 8]);
  expect(neighboursOf(graph, 5)).toEqual([4, 6, 7]);
  const medium = [...graph.medium.keys()].filter((slot) => graph.medium[slot] === 1);
  expect(medium.map((slot) => `${graph.owners[slot]}-${graph.neighbours[slot]}`)).toEqual([
    '0-4',
    '0-8',
    '4-0',
    '4-8',
    '8-0',
    '8-4',
  ]);
});

it('gives a mesh exactly the mean degree asked for, and the same mesh for the same seed', () => {
  const graph = mesh(100, 8, createRandom(3));
  expect(graph.neighbours.length).toBe(800);
  expect(mesh(100, 8, createRandom(3))).toEqual(graph);
  expect(mesh(100, 8, createRandom(4))).not.toEqual(graph);
});

it('refuses what cannot be built, and says what can', () => {
  expect(() => lan(1)).toThrow('nodes 1: must be an integer of at least 2');
  expect(() => sites(2, 1.5)).toThrow('nodes per site 1.5: must be an integer of at least 2');
  expect(() => mesh(10, 1, createRandom(1))).toThrow('degree 1 must be from 2 (less 2 / nodes) to 9');
  expect(() => mesh(10, 10, createRandom(1))).toThrow('degree 10 must be from 2');
  expect(() => mesh(30, 2, createRandom(1))).toThrow('not connected in 1000 placements; raise the degree');
});
