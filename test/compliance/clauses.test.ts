/**
 * The compliance list of the blueprint's section 11, one test a clause, on the built bundle. The first clause,
 * "implements drift cycle exactly", is `drift-cycle.test.ts`.
 */
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../host-sim/world/random.ts';
import type { Scenario } from '../../host-sim/world/scenario.ts';
import { run, worldOf } from '../host-sim/world/base.ts';
import { FakePeer, heldOf } from '../firmware/fake-peer.ts';
import { wireCycle } from '../firmware/inspect.ts';
import { createHarness, ONE, testKey } from '../firmware/harness.ts';
import type { Harness } from '../firmware/harness.ts';

const NONE = -1;
const DIFF_NONE = -0x80000000;
const TYPE_EP = 1;
const TYPE_SDM = 2;

/** The bodies of a datagram's messages of one type. */
function bodies(view: DataView, type: number): DataView[] {
  const found: DataView[] = [];
  for (let at = 18; at < view.byteLength; at += 3 + view.getUint16(at + 1)) {
    if (view.getUint8(at) === type) found.push(new DataView(view.buffer, at + 3, view.getUint16(at + 1)));
  }
  return found;
}

const TWO_KEYS = [testKey({ name: 'a' }), testKey({ name: 'b', reference: 5 * ONE })];

describe('a node', () => {
  it('supports EP and SDM formats: every field of the blueprint’s section 5, out and in', () => {
    const harness = createHarness({ settings: { keys: TWO_KEYS } });
    harness.setReading(0, 21 * ONE);
    harness.setReading(1, 3 * ONE);
    harness.world.load = 16_384;
    let view = harness.cycle();
    for (let i = 0; i < 16 && bodies(view, TYPE_EP).length === 0; i++) view = harness.cycle();

    const [ep] = bodies(view, TYPE_EP);
    expect(Number(ep.getBigInt64(0)), 'timestamp').toBe(harness.world.epoch_ms);
    expect(ep.getUint32(8) / ONE, 'node_load').toBe(0.25);
    const words = Array.from({ length: (ep.byteLength - 12) / 4 }, (_, i) => ep.getInt32(12 + 4 * i));
    expect(new Set(words).size, 'entropy_vector').toBe(4);

    const [sdm] = bodies(view, TYPE_SDM);
    expect(sdm.getUint16(0), 'shard_id').toBe(0);
    expect(sdm.getUint32(2) / ONE, 'drift_weight').toBe(1);
    const diffs = [0, 1, 2, 3].map((i) => sdm.getInt32(6 + 4 * i));
    expect(diffs, 'diff_vector').toEqual([ONE, ONE, -2 * ONE, -2 * ONE]);
    expect(view.getInt32(10), 'cycle_id').toBe(wireCycle(harness.node.parts));

    const peer = new FakePeer(harness, 11);
    const cached = harness.node.parts.state.entropyCount;
    peer.tell({ cycle: 7, c: [22 * ONE, 4 * ONE], b: [NONE, NONE], ep: { stamp: 9, words: [1, 2, 3] } });
    expect([heldOf(harness, 11, 0), heldOf(harness, 11, 1)]).toEqual([22 * ONE, 4 * ONE]);
    expect(harness.node.parts.state.entropyCount - cached).toBe(3);
    expect(peer.tell({ cycle: 7, c: [30 * ONE, 4 * ONE] }), 'the same cycle_id again').toBe('stale');
    const heavy = peer.datagram({ cycle: 8 });
    heavy.setUint32(23, 2 * ONE);
    harness.deliver(heavy, peer.source);
    expect(harness.dropped('value'), 'a drift_weight above 1 is for gateways').toBe(1);
  });

  it('enforces VaultGuard invariants: whatever its peers say, no value falls below 0, jumps or drains', () => {
    const random = createRandom(81);
    const harness = createHarness({ settings: { keys: [testKey(), testKey({ name: 'open', guard: false })] } });
    const { state, settings } = harness.node.parts;
    const peers = Array.from({ length: 12 }, (_, i) => new FakePeer(harness, 11 + i));
    const anything = (): number => [0, random.below(100 * ONE), 100 * ONE, 20 * ONE][random.below(4)];
    let bases = [NONE, NONE];
    let limited = 0;
    for (let cycle = 1; cycle <= 400; cycle++) {
      for (const peer of peers) peer.tell({ c: [anything(), anything()], b: [anything(), anything()] });
      harness.setReading(0, anything());
      harness.setReading(1, anything());
      const before = { b: [...state.b], energy: [...state.energy], life: [...state.life] };
      harness.cycle();
      for (let key = 0; key < 2; key++) {
        const place = `cycle ${cycle}, key ${key}`;
        expect(state.b[key], place).toBeGreaterThanOrEqual(0);
        if (state.life[key] !== before.life[key] + 1 || state.life[key] <= 8) continue;
        const { floor } = settings.keys[key];
        const limit = 8 * before.energy[key] + floor;
        const step = state.b[key] - before.b[key];
        expect(Math.abs(step), place).toBeLessThanOrEqual(limit);
        if (Math.abs(step) === limit) limited++;
        if ((state.life[key] - 9) % 16 === 0) bases = bases.with(key, before.b[key]);
        expect(state.b[key], place).toBeGreaterThanOrEqual(bases[key] - (bases[key] >> 2) - floor);
      }
    }
    expect(limited, 'the limits were reached').toBeGreaterThan(5);
  });

  it('manages state shards: it holds its share of them, hands over, merges, and keeps them over a restart', () => {
    const keys = Array.from({ length: 32 }, (_, i) => testKey({ name: `key${i}` }));
    const settings = { keys, shards: 8, table: 32 };
    const swarm = Array.from({ length: 24 }, (_, i) => createHarness({ seed: 500 + i, settings }));
    for (const [i, harness] of swarm.entries()) keys.forEach((_, key) => harness.setReading(key, (20 + i / 24) * ONE));
    exchange(swarm, 40);

    const before = swarm.map(heldShards);
    for (let shard = 0; shard < 8; shard++) {
      const holders = before.filter((shards) => shards.has(shard)).length;
      expect(holders, `shard ${shard} is held by four`).toBe(shard in keysByShard(swarm[0]) ? 4 : 0);
    }
    const heard = new Set(swarm[0].node.parts.transport.table.values);
    expect(heard.size, 'contributions of all nodes to all shards are merged').toBeGreaterThan(24);

    const [leaver, ...others] = swarm;
    for (const shard of before[0]) {
      const b = leaver.node.parts.state.b[keysByShard(leaver)[shard][0]];
      expect(Math.abs(b - 20.5 * ONE), `shard ${shard} agrees`).toBeLessThan(ONE / 4);
    }
    leaver.node.shutdown();
    for (const other of others) for (const view of leaver.sent.slice(-3)) other.deliver(view, addressOf(leaver));
    exchange(others, 40);
    for (const shard of before[0]) {
      expect(
        others.filter((one) => heldShards(one).has(shard)),
        `shard ${shard} is taken over`,
      ).toHaveLength(4);
    }
    const again = createHarness({ seed: 999, settings, store: leaver.store });
    for (const shard of before[0]) {
      for (const key of keysByShard(leaver)[shard]) {
        expect(again.node.parts.state.b[key]).toBe(leaver.node.parts.state.b[key]);
      }
    }
  });

  it.each([0.65, 0.9])('tolerates packet loss of %d: a swarm of 20 agrees within 1 %', (loss) => {
    const base = worldOf({ nodes: 20, loss, cycles: 120, keys: worldKeys() });
    run(base, 120);
    const summary = base.summary();
    expect(summary.cycles_to_1pct).not.toBeNull();
    expect(Math.abs(summary.bias_pct)).toBeLessThan(1);
    expect(summary.datagrams_delivered / (summary.datagrams_sent * 19)).toBeLessThan(1 - loss + 0.03);
  });

  it('remains functional in low-power mode: it sends an eighth as often, agrees, and is agreed with', () => {
    const cycles = 240;
    const mixed = worldOf({ nodes: 20, loss: 0.6, low_power: 0.5, cycles, keys: worldKeys() });
    run(mixed, cycles);
    const summary = mixed.summary();
    expect(summary.cycles_to_1pct).not.toBeNull();
    expect(Math.abs(summary.bias_pct)).toBeLessThan(1);
    const all = worldOf({ nodes: 20, loss: 0.6, low_power: 1, cycles, keys: worldKeys() });
    run(all, cycles);
    expect(all.summary().datagrams_sent / (20 * cycles)).toBeCloseTo(1 / 8, 1);
    expect(all.summary().spread_pct).toBeLessThan(2);
  });
});

