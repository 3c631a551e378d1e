/** How long a peer is kept, who leaves a full table, for whom an address speaks, and whom the node trusts. */
import { describe, expect, it } from 'vitest';
import { peakAfter } from '../../../firmware/transport/peers.ts';
import { TRUST } from '../../../firmware/types/table.ts';
import { FakePeer, fieldOf, heldOf, LEAVING, slotOf } from '../fake-peer.ts';
import { createHarness, ONE } from '../harness.ts';
import type { Harness } from '../harness.ts';

describe('the peak gap', () => {
  it('follows a longer gap at once, in 1/16 cycle', () => {
    expect(peakAfter(100, 10)).toBe(160);
    expect(peakAfter(160, 10)).toBe(160);
  });

  it('comes down by a sixteenth of the difference', () => {
    expect(peakAfter(854, 1)).toBe(854 - ((854 - 16) >> 4));
  });

  it('takes two datagrams of one cycle for a gap of one', () => {
    expect(peakAfter(854, 0)).toBe(peakAfter(854, 1));
  });
});

describe('a peer is forgotten', () => {
  function silentFor(heardCycles: number, gap: number): (cycles: number) => boolean {
    const harness = createHarness();
    const peer = new FakePeer(harness, 11);
    harness.cycle();
    peer.tell();
    for (let i = 1; i < heardCycles; i++) {
      for (let j = 0; j < gap; j++) harness.cycle();
      peer.tell();
    }
    return (cycles) => {
      for (let i = 0; i < cycles; i++) harness.cycle();
      return peer.slot() >= 0;
    };
  }

  it('after 320 cycles when it was heard once', () => {
    const isKept = silentFor(1, 1);
    expect(isKept(320)).toBe(true);
    expect(isKept(1)).toBe(false);
  });

  it('after 32 cycles when it was heard in each cycle for long', () => {
    const isKept = silentFor(100, 1);
    expect(isKept(32)).toBe(true);
    expect(isKept(1)).toBe(false);
  });

  it('after six times its peak gap when that is in between', () => {
    const isKept = silentFor(100, 10);
    expect(isKept(60), 'six gaps of 10').toBe(true);
    expect(isKept(60)).toBe(false);
  });

  it('after 320 cycles however long its gaps', () => {
    const isKept = silentFor(2, 100);
    expect(isKept(320)).toBe(true);
    expect(isKept(1)).toBe(false);
  });

  it('at once when it takes leave', () => {
    const harness = createHarness();
    const peer = new FakePeer(harness, 11);
    harness.cycle();
    peer.tell();
    expect(peer.tell({ flags: LEAVING, c: null })).toBe('none');
    expect(peer.slot()).toBe(-1);
  });

  it('not when somebody else takes leave in its name', () => {
    const harness = createHarness();
    const peer = new FakePeer(harness, 11);
    harness.cycle();
    peer.tell();
    const forged = new FakePeer(harness, 11, 99);
    expect(forged.tell({ cycle: 50, flags: LEAVING, c: null })).toBe('source');
    expect(peer.slot()).toBeGreaterThan(0);
  });
});

describe('a forgotten peer', () => {
  const X = 900;

  function forgotten(harness: Harness, relay: FakePeer): void {
    for (let i = 0; i < 322; i++) {
      harness.cycle();
      relay.tell();
    }
    expect(slotOf(harness, X)).toBe(-1);
  }

  it.each([
    { cycle: 9, returns: false },
    { cycle: 10, returns: false },
    { cycle: 11, returns: true },
  ])('returns by relays with newer news only: held 10, relayed $cycle', ({ cycle, returns }) => {
    const harness = createHarness();
    const relay = new FakePeer(harness, 11);
    harness.cycle();
    relay.tell({ relays: [{ tag: X, cycle: 10, c: [21 * ONE] }] });
    forgotten(harness, relay);
    relay.tell({ relays: [{ tag: X, cycle, c: [21 * ONE] }] });
    expect(slotOf(harness, X) >= 0).toBe(returns);
  });

  it('returns at once when it is heard itself with something newer', () => {
    const harness = createHarness();
    const relay = new FakePeer(harness, 11);
    const x = new FakePeer(harness, X);
    harness.cycle();
    x.tell({ cycle: 10 });
    forgotten(harness, relay);
    x.tell({ cycle: 10, c: [22 * ONE] });
    expect(slotOf(harness, X)).toBe(-1);
    x.tell({ cycle: 11, c: [22 * ONE] });
    expect(heldOf(harness, X)).toBe(22 * ONE);
  });

  it('stays forgotten in an open swarm too', () => {
    const harness = createHarness({ settings: { relay: 2 } });
    const relay = new FakePeer(harness, 11);
    harness.cycle();
    relay.tell({ relays: [{ tag: X, cycle: 10, c: [21 * ONE] }] });
    forgotten(harness, relay);
    relay.tell({ relays: [{ tag: X, cycle: 10, c: [21 * ONE] }] });
    expect(slotOf(harness, X)).toBe(-1);
  });
});

