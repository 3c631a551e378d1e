/** Who is who in a run: drawn once from the seed. */

import type { Random } from './random.ts';
import type { AttackKind, Scenario } from './scenario.ts';

export interface Members {
  /** The attack of each node, with the cycle from which it attacks; null for the honest. */
  readonly attack: ({ kind: AttackKind; from_cycle: number } | null)[];
  /** Nodes whose sensor sticks, and from when at what. */
  readonly stuck: ({ from_cycle: number; value: number } | null)[];
  readonly low_power: boolean[];
  /** Cycle in whose beginning each node starts; 1 for most. */
  readonly start_cycle: number[];
  /** Nodes by the event that befalls them: scenario.crashes[i] to crashes[i], and so on. */
  readonly crashes: number[][];
  readonly leaves: number[][];
  /** The smaller side of each partition. */
  readonly partitions: Set<number>[];
}

/** At least one when the share is above 0. */
function countOf(share: number, nodes: number): number {
  return share > 0 ? Math.max(1, Math.round(share * nodes)) : 0;
}

/** Draws roles without overlap: nobody is an attacker and a newcomer, or crashes twice. */
export function drawMembers(scenario: Scenario, random: Random): Members {
  const { nodes } = scenario;
  const order = shuffled(nodes, random);
  let next = 0;
  const take = (count: number): number[] => {
    const taken = order.slice(next, next + count);
    next += taken.length;
    return taken;
  };
  const members: Members = {
    attack: new Array<null>(nodes).fill(null),
    stuck: new Array<null>(nodes).fill(null),
    low_power: new Array<boolean>(nodes).fill(false),
    start_cycle: new Array<number>(nodes).fill(1),
    crashes: [],
    leaves: [],
    partitions: [],
  };
  for (const { kind, share, from_cycle } of scenario.attacks) {
    for (const node of take(countOf(share, nodes))) members.attack[node] = { kind, from_cycle };
  }
  for (const { nodes: count, from_cycle, value } of scenario.stuck) {
    for (const node of take(count)) members.stuck[node] = { from_cycle, value };
  }
  for (const { cycle, share } of scenario.joins) {
    for (const node of take(countOf(share, nodes))) members.start_cycle[node] = cycle;
  }
  for (const { share } of scenario.crashes) members.crashes.push(take(countOf(share, nodes)));
  for (const { share } of scenario.leaves) members.leaves.push(take(countOf(share, nodes)));
  for (const node of shuffled(nodes, random).slice(0, countOf(scenario.low_power, nodes)))
    members.low_power[node] = true;
  for (const { share } of scenario.partitions) {
    members.partitions.push(new Set(shuffled(nodes, random).slice(0, countOf(share, nodes))));
  }
  return members;
}

function shuffled(nodes: number, random: Random): number[] {
  const order = Array.from({ length: nodes }, (_, i) => i);
  for (let i = nodes - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