/** Guard off: the mean of the inputs is what they must find. */
function worldKeys(): Scenario['keys'] {
  const band = { floor: 0.01, span: 16, range: [0, 100] as [number, number], reference: 20 };
  return [{ name: 'a', ...band, guard: false, estimator: 'huber', scope: 'site' }];
}

/** An address for each node, the same in every exchange. */
const addressOf = (harness: Harness): number => harness.node.parts.transport.tag;

/** Every node hears every other one, for so many cycles. */
function exchange(swarm: Harness[], cycles: number): void {
  for (let cycle = 0; cycle < cycles; cycle++) {
    for (const harness of swarm) {
      const view = harness.cycle();
      for (const other of swarm) if (other !== harness) other.deliver(view, addressOf(harness));
    }
  }
}

function keysByShard(harness: Harness): Record<number, number[]> {
  const shards: Record<number, number[]> = {};
  harness.node.parts.state.shardOf.forEach((shard, key) => (shards[shard] ??= []).push(key));
  return shards;
}

/** The shards for which the node's newest datagram has agreed values. */
function heldShards(harness: Harness): Set<number> {
  const newest = harness.sent[harness.sent.length - 1];
  const shards = bodies(newest, TYPE_SDM).filter((body) => {
    for (let at = 10; at < body.byteLength; at += 8) if (body.getInt32(at) !== DIFF_NONE) return true;
    return false;
  });
  return new Set(shards.map((body) => body.getUint16(0)));
}
