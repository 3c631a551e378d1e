import { describe, expect, it } from 'vitest';
import { drawMembers } from '../../../host-sim/world/members.ts';
import type { Members } from '../../../host-sim/world/members.ts';
import { createRandom } from '../../../host-sim/world/random.ts';
import type { Scenario } from '../../../host-sim/world/scenario.ts';
import { scenarioOf } from './base.ts';

const drawn = (over: Partial<Scenario>, seed = 1): Members =>
  drawMembers(scenarioOf({ nodes: 50, ...over }), createRandom(seed));
const indexes = (flags: readonly unknown[]): number[] => flags.flatMap((flag, i) => (flag ? [i] : []));

describe('members', () => {
  it('are all honest, present and well by default', () => {
    const members = drawn({});
    expect(indexes(members.attack)).toEqual([]);
    expect(indexes(members.stuck)).toEqual([]);
    expect(indexes(members.low_power)).toEqual([]);
    expect(new Set(members.start_cycle)).toEqual(new Set([1]));
  });

  it('attack in the share that the scenario says, with their kind and cycle', () => {
    const { attack } = drawn({
      attacks: [
        { kind: 'extreme', share: 0.2, from_cycle: 5 },
        { kind: 'zero', share: 0.1, from_cycle: 9 },
      ],
    });
    expect(attack.filter((one) => one?.kind === 'extreme' && one.from_cycle === 5)).toHaveLength(10);
    expect(attack.filter((one) => one?.kind === 'zero' && one.from_cycle === 9)).toHaveLength(5);
  });

  it('are one at least where a share is small, none where it is 0', () => {
    const of = (share: number): number =>
      indexes(drawn({ nodes: 8, attacks: [{ kind: 'zero', share, from_cycle: 1 }] }).attack).length;
    expect([of(0.01), of(0)]).toEqual([1, 0]);
  });

  it('have one role at most', () => {
    for (let seed = 0; seed < 20; seed++) {
      const members = drawn(
        {
          attacks: [{ kind: 'extreme', share: 0.2, from_cycle: 1 }],
          stuck: [{ nodes: 5, from_cycle: 3, value: 122 }],
          joins: [{ cycle: 30, share: 0.2 }],
          crashes: [{ cycle: 10, share: 0.2, restart_cycle: 0, store: 'kept' }],
          leaves: [{ cycle: 20, share: 0.2 }],
        },
        seed,
      );
      const roles = [
        indexes(members.attack),
        indexes(members.stuck),
        indexes(members.start_cycle.map((cycle) => cycle > 1)),
        ...members.crashes,
        ...members.leaves,
      ];
      expect(roles.map(({ length }) => length)).toEqual([10, 5, 10, 10, 10]);
      expect(new Set(roles.flat()).size, `seed ${seed}`).toBe(45);
    }
  });

  it('are parted into two sides, the smaller one as large as the scenario says', () => {
    const { partitions } = drawn({
      partitions: [
        { from_cycle: 1, to_cycle: 2, share: 0.5 },
        { from_cycle: 3, to_cycle: 4, share: 0.1 },
      ],
    });
    expect(partitions.map(({ size }) => size)).toEqual([25, 5]);
  });

  it('are in low power in the share that the scenario says', () => {
    expect(indexes(drawn({ low_power: 0.5 }).low_power)).toHaveLength(25);
  });

  it('are drawn anew by another seed, and the same by the same', () => {
    const attackers = (seed: number): number[] =>
      indexes(drawn({ attacks: [{ kind: 'extreme', share: 0.2, from_cycle: 1 }] }, seed).attack);
    expect(attackers(1)).toEqual(attackers(1));
    expect(attackers(1)).not.toEqual(attackers(2));
  });
});
