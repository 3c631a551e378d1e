/** The rules of "Relays" in drift.md that decide which relayed contributions are taken in, of peers that nobody hears. */
import { describe, expect, it } from 'vitest';
import { AGE, CONFIRMED, DIRECT_AGE } from '../../../firmware/types/table.ts';
import { fieldOf, heldOf, slotOf } from '../fake-peer.ts';
import { ONE } from '../harness.ts';
import { FIRST, LATER, scene, X } from './relay-scene.ts';

describe('a tag that was never heard of', () => {
  it('is taken in from one relay first hand', () => {
    const { harness, relay } = scene();
    relay(0, { cycle: 5000, c: [FIRST] });
    expect(heldOf(harness, X)).toBe(FIRST);
  });

  it('is taken in second hand when two relays say the same', () => {
    const { harness, relay } = scene();
    relay(0, { cycle: 10, c: [FIRST], firstHand: false });
    expect(heldOf(harness, X)).toBeUndefined();
    relay(1, { cycle: 10, c: [FIRST], firstHand: false });
    expect(heldOf(harness, X)).toBe(FIRST);
  });

  it('is not taken in when one relay says the same twice second hand', () => {
    const { harness, relay } = scene();
    relay(0, { cycle: 10, c: [FIRST], firstHand: false });
    relay(0, { cycle: 10, c: [FIRST], firstHand: false });
    expect(heldOf(harness, X)).toBeUndefined();
  });

  it.each([
    { what: 'value', entry: { cycle: 10, c: [LATER] } },
    { what: 'cycle', entry: { cycle: 11, c: [FIRST] } },
  ])('is not taken in when the second relay gives another $what', ({ entry }) => {
    const { harness, relay } = scene();
    relay(0, { cycle: 10, c: [FIRST], firstHand: false });
    relay(1, { ...entry, firstHand: false });
    expect(heldOf(harness, X)).toBeUndefined();
  });

  it('is 0 never', () => {
    const { harness, peers } = scene();
    peers[0].tell({ relays: [{ tag: 0, cycle: 10, c: [FIRST] }] });
    expect(slotOf(harness, 0)).toBe(-1);
  });
});

describe('a contribution that is taken in', () => {
  it('keeps the age that it came with', () => {
    const { harness, relay, pass } = scene();
    relay(0, { cycle: 10, c: [FIRST], age: 30 });
    expect(fieldOf(harness, X, AGE)).toBe(30);
    pass(2);
    expect(fieldOf(harness, X, AGE)).toBe(32);
  });

  it('does not make its sender a peer that was heard', () => {
    const { harness, relay, pass } = scene();
    relay(0, { cycle: 10, c: [FIRST] });
    pass(1);
    expect(harness.node.parts.transport.table.direct).toBe(3);
    expect(fieldOf(harness, X, DIRECT_AGE)).toBe(-1);
  });

  it('has no value where the relayed one lies outside the range', () => {
    const { harness, relay } = scene();
    relay(0, { cycle: 10, c: [101 * ONE] });
    expect(heldOf(harness, X)).toBe(-1);
  });
});

describe('a peer that was never heard directly', () => {
  it('is followed up to 24 cycles ahead', () => {
    const { harness, relay } = scene();
    relay(0, { cycle: 10, c: [FIRST] });
    relay(0, { cycle: 34, c: [LATER] });
    expect(heldOf(harness, X)).toBe(LATER);
  });

  it('waits for a second relay beyond 24 cycles ahead', () => {
    const { harness, relay } = scene();
    relay(0, { cycle: 10, c: [FIRST] });
    relay(0, { cycle: 35, c: [LATER] });
    relay(0, { cycle: 35, c: [LATER] });
    expect(heldOf(harness, X), 'one relay alone').toBe(FIRST);
    relay(1, { cycle: 35, c: [LATER] });
    expect(heldOf(harness, X)).toBe(LATER);
  });

  it('does not jump when the second relay gives another value', () => {
    const { harness, relay } = scene();
    relay(0, { cycle: 10, c: [FIRST] });
    relay(0, { cycle: 35, c: [LATER] });
    relay(1, { cycle: 35, c: [25 * ONE] });
    expect(heldOf(harness, X)).toBe(FIRST);
  });

  it('may be as far ahead as the time that passed', () => {
    const { harness, relay, pass } = scene();
    relay(0, { cycle: 10, c: [FIRST] });
    pass(40);
    relay(0, { cycle: 10 + 40 + 10 + 24, c: [LATER] });
    expect(heldOf(harness, X)).toBe(LATER);
  });

  it('needs two relays for second-hand news', () => {
    const { harness, relay } = scene();
    relay(0, { cycle: 10, c: [FIRST] });
    relay(1, { cycle: 12, c: [LATER], firstHand: false });
    relay(1, { cycle: 12, c: [LATER], firstHand: false });
    expect(heldOf(harness, X), 'one relay, twice').toBe(FIRST);
    relay(2, { cycle: 12, c: [LATER], firstHand: false });
    expect(heldOf(harness, X)).toBe(LATER);
  });

  it('is followed across the wrap of the 16-bit cycle', () => {
    const { harness, relay } = scene();
    relay(0, { cycle: 65_530, c: [FIRST] });
    relay(0, { cycle: 65_540, c: [LATER] });
    expect(heldOf(harness, X)).toBe(LATER);
    relay(0, { cycle: 65_535, c: [FIRST] });
    expect(heldOf(harness, X), 'older again').toBe(LATER);
  });
});

describe('news that is not newer', () => {
  it('confirms what is held when another relay says the same', () => {
    const { harness, relay } = scene();
    relay(0, { cycle: 10, c: [FIRST] });
    relay(0, { cycle: 10, c: [FIRST] });
    expect(fieldOf(harness, X, CONFIRMED), 'the same relay').toBe(0);
    relay(1, { cycle: 10, c: [FIRST] });
    expect(fieldOf(harness, X, CONFIRMED)).toBe(1);
  });

  it('confirms nothing when it says something else', () => {
    const { harness, relay } = scene();
    relay(0, { cycle: 10, c: [FIRST] });
    relay(1, { cycle: 10, c: [LATER] });
    expect(fieldOf(harness, X, CONFIRMED)).toBe(0);
    expect(heldOf(harness, X)).toBe(FIRST);
  });
});

describe('a datagram with many entries', () => {
  it('is looked at for its first 16 only', () => {
    const { harness, peers } = scene();
    const relays = Array.from({ length: 17 }, (_, i) => ({ tag: 5000 + i, cycle: 1, c: [FIRST] }));
    peers[0].tell({ relays });
    expect(heldOf(harness, 5015)).toBe(FIRST);
    expect(heldOf(harness, 5016)).toBeUndefined();
  });
});
