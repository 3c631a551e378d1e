/** Sessions: a new tag every few hours, which peers follow, and nothing that outlives one. */
import { describe, expect, it } from 'vitest';
import { FakePeer, heldOf, slotOf } from '../fake-peer.ts';
import { wireCycle } from '../inspect.ts';
import { createHarness, ONE } from '../harness.ts';
import type { Harness } from '../harness.ts';

const AT_TAG = 6;
const SHORT = { session_cycles: 64 };

const tagOf = (harness: Harness): number => harness.node.parts.transport.tag;

/** Cycles after which the tag changed, for the first `changes` times. */
function changesOf(harness: Harness, changes: number): number[] {
  const at: number[] = [];
  let last = 0;
  for (let cycle = 1; at.length < changes && cycle < 128 * changes + 1; cycle++) {
    const before = tagOf(harness);
    harness.cycle();
    if (tagOf(harness) === before) continue;
    at.push(cycle - last);
    last = cycle;
  }
  return at;
}

describe('a tag', () => {
  it('changes within once to twice `session_cycles`, each time', () => {
    const lengths = [1, 2, 3, 4, 5, 6].flatMap((seed) => changesOf(createHarness({ seed, settings: SHORT }), 5));
    expect(lengths).toHaveLength(30);
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(64);
    expect(Math.max(...lengths)).toBeLessThan(128);
    expect(new Set(lengths).size, 'at random').toBeGreaterThan(10);
  });

  it('is never 0 and never used twice', () => {
    const seen = new Set<number>();
    for (let seed = 1; seed <= 6; seed++) {
      const harness = createHarness({ seed, settings: SHORT });
      for (let i = 0; i < 5; i++) {
        expect(tagOf(harness)).not.toBe(0);
        expect(seen.has(tagOf(harness))).toBe(false);
        seen.add(tagOf(harness));
        changesOf(harness, 1);
      }
    }
    expect(seen.size).toBe(30);
  });

  it('changes together with the nonce that shards are dealt by', () => {
    const harness = createHarness({ settings: SHORT });
    const before = harness.node.parts.session.nonce;
    changesOf(harness, 1);
    expect(harness.node.parts.session.nonce).not.toBe(before);
    expect(harness.events).toContainEqual({ name: 'session-renewed', a: 0, b: 0 });
  });

  it('lasts as long in low-power mode, in nominal cycles', () => {
    const harness = createHarness({ settings: { session_cycles: 640 } });
    harness.world.battery = 1000;
    const before = tagOf(harness);
    let runs = 0;
    while (tagOf(harness) === before && runs < 1000) {
      harness.cycle();
      runs++;
    }
    expect(runs).toBeGreaterThanOrEqual(640 / 8);
    expect(runs).toBeLessThanOrEqual((2 * 640) / 8 + 1);
  });
});

