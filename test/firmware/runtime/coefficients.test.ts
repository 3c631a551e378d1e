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

  it.each([
    { heard: 14, expected: 2, what: 'one of 16' },
    { heard: 13, expected: 4, what: 'one of 15' },
  ])('is 4 when more than a sixteenth of the contributions do not count: $what', ({ heard, expected }) => {
    const { harness, all, shift } = among(heard);
    all[0].tell({ relays: [{ tag: 900, cycle: 5, c: [20 * ONE] }] });
    harness.cycle();
    expect(harness.node.parts.transport.table.uncounted).toBe(1);
    expect(shift()).toBe(expected);
  });

  it.each([
    { heard: 15, expected: 2, what: 'one beside 16' },
    { heard: 14, expected: 4, what: 'one beside 15' },
  ])('is 4 in an open swarm when a neighbour holds more than a sixteenth more: $what', ({ heard, expected }) => {
    const { harness, all, shift } = among(heard, { relay: 2 });
    all[0].tell({ held: heard + 1 });
    harness.cycle();
    expect(shift()).toBe(expected);
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
