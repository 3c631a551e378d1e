/** Corners of the wire format and of the tables behind it, each one that a node once got wrong. */
import { describe, expect, it } from 'vitest';
import type { KeySettings, SealPort } from '../../../firmware/node.ts';
import type { Harness } from '../harness.ts';
import { createHarness, ONE, testKey } from '../harness.ts';
import { peerOf, peersOf, slotOf, claimOf } from '../inspect.ts';
import { expectInvariants } from '../invariants.ts';
import { reason } from './vector-receiver.ts';

const AT_FLAGS = 3;
const LEAVING = 2;
const SDM_BYTES = 3 + 14;
const HEADER_BYTES = 18;

/** Two keys, the first in shard 0 and the second in shard 1. */
function twoShards(): { keys: KeySettings[]; shards: number } {
  const names = Array.from({ length: 20 }, (_, i) => `key ${i}`);
  const probe = createHarness({ settings: { keys: names.map((name) => testKey({ name })), shards: 2 } });
  const { shardOf } = probe.node.parts.state;
  return { keys: [0, 1].map((shard) => testKey({ name: names[shardOf.indexOf(shard)] })), shards: 2 };
}

function nodeWith(seed: number, over: Parameters<typeof createHarness>[0] = {}, reading = 20 * ONE): Harness {
  const harness = createHarness({ seed, ...over });
  harness.node.parts.settings.keys.forEach((_, key) => harness.setReading(key, reading));
  return harness;
}

function tagOf(harness: Harness): number {
  return slotOf(harness.node.parts, 0).tag;
}

describe('relays', () => {
  it('are not called liars when the sender left out a shard that it has nothing to say of', () => {
    const settings = twoShards();
    const sender = createHarness({ seed: 1, settings });
    sender.setReading(0, 21 * ONE);
    const [relay, listener] = [nodeWith(2, { settings }), nodeWith(3, { settings })];
    const late = sender.cycle();
    relay.deliver(late, 1);
    relay.cycle();
    relay.deliver(listener.cycle(), 3);
    listener.deliver(relay.cycle(), 2);
    expect(peerOf(listener.node.parts, tagOf(sender)), 'the relay was faster').toMatchObject({ by: tagOf(relay) });
    expect(reason(listener.deliver(late, 1))).toBe('none');
    expect(listener.node.parts.transport.lies).toBe(0);
  });

  it('do not bring a node its own contributions under the tag that it had before', () => {
    const [node, relay, listener] = [nodeWith(1), nodeWith(2), nodeWith(3)];
    relay.deliver(node.cycle(), 1);
    node.node.parts.session.left = 1;
    node.cycle();
    expect(node.events.map(({ name }) => name)).toContain('session-renewed');
    relay.cycle();
    relay.deliver(listener.cycle(), 3);
    node.deliver(relay.cycle(), 2);
    const others = [tagOf(relay), tagOf(listener)];
    expect(
      peersOf(node.node.parts)
        .slice(1)
        .filter(({ tag }) => !others.includes(tag)),
    ).toEqual([]);
  });

  it('do not bring back a tag that its node has changed', () => {
    const [node, relay, listener] = [nodeWith(1), nodeWith(2), nodeWith(3)];
    const before = node.cycle();
    const earlier = tagOf(node);
    relay.deliver(before, 1);
    listener.deliver(before, 1);
    node.node.parts.session.left = 1;
    node.cycle();
    listener.deliver(node.cycle(), 1);
    expect(peerOf(listener.node.parts, earlier)).toBeUndefined();
    relay.cycle();
    relay.deliver(nodeWith(4).cycle(), 4);
    listener.deliver(relay.cycle(), 2);
    expect(relay.node.parts.transport.relayed).toBeGreaterThan(0);
    expect(peerOf(listener.node.parts, earlier)).toBeUndefined();
  });
});

describe('leaving', () => {
  it('does not make a peer known that was not known', () => {
    const listener = nodeWith(2);
    const farewell = nodeWith(1).cycle();
    farewell.setUint8(AT_FLAGS, LEAVING);
    listener.deliver(farewell, 1);
    expect(peersOf(listener.node.parts)).toHaveLength(1);
  });

  it('holds against an older datagram that comes late', () => {
    const [node, listener] = [nodeWith(1), nodeWith(2)];
    const first = node.cycle();
    const late = node.cycle();
    listener.deliver(first, 1);
    node.node.shutdown();
    listener.deliver(node.sent[node.sent.length - 1], 1);
    listener.deliver(late, 1);
    expect(peersOf(listener.node.parts)).toHaveLength(1);
  });
});

