/** Rendezvous hashing: every shard is held, and a leaver moves no more than its own share. */
import { describe, expect, it } from 'vitest';
import { rebalanceShards, shardScore, UNDIVIDED_NODES } from '../../../firmware/shards/assign.ts';
import { createShardState } from '../../../firmware/shards/state.ts';
import { addDirectPeer, createPeerTable } from '../../../firmware/transport/peers.ts';
import { NONCE, ROW } from '../../../firmware/types/table.ts';
import type { ShardState } from '../../../firmware/types/state.ts';
import { createRandom } from '../../../host-sim/world/random.ts';
import type { Random } from '../../../host-sim/world/random.ts';
import { api, testKey } from '../harness.ts';

const SHARDS = 32;
const REPLICAS = 4;

/** One key a shard at least: 64 keys hash into 32 shards. */
const SETTINGS = {
  ...api.defaultSettings(),
  shards: SHARDS,
  keys: Array.from({ length: 64 }, (_, i) => testKey({ name: `key${i}` })),
};

/** Which shards a node with this nonce takes when it knows these others (0: its beacon has not come). */
function holds(nonce: number, others: number[], replicas = REPLICAS): { shards: Set<number>; state: ShardState } {
  const state = createShardState(SETTINGS, 16);
  const table = createPeerTable(others.length, 1);
  others.forEach((other, i) => {
    table.rows[addDirectPeer(table, i + 1) * ROW + NONCE] = other;
  });
  rebalanceShards(table, state, nonce, replicas);
  const shards = new Set<number>();
  state.held.forEach((held, key) => {
    if (held === 1) shards.add(state.shardOf[key]);
  });
  return { shards, state };
}

const nonces = (random: Random, n: number): number[] => Array.from({ length: n }, () => random.word() | 1);
const usedShards = new Set(createShardState(SETTINGS, 16).shardOf);

describe('coverage', () => {
  it('leaves no shard without a holder in 40 random swarms of 20 to 200, with a fifth of the beacons unknown', () => {
    const random = createRandom(41);
    for (let swarm = 0; swarm < 40; swarm++) {
      const all = nonces(random, 20 + random.below(181));
      const holders = new Map<number, number>();
      all.forEach((nonce, i) => {
        const known = all.filter((_, j) => j !== i).map((other) => (random.below(5) === 0 ? 0 : other));
        for (const shard of holds(nonce, known).shards) holders.set(shard, (holders.get(shard) ?? 0) + 1);
      });
      for (const shard of usedShards) {
        expect(holders.get(shard) ?? 0, `swarm ${swarm} of ${all.length}, shard ${shard}`).toBeGreaterThanOrEqual(
          REPLICAS,
        );
      }
    }
  });

  it('gives each shard to just four where everyone knows everyone', () => {
    const all = nonces(createRandom(42), 60);
    const counts = new Map<number, number>();
    all.forEach((nonce, i) => {
      for (const shard of holds(
        nonce,
        all.filter((_, j) => j !== i),
      ).shards)
        counts.set(shard, (counts.get(shard) ?? 0) + 1);
    });
    expect([...counts.values()].every((count) => count === REPLICAS)).toBe(true);
    expect(counts.size).toBe(usedShards.size);
  });

  it('spreads the shards evenly', () => {
    const random = createRandom(43);
    const counts = Array.from({ length: 50 }, () => 0);
    for (let swarm = 0; swarm < 40; swarm++) {
      const all = nonces(random, 50);
      for (let shard = 0; shard < SHARDS; shard++) {
        const ranked = all.map((nonce, i) => ({ i, score: shardScore(nonce, shard) }));
        ranked.sort((a, b) => b.score - a.score);
        for (const { i } of ranked.slice(0, REPLICAS)) counts[i]++;
      }
    }
    // 40 * 32 * 4 / 50 = 102 on average, give or take 10 (one standard deviation).
    expect(Math.min(...counts)).toBeGreaterThan(60);
    expect(Math.max(...counts)).toBeLessThan(145);
  });
});

