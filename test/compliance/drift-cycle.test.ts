/** Blueprint 11, "implements drift cycle exactly": a node of the bundle against drift.md, cycle by cycle. */
import { describe, expect, it } from 'vitest';
import { ONE } from '../firmware/harness.ts';
import { KEYS, RandomSwarm } from './random-peers.ts';

const SEEDS = Array.from({ length: 40 }, (_, i) => 600 + i);
const CYCLES = 120;

const NO_DITHER = KEYS.map(() => 0n);

/** Low-power mode, which nodes enter that hear too little, runs other cycles: it has tests of its own. */
function runAll(alpha: number, compare: (swarm: RandomSwarm, place: string) => void): number {
  let cycles = 0;
  for (const seed of SEEDS) {
    const swarm = new RandomSwarm(seed, alpha);
    for (let cycle = 1; cycle <= CYCLES && !swarm.harness.node.parts.power.low; cycle++) {
      swarm.tellBoth();
      compare(swarm, `seed ${seed}, cycle ${cycle}`);
      cycles++;
    }
  }
  return cycles;
}

it('without dither, thousands of random cycles end in the same state and say the same', () => {
  let recovering = 0;
  let forgotten = 0;
  const cycles = runAll(0, (swarm, place) => {
    const known = swarm.reference.peers.size;
    const { readings, said } = swarm.cycleNode();
    const expected = swarm.reference.cycle(readings, NO_DITHER);
    expect(swarm.nodeState(), place).toEqual(swarm.referenceState());
    expect(said, place).toEqual(expected);
    if (swarm.reference.keys.some((key) => key.recovering)) recovering++;
    if (swarm.reference.peers.size < known) forgotten++;
  });
  // Otherwise the comparison proves less than its name says.
  expect(cycles).toBeGreaterThan(3500);
  expect(recovering).toBeGreaterThan(5);
  expect(forgotten).toBeGreaterThan(5);
});

describe('with dither', () => {
  it('each cycle ends as the reference does with one of the dithers that drift.md allows, all of them in use', () => {
    const used = new Map<bigint, number>();
    const cycles = runAll(ONE, (swarm, place) => {
      const { readings } = swarm.cycleNode();
      const dithers = Array.from({ length: 1 << Number(swarm.reference.shift()) }, (_, i) => BigInt(i));
      const found = KEYS.map((_, key) => {
        const fitting = dithers.filter((dither) => {
          const trial = swarm.reference.copy();
          trial.cycle(readings, NO_DITHER.with(key, dither));
          const { b, E } = trial.keys[key];
          const { state } = swarm.harness.node.parts;
          return Number(b ?? -1n) === state.b[key] && Number(E) === state.energy[key];
        });
        expect(fitting.length, `${place}, key ${key}`).toBeGreaterThan(0);
        // Where it matters which one it was, note the least that does it.
        if (fitting.length < dithers.length) used.set(fitting[0], (used.get(fitting[0]) ?? 0) + 1);
        return fitting[0];
      });
      swarm.reference.cycle(readings, found);
      expect(swarm.nodeState(), place).toEqual(swarm.referenceState());
    });
    expect(cycles).toBeGreaterThan(3500);
    for (const dither of [0n, 1n, 2n, 3n]) expect(used.get(dither) ?? 0, `dither ${dither}`).toBeGreaterThan(20);
  });
});