describe('a node that changes its tag', () => {
  function pair(settings = {}): { changer: Harness; peer: Harness; step: (heard?: boolean) => void; first: number } {
    const changer = createHarness({ seed: 1, settings: { ...SHORT, ...settings } });
    const peer = createHarness({ seed: 2, settings: { ...SHORT, session_cycles: 10_000, ...settings } });
    changer.setReading(0, 20 * ONE);
    const step = (heard = true): void => {
      const view = changer.cycle();
      peer.cycle();
      if (heard) expect(peer.deliver(view, 5)).toBe(0);
    };
    step();
    return { changer, peer, step, first: tagOf(changer) };
  }

  it('is held once by its peers, under the new tag', () => {
    const { changer, peer, step, first } = pair();
    for (let i = 0; i < 130; i++) step();
    expect(tagOf(changer)).not.toBe(first);
    expect(slotOf(peer, first)).toBe(-1);
    expect(heldOf(peer, tagOf(changer))).toBe(20 * ONE);
    expect(peer.node.parts.transport.table.count).toBe(2);
  });

  it('is so where several nodes share its address, by the word of its beacons', () => {
    const { changer, peer, step, first } = pair({ nodes_per_address: 8 });
    for (let i = 0; i < 130; i++) step();
    expect(tagOf(changer)).not.toBe(first);
    expect(slotOf(peer, first)).toBe(-1);
    expect(peer.node.parts.transport.table.count).toBe(2);
  });

  it('tells its earlier tag in 16 cycles, so that a peer which misses some lets it go too', () => {
    const { changer, peer, step, first } = pair({ nodes_per_address: 8 });
    for (let i = 0; i < 130 && tagOf(changer) === first; i++) step();
    for (let i = 0; i < 15; i++) step(false);
    step();
    expect(slotOf(peer, first)).toBe(-1);
    expect(peer.node.parts.transport.table.count).toBe(2);
  });

  it('no longer does after those', () => {
    const { changer, step, first } = pair({ nodes_per_address: 8 });
    for (let i = 0; i < 130 && tagOf(changer) === first; i++) step();
    for (let i = 0; i < 16; i++) step(false);
    const view = changer.cycle();
    const tells = Array.from({ length: view.byteLength - 3 }, (_, at) => view.getInt32(at)).includes(first);
    expect(tells).toBe(false);
  });

  it('cannot be made to leave by a beacon from another address', () => {
    const { changer, peer } = pair();
    new FakePeer(peer, 77).tell({ beacon: { nonce: 1, earlier: tagOf(changer) } });
    expect(slotOf(peer, tagOf(changer))).toBeGreaterThan(0);
  });

  it.each([
    { what: 'is known already', missed: 0 },
    { what: 'the peer missed', missed: 3 },
  ])('does not come back under its old tag by a relay, with news that $what', ({ missed }) => {
    const { changer, peer, step, first } = pair();
    const relay = new FakePeer(peer, 77);
    relay.tell();
    const { session } = changer.node.parts;
    let last = 0;
    for (let i = 0; i < 130 && tagOf(changer) === first; i++) {
      last = wireCycle(changer.node.parts) + 1;
      step(session.left > missed);
    }
    step();
    expect(slotOf(peer, first)).toBe(-1);
    relay.tell({ relays: [{ tag: first, cycle: last, c: [20 * ONE], age: 1 }] });
    expect(slotOf(peer, first), 'the same node would count twice').toBe(-1);
  });

  it('goes on contributing and agreeing without a break', () => {
    const { changer, step } = pair();
    for (let i = 0; i < 200; i++) {
      step();
      expect(changer.node.parts.state.b[0]).toBe(20 * ONE);
    }
  });
});

describe('a node that took leave', () => {
  it('does not come back by a relay that missed its farewell', () => {
    const harness = createHarness();
    const [leaver, relay] = [new FakePeer(harness, 11), new FakePeer(harness, 12)];
    harness.cycle();
    leaver.tell({ cycle: 40 });
    relay.tell();
    leaver.tell({ flags: 2, c: null });
    relay.tell({ relays: [{ tag: leaver.tag, cycle: 40, c: [20 * ONE], age: 1 }] });
    expect(leaver.slot()).toBe(-1);
  });
});

describe('a restart', () => {
  it('draws a new tag, and the counter of cycles begins anywhere', () => {
    const harness = createHarness({ seed: 1 });
    for (let i = 0; i < 20; i++) harness.cycle();
    harness.node.shutdown();
    const again = createHarness({ seed: 2, store: harness.store });
    expect(tagOf(again)).not.toBe(tagOf(harness));
    const [first, second] = [again.cycle(), again.cycle()].map((view) => view.getInt32(10));
    expect(Math.abs(first - wireCycle(harness.node.parts))).toBeGreaterThan(1000);
    expect((second - first) | 0).toBe(1);
  });

  it('of the same node in one process draws a new tag too', () => {
    const harness = createHarness();
    harness.cycle();
    const before = tagOf(harness);
    harness.node.shutdown();
    harness.node.start();
    expect(tagOf(harness)).not.toBe(before);
    expect(harness.cycle().getInt32(AT_TAG)).toBe(tagOf(harness));
  });
});
