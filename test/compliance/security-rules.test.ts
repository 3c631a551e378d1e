/** The security rules of the blueprint's section 8, one test a rule, on the built bundle. */
import { describe, expect, it } from 'vitest';
import { FakePeer, heldOf } from '../firmware/fake-peer.ts';
import { createHarness, ONE, testKey } from '../firmware/harness.ts';
import type { Harness } from '../firmware/harness.ts';

describe('8.1 never trust incoming diffs blindly: they are', () => {
  it('validated', () => {
    const harness = createHarness();
    const peer = new FakePeer(harness, 11);
    peer.tell({ c: [21 * ONE] });
    const digest = harness.node.digest();
    const refusals: [string, (view: DataView) => void][] = [
      ['magic', (view) => view.setUint8(0, 0)],
      ['version', (view) => view.setUint8(2, 9)],
      ['flags', (view) => view.setUint8(3, 0x80)],
      ['swarm', (view) => view.setUint16(4, view.getUint16(4) ^ 1)],
      ['value', (view) => view.setInt32(6, 0)],
      ['length', (view) => view.setUint16(19, 5)],
      ['type', (view) => view.setUint8(18, 77)],
    ];
    for (const [reason, spoil] of refusals) {
      const view = peer.datagram({ c: [30 * ONE] });
      spoil(view);
      harness.deliver(view, peer.source);
      expect(harness.dropped(reason), reason).toBe(1);
      expect(heldOf(harness, 11), reason).toBe(21 * ONE);
    }
    expect(harness.node.digest(), 'the drops are part of the digest').not.toBe(digest);
    peer.tell({ c: [101 * ONE] });
    expect([harness.dropped('range'), heldOf(harness, 11)], 'outside the range').toEqual([1, -1]);
  });

  it('weighted', () => {
    const harness = createHarness();
    const peers = Array.from({ length: 12 }, (_, i) => new FakePeer(harness, 11 + i));
    harness.setReading(0, 20 * ONE);
    for (const [i, peer] of peers.entries()) peer.tell({ c: [(i === 0 ? 100 : 19 + i / 6) * ONE] });
    harness.cycle();
    const { state } = harness.node.parts;
    // Eleven at 19.17 to 20.83 and the node's own 20.0; the twelfth at 100 has no say.
    expect(Math.abs(state.x[0] - 20 * ONE)).toBeLessThan(ONE / 50);
  });

  it('rate-limited', () => {
    const harness = createHarness();
    const peer = new FakePeer(harness, 11);
    const answers = Array.from({ length: 20 }, () => peer.tell());
    expect(answers.filter((answer) => answer === 'none')).toHaveLength(16);
    expect(answers.filter((answer) => answer === 'rate')).toHaveLength(4);
  });
});

it('8.2 clamp unsafe drift: what would push a value below 0 leaves it at 0', () => {
  const harness = createHarness({ settings: { keys: [testKey({ reference: 0 })] } });
  const peers = Array.from({ length: 8 }, (_, i) => new FakePeer(harness, 11 + i));
  const { state } = harness.node.parts;
  let lowest = Infinity;
  for (let cycle = 0; cycle < 300; cycle++) {
    // Everyone falls to 0 and says so, again and again.
    const value = cycle % 100 < 10 ? 3 * ONE : 0;
    harness.setReading(0, value);
    for (const peer of peers) peer.tell({ c: [value], b: [0] });
    harness.cycle();
    lowest = Math.min(lowest, state.b[0]);
  }
  expect(lowest).toBe(0);
});

it('8.3 detect anomaly energy: a large sudden change is suppressed, and a real one comes through in time', () => {
  const harness = createHarness();
  const peers = Array.from({ length: 12 }, (_, i) => new FakePeer(harness, 11 + i));
  const { state } = harness.node.parts;
  const step = (value: number): number => {
    harness.setReading(0, value);
    for (const peer of peers) peer.tell({ c: [value], b: [value] });
    harness.cycle();
    return state.b[0];
  };
  for (let i = 0; i < 120; i++) step(20 * ONE);
  const limit = 8 * state.energy[0] + 655;
  expect(step(60 * ONE) - 20 * ONE, 'the first step').toBe(limit);
  expect(limit).toBeLessThan(ONE / 50);
  let cycles = 1;
  while (step(60 * ONE) < 59 * ONE && cycles < 100) cycles++;
  expect(cycles).toBeGreaterThan(5);
  expect(cycles).toBeLessThan(40);
});

describe('8.4 no identity storage', () => {
  interface Life {
    harness: Harness;
    /** Every random word that named the node in this life. */
    names: number[];
    bytes: Uint8Array[];
  }

  /** A life of 400 cycles with several sessions, from the store that the one before left. */
  function live(seed: number, store?: Harness['store']): Life {
    const harness = createHarness({ seed, store, settings: { session_cycles: 64 } });
    const { transport, session } = harness.node.parts;
    const names = new Set<number>();
    harness.setReading(0, 22 * ONE);
    for (let i = 0; i < 400; i++) {
      names.add(transport.tag).add(session.nonce).add(transport.salt);
      harness.cycle();
    }
    harness.node.shutdown();
    const bytes = harness.sent.map((view) => new Uint8Array(view.buffer));
    return { harness, names: [...names], bytes };
  }

  function slotsOf({ store }: Harness): Uint8Array[] {
    return [0, 1].map((slot) => {
      const view = new DataView(new ArrayBuffer(4096));
      return new Uint8Array(view.buffer, 0, store.read(slot, view));
    });
  }

  /** Whether the four bytes of a word stand anywhere in these, in either order. */
  function contains(all: Uint8Array[], word: number): boolean {
    const big = Buffer.alloc(4);
    big.writeInt32BE(word);
    const little = Buffer.from(big).reverse();
    return all.some((bytes) => {
      const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
      return buffer.includes(big) || buffer.includes(little);
    });
  }

  it('nothing that names a node in one life is in the store, or on the wire in the next', () => {
    const first = live(1);
    expect(first.names.length, 'several sessions').toBeGreaterThanOrEqual(3 * 3);
    expect(contains(first.bytes, first.names[0]), 'the search finds what is there').toBe(true);
    const stored = slotsOf(first.harness).map((slot) => Uint8Array.from(slot));
    const second = live(2, first.harness.store);
    expect(second.harness.events.map(({ name }) => name)).toContain('state-loaded');
    for (const name of first.names) {
      expect(contains(stored, name), 'in the store').toBe(false);
      expect(contains(second.bytes, name), 'on the wire of the next life').toBe(false);
    }
    for (const name of second.names) expect(contains(slotsOf(second.harness), name)).toBe(false);
  });

  it('the store tells two nodes apart by their values alone', () => {
    const [one, other] = [live(1), live(2)];
    expect(slotsOf(one.harness)).toEqual(slotsOf(other.harness));
  });

  it('no tag outlives two sessions', () => {
    const { harness, bytes } = live(3);
    const lives = new Map<number, number[]>();
    bytes.forEach((datagram, i) => {
      const tag = new DataView(datagram.buffer).getInt32(6);
      lives.set(tag, [...(lives.get(tag) ?? []), i]);
    });
    for (const [tag, at] of lives) expect(at[at.length - 1] - at[0], `tag ${tag}`).toBeLessThanOrEqual(2 * 64);
    expect(lives.size).toBeGreaterThanOrEqual(3);
    expect(harness.node.parts.session.left).toBeLessThanOrEqual(2 * 64);
  });
});