describe('messages', () => {
  it('speak of each shard once', () => {
    const settings = twoShards();
    const [node, listener] = [nodeWith(1, { settings }), nodeWith(2, { settings })];
    listener.deliver(node.cycle(), 1);
    const bytes = new Uint8Array(node.cycle().buffer);
    bytes.copyWithin(HEADER_BYTES + SDM_BYTES, HEADER_BYTES, HEADER_BYTES + SDM_BYTES);
    expect(reason(listener.deliver(new DataView(bytes.buffer), 1))).toBe('length');
  });

  it('that leave nothing to take are answered by 0, not by -0', () => {
    const [node, listener] = [nodeWith(1), nodeWith(2)];
    expect(listener.deliver(node.sent[0], 1), 'the hello').toBe(0);
  });

  it('bring the entropy of a sender that does not know the time', () => {
    const [node, listener] = [nodeWith(1), nodeWith(2)];
    node.world.epoch_ms = 0;
    for (let cycle = 1; cycle <= 8; cycle++) listener.deliver(node.cycle(), 1);
    expect(listener.node.parts.state.entropyCount).toBe(4);
  });

  it('are understood under a seal that adds no bytes', () => {
    const seal: SealPort = { overhead_bytes: 0, close: () => undefined, open: () => true };
    expect(reason(nodeWith(2, { seal }).deliver(nodeWith(1, { seal }).cycle(), 1))).toBe('none');
  });

  it('of a gateway with many keys in many shards fit its datagram', () => {
    const keys = Array.from({ length: 64 }, (_, i) => testKey({ name: `k${i}`, scope: 1 }));
    const settings = { keys, shards: 4 };
    expect(() => nodeWith(3, { settings: { keys, shards: 64 } })).toThrow(
      'shards is 64; it must be a whole number from 0 to 4',
    );
    const near = nodeWith(1, { gateway: true, settings: { ...settings, site: 'near' } });
    const far = nodeWith(2, { gateway: true, settings: { ...settings, site: 'far' } });
    far.cycle();
    expect(reason(near.deliverMedium(far.sentMedium[0], 9))).toBe('none');
    near.cycle();
    expect(() => near.cycle()).not.toThrow();
  });
});

describe('claims', () => {
  it('of a shard that a gateway no longer speaks of are dropped', () => {
    const { keys, shards } = twoShards();
    const settings = { keys: keys.map((key) => ({ ...key, scope: 1 })), shards };
    const far = nodeWith(1, { gateway: true, settings: { ...settings, site: 'far' } }, 30 * ONE);
    const near = nodeWith(2, { gateway: true, settings: { ...settings, site: 'near' } });
    const listener = createHarness({ seed: 3, settings });
    const talk = (): void => {
      far.cycle();
      near.deliverMedium(far.sentMedium[far.sentMedium.length - 1], 9);
      listener.deliver(near.cycle(), 1);
    };
    for (let cycle = 0; cycle < 4; cycle++) talk();
    const { gateways } = listener.node.parts.transport;
    expect(claimOf(gateways, 1, 0)[0]).toBe(30 * ONE);
    far.setReading(1, -1);
    for (let cycle = 0; cycle < 4; cycle++) talk();
    expect(claimOf(gateways, 0, 0)[0]).toBe(30 * ONE);
    expect(claimOf(gateways, 1, 0)[0], 'the far site has no sensor of the second key any more').toBe(-1);
  });
});

describe('values', () => {
  it('stay in int32 where agreed values lie at the upper end of it', () => {
    const top = 2 ** 31 - 1;
    const settings = { keys: [testKey({ high: top, reference: top, guard: false })] };
    const listener = nodeWith(1, { settings }, top);
    for (let i = 2; i <= 6; i++) {
      const liar = nodeWith(i, { settings }, top);
      const lie = liar.cycle();
      lie.setInt32(HEADER_BYTES + 3 + 6 + 4, 2 ** 29);
      listener.deliver(lie, i);
    }
    listener.cycle();
    expectInvariants(listener.node.parts);
    expect(listener.node.parts.state.b[0]).toBeGreaterThanOrEqual(0);
  });
});
