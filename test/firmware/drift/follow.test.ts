/**
 * A key's mean is kept while its contributions stand (drift/from-diffs.ts): so whatever changes who counts, or with what,
 * must show in the very next cycle. Nothing here lies beyond the guard or is missing at first, or it would be reckoned anew.
 */
import { describe, expect, it } from 'vitest';
import type { Settings } from '../../../firmware/node.ts';
import { FakePeer, LEAVING } from '../fake-peer.ts';
import { createHarness, ONE, testKey } from '../harness.ts';
import type { Harness } from '../harness.ts';

const BASE = 20 * ONE;

interface Swarm {
  harness: Harness;
  peers: FakePeer[];
  /** One cycle in which all of them say what they said before, but for those left out. */
  step: (without?: FakePeer) => void;
  x: () => number;
}

/** The node at 20.0 and so many peers, the i-th one i units in the last place above it, heard for 100 cycles. */
function settled(count: number, settings: Partial<Settings> = {}): Swarm {
  const harness = createHarness({ settings });
  harness.setReading(0, BASE);
  const peers = Array.from({ length: count }, (_, i) => new FakePeer(harness, 11 + i));
  const step = (without?: FakePeer): void => {
    peers.forEach((peer, i) => {
      if (peer !== without) peer.tell({ c: [BASE + i + 1] });
    });
    harness.cycle();
  };
  for (let i = 0; i < 100; i++) step();
  const x = (): number => harness.node.parts.state.x[0] - BASE;
  expect(x()).toBe(Math.round(count / 2));
  return { harness, peers, step, x };
}

describe('the mean follows', () => {
  it('the own reading', () => {
    const { harness, step, x } = settled(9);
    harness.setReading(0, BASE + 100);
    step();
    expect(x(), '(45 + 100) / 10').toBe(15);
  });

  it('a peer’s contribution', () => {
    const { peers, harness, x } = settled(9);
    peers[0].tell({ c: [BASE + 101] });
    harness.cycle();
    expect(x(), '(45 + 100) / 10').toBe(15);
  });

  it('a newcomer', () => {
    const { harness, x } = settled(9);
    new FakePeer(harness, 99).tell({ c: [BASE + 65] });
    harness.cycle();
    expect(x(), '(45 + 65) / 11').toBe(10);
  });

  it('a peer that takes leave', () => {
    const { harness, peers, x } = settled(9);
    peers[8].tell({ flags: LEAVING, c: null });
    harness.cycle();
    expect(x(), '36 / 9').toBe(4);
  });

  it('a peer that is forgotten', () => {
    const { peers, step, x } = settled(9);
    for (let i = 0; i < 31; i++) step(peers[8]);
    expect(x()).toBe(5);
    step(peers[8]);
    expect(x(), '36 / 9').toBe(4);
  });

  it('a peer that had to make room', () => {
    const { harness, peers, step, x } = settled(9, { table: 9 });
    step(peers[8]);
    new FakePeer(harness, 99).tell({ c: [BASE + 54] });
    harness.cycle();
    expect(x(), '(36 + 54) / 10').toBe(9);
  });

  it('a peer that no longer speaks of a shard', () => {
    const keys = [testKey({ name: 'a' }), testKey({ name: 'b' }), testKey({ name: 'c' }), testKey({ name: 'd' })];
    const harness = createHarness({ settings: { keys, shards: 2 } });
    const { shape } = harness.node.parts.transport;
    const key = shape.keysOfShard[1][0];
    const peers = Array.from({ length: 9 }, (_, i) => new FakePeer(harness, 11 + i));
    keys.forEach((_, i) => {
      harness.setReading(i, BASE);
    });
    for (let cycle = 0; cycle < 5; cycle++) {
      peers.forEach((peer, i) => peer.tell({ c: keys.map(() => BASE + i + 1) }));
      harness.cycle();
    }
    const x = (): number => harness.node.parts.state.x[key] - BASE;
    expect(x()).toBe(5);
    const whole = peers[8].datagram({ c: keys.map(() => BASE + 9) });
    const firstShardOnly = 18 + 3 + 6 + 8 * shape.keysOfShard[0].length;
    harness.deliver(new DataView(whole.buffer.slice(0, firstShardOnly)), peers[8].source);
    harness.cycle();
    expect(x(), '36 / 9').toBe(4);
  });

  it('a relayed contribution, when it comes and when it changes', () => {
    const { harness, peers, x } = settled(9);
    const relay = (cycle: number, above: number): void => {
      for (const peer of peers.slice(0, 2))
        peer.tell({ c: [BASE + peer.tag - 10], relays: [{ tag: 900, cycle, c: [BASE + above] }] });
      harness.cycle();
    };
    relay(5, 65);
    expect(x(), '(45 + 65) / 11').toBe(10);
    harness.cycle();
    relay(8, 120);
    expect(x(), '(45 + 120) / 11').toBe(15);
  });

  it('a peer that is known from one relay alone by now, and so no longer counts', () => {
    const { peers, step, x } = settled(9);
    const gone = peers[8];
    for (let silent = 1; silent <= 31; silent++) {
      if (silent === 20) peers[0].tell({ c: [BASE + 1], relays: [{ tag: gone.tag, cycle: 120, c: [BASE + 9] }] });
      step(gone);
      expect(x(), `silent for ${silent} cycles`).toBe(5);
    }
    step(gone);
    expect(x(), '36 / 9').toBe(4);
    expect(gone.slot(), 'held all the same').toBeGreaterThan(0);
  });
});
