/**
 * A million random and a million mutated datagrams into running nodes: nothing is thrown, every refusal is counted by its
 * reason, and the state stays within its invariants. The seed of each round is in its name.
 */
import { describe, expect, it } from 'vitest';
import type { Random } from '../../host-sim/world/random.ts';
import { createRandom } from '../../host-sim/world/random.ts';
import type { Harness } from './harness.ts';
import { api } from './harness.ts';
import type { RelayMode } from './hostile-datagrams.ts';
import { captured, made, makeMutated, makeNoise, sourceOf, startNode } from './hostile-datagrams.ts';
import { expectInvariants } from './invariants.ts';

const ROUND = 500_000;
/** Between two cycles, on average: in a long gap the rate limits speak (16 for a bucket, 320 in all). */
const DATAGRAMS_PER_CYCLE = 100;
const HEADER_BYTES = 18;

function typesIn(views: DataView[]): number[] {
  const types = new Set<number>();
  for (const view of views) {
    for (let at = HEADER_BYTES; at < view.byteLength; at += 3 + view.getUint16(at + 1)) types.add(view.getUint8(at));
  }
  return [...types].sort();
}

interface Outcome {
  taken: number;
  refused: number[];
}

/** Throws `ROUND` datagrams at a node, with cycles in between. */
function assail(
  harness: Harness,
  random: Random,
  make: (random: Random, sources: DataView[], cycle: number) => number,
): Outcome {
  const { node } = harness;
  const outcome: Outcome = { taken: 0, refused: new Array<number>(api.DROP_NAMES.length).fill(0) };
  for (let i = 0; i < ROUND; i++) {
    const medium = random.below(8) === 0;
    const length = make(random, medium ? captured.medium : captured.lan, node.parts.transport.cycle);
    const source = sourceOf(random, length);
    const reason = medium ? node.receiveMedium(made, length, source) : node.receive(made, length, source);
    if (reason === 0) outcome.taken++;
    else outcome.refused[reason]++;
    if (random.below(DATAGRAMS_PER_CYCLE) > 0) continue;
    harness.cycle();
    harness.sent.length = harness.sentMedium.length = 0;
    expectInvariants(node.parts);
  }
  expectInvariants(node.parts);
  return outcome;
}

/** Reasons that are counted for single values and entries, not for datagrams. */
const PARTIAL = ['range', 'ignored'];

function expectCounted(harness: Harness, { refused }: Outcome): void {
  api.DROP_NAMES.forEach((name, reason) => {
    if (PARTIAL.includes(name)) expect(refused[reason], name).toBe(0);
    else expect(harness.dropped(name), name).toBe(refused[reason]);
  });
}

describe('a node under fire', () => {
  it('has datagrams of every kind to mutate', () => {
    expect(typesIn(captured.lan)).toEqual([1, 2, 3, 4]);
    expect(typesIn(captured.medium)).toEqual([5]);
    expect(captured.lan.some((view) => (view.getUint8(3) & 2) !== 0)).toBe(true);
  });

  it.each<{ relay: RelayMode; seed: number }>([
    { relay: 'safe', seed: 11 },
    { relay: 'open', seed: 12 },
  ])('takes no harm from random datagrams (relay $relay, seed $seed)', ({ relay, seed }) => {
    const harness = startNode(seed, 'one', relay);
    const outcome = assail(harness, createRandom(seed), makeNoise);
    expectCounted(harness, outcome);
    for (const name of ['short', 'magic', 'length', 'type', 'value']) {
      expect(harness.dropped(name), name).toBeGreaterThan(0);
    }
    expect(outcome.taken).toBeGreaterThan(0);
  });

  it.each<{ relay: RelayMode; seed: number }>([
    { relay: 'safe', seed: 21 },
    { relay: 'open', seed: 22 },
  ])('takes no harm from mutated datagrams (relay $relay, seed $seed)', ({ relay, seed }) => {
    const harness = startNode(seed, 'one', relay);
    const outcome = assail(harness, createRandom(seed), makeMutated);
    expectCounted(harness, outcome);
    expect(outcome.taken).toBeGreaterThan(ROUND / 20);
    for (const name of ['length', 'type', 'value', 'swarm', 'source', 'stale', 'rate', 'echo', 'range']) {
      expect(harness.dropped(name), name).toBeGreaterThan(0);
    }
  });
});