describe('a full table', () => {
  it('lets nobody in by relay', () => {
    const harness = createHarness({ settings: { table: 2 } });
    const peers = [11, 12].map((tag) => new FakePeer(harness, tag));
    harness.cycle();
    for (const peer of peers) peer.tell();
    peers[0].tell({ relays: [{ tag: 900, cycle: 10, c: [21 * ONE] }] });
    expect(slotOf(harness, 900)).toBe(-1);
  });

  it('lets the relayed go before the heard, however old those are', () => {
    const harness = createHarness({ settings: { table: 3 } });
    const [old, relay, late] = [11, 12, 13].map((tag) => new FakePeer(harness, tag));
    harness.cycle();
    old.tell();
    for (let i = 0; i < 10; i++) harness.cycle();
    relay.tell({ relays: [{ tag: 900, cycle: 10, c: [21 * ONE] }] });
    late.tell();
    expect([old.slot() > 0, relay.slot() > 0, slotOf(harness, 900), late.slot() > 0]).toEqual([true, true, -1, true]);
  });

  it('lets the oldest go', () => {
    const harness = createHarness({ settings: { table: 2 } });
    const [first, second, third] = [11, 12, 13].map((tag) => new FakePeer(harness, tag));
    harness.cycle();
    second.tell();
    harness.cycle();
    first.tell();
    third.tell();
    expect([first.slot() > 0, second.slot(), third.slot() > 0]).toEqual([true, -1, true]);
  });

  it('lets the least trusted go among equally old ones', () => {
    const harness = createHarness({ settings: { table: 8 } });
    const peers = Array.from({ length: 8 }, (_, i) => new FakePeer(harness, 11 + i));
    harness.setReading(0, 20 * ONE);
    for (let i = 0; i < 40; i++) {
      harness.cycle();
      peers.forEach((peer, at) => peer.tell({ c: [at === 4 ? 90 * ONE : 20 * ONE] }));
    }
    new FakePeer(harness, 99).tell();
    expect(peers.map((peer) => peer.slot() > 0)).toEqual([true, true, true, true, false, true, true, true]);
  });
});

describe('one address', () => {
  it('speaks for one session: a new one replaces the old', () => {
    const harness = createHarness();
    const [before, after] = [new FakePeer(harness, 11, 5), new FakePeer(harness, 12, 5)];
    harness.cycle();
    before.tell();
    after.tell();
    expect([before.slot(), after.slot() > 0]).toEqual([-1, true]);
  });

  it('speaks for as many as the setting allows', () => {
    const harness = createHarness({ settings: { nodes_per_address: 2 } });
    const peers = [11, 12, 13].map((tag) => new FakePeer(harness, tag, 5));
    harness.cycle();
    for (const peer of peers) peer.tell();
    expect(peers.filter((peer) => peer.slot() > 0)).toHaveLength(2);
    expect(peers[2].slot()).toBeGreaterThan(0);
  });
});

describe('trust', () => {
  /** Eight peers, of which the first contributes `value` and the others 19.0 to 20.75; the trust in the first and the fifth. */
  function trusted(value: number, cycles: number): number[] {
    const harness = createHarness();
    const peers = Array.from({ length: 8 }, (_, i) => new FakePeer(harness, 11 + i));
    for (let i = 0; i < cycles; i++) {
      harness.cycle();
      peers.forEach((peer, at) => peer.tell({ c: [at === 0 ? value : (19 + at / 4) * ONE] }));
    }
    return [fieldOf(harness, 11, TRUST), fieldOf(harness, 15, TRUST)];
  }

  it('rises to 256 for a peer inside the guard and falls to next to nothing for one that is left out', () => {
    const [liar, honest] = trusted(90 * ONE, 120);
    expect(honest).toBe(256);
    expect(liar).toBeLessThanOrEqual(15);
  });

  it('is the share of the contribution that the guard lets through', () => {
    // Median 20 - 1/8, MAD 5/8 (of 3/8, 3/8, 1/8, 1/8, 5/8, 5/8, 7/8 and the last): cap 1.875 + 30/8 = 5.625.
    const [clamped] = trusted((20 - 1 / 8 + 7.5) * ONE, 120);
    expect(Math.abs(clamped - (256 * 5.625) / 7.5)).toBeLessThan(40);
  });

  it('changes slowly', () => {
    const [liar, honest] = trusted(90 * ONE, 6);
    expect(liar).toBeGreaterThan(60);
    expect(honest).toBeLessThan(256);
  });

  it('stays as it is for a peer that is silent', () => {
    const harness = createHarness();
    const peer = new FakePeer(harness, 11);
    harness.cycle();
    peer.tell();
    for (let i = 0; i < 8; i++) harness.cycle();
    const before = fieldOf(harness, peer.tag, TRUST);
    for (let i = 0; i < 20; i++) harness.cycle();
    expect(fieldOf(harness, peer.tag, TRUST)).toBe(before);
  });
});
