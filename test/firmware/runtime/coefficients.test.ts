import { describe, expect, it } from 'vitest';
import { FakePeer } from '../fake-peer.ts';
import { createHarness, ONE } from '../harness.ts';
import type { Harness } from '../harness.ts';

/** A node that just heard so many peers directly. */
function among(peers: number, settings = {}): { harness: Harness; all: FakePeer[]; shift: () => number } {
  const harness = createHarness({ settings });
  const all = Array.from({ length: peers }, (_, i) => new FakePeer(harness, 11 + i));
  harness.cycle();
  for (const peer of all) peer.tell({ held: peers });
  harness.cycle();
  return { harness, all, shift: () => harness.node.parts.drift.coefficients.shift };
}

describe('the shift of beta', () => {
  it('is 1 with eight nodes or fewer, 2 with more', () => {
    expect(among(0).shift()).toBe(1);
    expect(among(7).shift()).toBe(1);
    expect(among(8).shift()).toBe(2);
    expect(among(40).shift()).toBe(2);
  });

  it('is 5 for 64 cycles after a table overflowed', () => {
    const { harness, shift } = among(12, { table: 10 });
    expect(shift()).toBe(5);
    for (let i = 0; i < 62; i++) harness.cycle();
    expect(shift()).toBe(5);
    harness.cycle();
    expect(shift()).toBe(2);
  });

  it('is 4 when more than a sixteenth of the contributions do not count', () => {
    const { harness, all, shift } = among(15);
    const relays = Array.from({ length: 2 }, (_, i) => ({ tag: 900 + i, cycle: 5, c: [20 * ONE] }));
    all[0].tell({ relays: relays.slice(0, 1) });
    harness.cycle();
    expect(shift(), 'one of 17').toBe(2);
    all[0].tell({ relays });
    harness.cycle();
    expect(shift(), 'two of 18').toBe(4);
  });

  it('is 4 in an open swarm when a neighbour holds more than a sixteenth more', () => {
    const { harness, all, shift } = among(15, { relay: 2 });
    all[0].tell({ held: 16 });
    harness.cycle();
    expect(shift()).toBe(2);
    all[0].tell({ held: 17 });
    harness.cycle();
    expect(shift()).toBe(4);
  });
});

describe('alpha', () => {
  it('is that of the settings', () => {
    expect(among(3, { alpha: 1234 }).harness.node.parts.drift.coefficients.alpha).toBe(1234);
  });
});

describe('votes', () => {
  it('take three peers, in an open swarm one', () => {
    expect(among(3).harness.node.parts.drift.coefficients.voters_min).toBe(3);
    expect(among(3, { relay: 2 }).harness.node.parts.drift.coefficients.voters_min).toBe(1);
  });
});