describe('a leaver of 50', () => {
  it('moves about 2 % of the holdings, and none but its own', () => {
    const all = nonces(createRandom(44), 50);
    const before = all.map(
      (nonce, i) =>
        holds(
          nonce,
          all.filter((_, j) => j !== i),
        ).shards,
    );
    let moved = 0;
    let total = 0;
    for (const leaver of [0, 7, 13, 21, 34, 49]) {
      all.forEach((nonce, i) => {
        if (i === leaver) return;
        const after = holds(
          nonce,
          all.filter((_, j) => j !== i && j !== leaver),
        ).shards;
        for (const shard of before[i]) expect(after.has(shard), `node ${i} keeps shard ${shard}`).toBe(true);
        for (const shard of after) if (!before[i].has(shard)) moved++;
        total += after.size;
      });
    }
    expect(moved / total).toBeGreaterThan(0.01);
    expect(moved / total).toBeLessThan(0.03);
  });
});

describe('a small swarm', () => {
  it(`of ${UNDIVIDED_NODES} holds everything everywhere, one of 17 does not`, () => {
    const all = nonces(createRandom(45), 17);
    expect(holds(all[0], all.slice(1, UNDIVIDED_NODES)).shards.size).toBe(usedShards.size);
    expect(holds(all[0], all.slice(1)).shards.size).toBeLessThan(usedShards.size);
  });
});

describe('the ranking', () => {
  it('depends on every bit of nonce and shard', () => {
    const first = shardScore(12345, 3);
    expect(shardScore(12345 ^ 1, 3)).not.toBe(first);
    expect(shardScore(12345 ^ 0x40000000, 3)).not.toBe(first);
    expect(shardScore(12345, 4)).not.toBe(first);
  });

  it('with fewer replicas gives a part of what more would', () => {
    const all = nonces(createRandom(46), 40);
    const others = all.slice(1);
    const [two, six] = [holds(all[0], others, 2).shards, holds(all[0], others, 6).shards];
    expect([...two].every((shard) => six.has(shard))).toBe(true);
    expect(six.size).toBeGreaterThan(two.size);
  });
});

describe('taking over and letting go', () => {
  it('starts the key anew, and keeps what it goes on holding', () => {
    const random = createRandom(47);
    const all = nonces(random, 40);
    const { state, shards } = holds(all[0], all.slice(1));
    const table = createPeerTable(60, 1);
    state.b.fill(500);
    state.life.fill(99);
    rebalanceShards(table, state, all[0], REPLICAS);
    state.held.forEach((held, key) => {
      expect(held, 'alone again it holds everything').toBe(1);
      const kept = shards.has(state.shardOf[key]);
      expect([state.b[key], state.life[key]], `key ${key}`).toEqual(kept ? [500, 99] : [-1, 0]);
    });
  });
});

describe('shards of keys', () => {
  it('are one for each 16 keys unless the settings say otherwise', () => {
    const shardsOf = (keys: number, shards = 0): number =>
      createShardState({ ...SETTINGS, shards, keys: SETTINGS.keys.slice(0, keys) }, 16).shards;
    expect([shardsOf(1), shardsOf(16), shardsOf(17), shardsOf(64), shardsOf(3, 2)]).toEqual([1, 1, 2, 4, 2]);
  });

  it('are the same on every node that was told the same names', () => {
    expect([...createShardState(SETTINGS, 16).shardOf]).toEqual([...createShardState(SETTINGS, 16).shardOf]);
    const renamed = { ...SETTINGS, keys: SETTINGS.keys.map((key) => ({ ...key, name: `${key.name}x` })) };
    expect([...createShardState(renamed, 16).shardOf]).not.toEqual([...createShardState(SETTINGS, 16).shardOf]);
  });
});
