/** Builds a scenario's networks: the neighbourhood of each node and, with sites, the medium between gateways. */

import type { LinkTable } from '../scenario/links.ts';
import type { Random } from '../world/random.ts';
import type { Scenario } from '../world/scenario.ts';
import { type Links, linksOf } from './links.ts';

export interface Networks {
  lan: Links;
  /** Between gateways of different sites; null without sites. */
  medium: Links | null;
  /** Site of each node; 0 everywhere without sites. */
  site: Int32Array;
  gateway: boolean[];
}

/** @throws Error when a scenario of topology `links` comes without its table */
export function buildNetworks(scenario: Scenario, links: LinkTable | null, random: Random): Networks {
  const share = 1 - scenario.loss;
  const { nodes } = scenario;
  const alone = { medium: null, site: new Int32Array(nodes), gateway: new Array<boolean>(nodes).fill(false) };
  switch (scenario.topology) {
    case 'lan':
      return { lan: pairs(nodes, share, () => true), ...alone };
    case 'ring':
      return { lan: pairs(nodes, share, (i, j) => (i + 1) % nodes === j || (j + 1) % nodes === i), ...alone };
    case 'mesh':
      return { lan: mesh(nodes, scenario.degree, share, random), ...alone };
    case 'links':
      return { lan: measured(nodes, share, links), ...alone };
    case 'sites':
      return sites(scenario);
  }
}

function pairs(nodes: number, share: number, joined: (i: number, j: number) => boolean): Links {
  const rows: [number, number][][] = [];
  for (let i = 0; i < nodes; i++) {
    const row: [number, number][] = [];
    for (let j = 0; j < nodes; j++) if (j !== i && joined(i, j)) row.push([j, share]);
    rows.push(row);
  }
  return linksOf(rows);
}

function measured(nodes: number, share: number, links: LinkTable | null): Links {
  if (links === null) throw new Error('topology "links" needs a table of links; give one with --links FILE');
  const rows: [number, number][][] = [];
  const known = links.nodes.length;
  for (let i = 0; i < nodes; i++) {
    const row: [number, number][] = [];
    for (let j = 0; j < nodes && i < known; j++) {
      const delivery = j < known ? links.delivery[i * known + j] : 0;
      if (j !== i && delivery > 0) row.push([j, delivery * share]);
    }
    rows.push(row);
  }
  return linksOf(rows);
}

function sites(scenario: Scenario): Networks {
  const { nodes, gateways } = scenario;
  const perSite = nodes / scenario.sites;
  const site = Int32Array.from({ length: nodes }, (_, i) => Math.floor(i / perSite));
  const gateway = Array.from({ length: nodes }, (_, i) => i % perSite < gateways);
  const mediumLoss = scenario.medium_loss < 0 ? scenario.loss : scenario.medium_loss;
  return {
    lan: pairs(nodes, 1 - scenario.loss, (i, j) => site[i] === site[j]),
    medium: pairs(nodes, 1 - mediumLoss, (i, j) => gateway[i] && gateway[j] && site[i] !== site[j]),
    site,
    gateway,
  };
}

/** Places tried before the components of a mesh are joined by hand. */
const MESH_TRIES = 32;

/** Random places in a unit square, linked up to the distance that gives the mean degree; connected. */
function mesh(nodes: number, degree: number, share: number, random: Random): Links {
  for (let attempt = 0; ; attempt++) {
    const x = Array.from({ length: nodes }, () => random.uniform());
    const y = Array.from({ length: nodes }, () => random.uniform());
    const square = (i: number, j: number): number => (x[i] - x[j]) ** 2 + (y[i] - y[j]) ** 2;
    const reach = reachFor(nodes, degree, square);
    const joined = new Set<number>();
    for (let i = 0; i < nodes; i++) for (let j = 0; j < i; j++) if (square(i, j) <= reach) joined.add(i * nodes + j);
    if (attempt >= MESH_TRIES) joinComponents(nodes, joined, square);
    if (componentsOf(nodes, joined).every((c) => c === 0)) {
      return pairs(nodes, share, (i, j) => joined.has(i > j ? i * nodes + j : j * nodes + i));
    }
  }
}

/** The squared distance within which just nodes * degree / 2 pairs lie. */
function reachFor(nodes: number, degree: number, square: (i: number, j: number) => number): number {
  const all: number[] = [];
  for (let i = 0; i < nodes; i++) for (let j = 0; j < i; j++) all.push(square(i, j));
  all.sort((a, b) => a - b);
  return all[Math.min(all.length, Math.max(1, Math.round((nodes * degree) / 2))) - 1] ?? 0;
}

function componentsOf(nodes: number, joined: Set<number>): number[] {
  const near: number[][] = Array.from({ length: nodes }, () => []);
  for (const pair of joined) {
    near[Math.floor(pair / nodes)].push(pair % nodes);
    near[pair % nodes].push(Math.floor(pair / nodes));
  }
  const component = new Array<number>(nodes).fill(-1);
  let count = 0;
  for (let start = 0; start < nodes; start++) {
    if (component[start] >= 0) continue;
    const open = [start];
    component[start] = count;
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      for (const other of near[node]) {
        if (component[other] < 0) {
          component[other] = count;
          open.push(other);
        }
      }
    }
    count++;
  }
  return component;
}

/** Links the nearest pair between the first component and another, until there is one. */
function joinComponents(nodes: number, joined: Set<number>, square: (i: number, j: number) => number): void {
  for (;;) {
    const component = componentsOf(nodes, joined);
    let best = -1;
    let nearest = Infinity;
    for (let i = 0; i < nodes; i++) {
      for (let j = 0; j < i; j++) {
        if ((component[i] === 0) === (component[j] === 0) || square(i, j) >= nearest) continue;
        nearest = square(i, j);
        best = i * nodes + j;
      }
    }
    if (best < 0) return;
    joined.add(best);
  }
}
