/** What relays may say of a peer that is heard, what an address may say under several tags, and the modes `off` and `open`. */
import { describe, expect, it } from 'vitest';
import { WITNESSES, WITNESSES_BEFORE } from '../../../firmware/types/table.ts';
import { FakePeer, fieldOf, heldOf } from '../fake-peer.ts';
import { ONE } from '../harness.ts';
import type { Harness } from '../harness.ts';
import { FIRST, LATER, scene, X } from './relay-scene.ts';
import type { Scene } from './relay-scene.ts';

describe('a peer that is heard', () => {
  /** X is heard in each of so many cycles, then not for `silence`. */
  function heard(times: number, silence: number): Scene & { last: number } {
    const made = scene();
    const x = new FakePeer(made.harness, X);
    for (let i = 0; i < times; i++) {
      x.tell({ c: [FIRST] });
      if (i + 1 < times) made.pass(1);
    }
    made.pass(silence);
    return { ...made, last: x.cycle };
  }

  it.each([
    { times: 100, silence: 4, taken: false },
    { times: 100, silence: 5, taken: true },
    { times: 1, silence: 16, taken: false },
    { times: 1, silence: 17, taken: true },
  ])('is protected within its own gap, 4 to 16 cycles: heard $times times, silent for $silence', (row) => {
    const { harness, relay, last } = heard(row.times, row.silence);
    relay(0, { cycle: last + row.silence, c: [LATER] });
    expect(heldOf(harness, X)).toBe(row.taken ? LATER : FIRST);
  });

  it('is never followed second hand, however many say the same', () => {
    const { harness, relay, last } = heard(100, 20);
    relay(0, { cycle: last + 20, c: [LATER], firstHand: false });
    relay(1, { cycle: last + 20, c: [LATER], firstHand: false });
    relay(2, { cycle: last + 20, c: [LATER], firstHand: false });
    expect(heldOf(harness, X)).toBe(FIRST);
  });

  it('has a witness in each relay that claims to hear it too, for 512 to 1,024 cycles', () => {
    const { harness, relay, pass, last } = heard(2, 0);
    const witnesses = (): number => fieldOf(harness, X, WITNESSES) | fieldOf(harness, X, WITNESSES_BEFORE);
    relay(0, { cycle: last - 1, c: [FIRST], firstHand: false });
    expect(witnesses(), 'second hand').toBe(0);
    relay(0, { cycle: last - 1, c: [FIRST] });
    const bit = witnesses();
    expect(bit & (bit - 1), 'just one bit').toBe(0);
    expect(bit).not.toBe(0);
    const x = new FakePeer(harness, X);
    x.cycle = last;
    const passHeard = (cycles: number): void => {
      for (let i = 0; i < cycles; i++) {
        pass(1);
        x.tell({ c: [FIRST] });
      }
    };
    passHeard(512);
    expect(witnesses()).toBe(bit);
    passHeard(512);
    expect(witnesses()).toBe(0);
  });
});

describe('one address', () => {
  /** The same host under a new tag each time: the table holds one of them at once. */
  function turncoat(harness: Harness, turn: number): FakePeer {
    return new FakePeer(harness, ((turn + 1) << 27) | 77, 77);
  }

  it('is one relay, however often it changes its tag: it cannot confirm its own word', () => {
    const { harness } = scene();
    for (let turn = 0; turn < 4; turn++) {
      turncoat(harness, turn).tell({ relays: [{ tag: X, cycle: 10, c: [FIRST], firstHand: false }] });
    }
    expect(heldOf(harness, X)).toBeUndefined();
  });

  it('is one witness, however often it changes its tag', () => {
    const { harness } = scene();
    for (let turn = 0; turn < 4; turn++) {
      turncoat(harness, turn).tell({ relays: [{ tag: X, cycle: 10 + turn, c: [FIRST] }] });
    }
    const bits = fieldOf(harness, X, WITNESSES);
    expect(bits & (bits - 1)).toBe(0);
  });

  it('that was caught lying is ignored under its next tag too', () => {
    const { harness, peers } = scene();
    turncoat(harness, 0).tell({ relays: [{ tag: peers[0].tag, cycle: peers[0].cycle, c: [LATER] }] });
    expect(harness.node.parts.transport.lies).toBe(1);
    turncoat(harness, 1).tell({ relays: [{ tag: X, cycle: 10, c: [FIRST] }] });
    expect(heldOf(harness, X)).toBeUndefined();
  });
});

describe('relays off', () => {
  it('takes nothing in', () => {
    const { harness, relay } = scene({ relay: 0 });
    relay(0, { cycle: 10, c: [FIRST] });
    expect(heldOf(harness, X)).toBeUndefined();
  });
});

describe('relays open', () => {
  it('lets the newest win, second hand from one relay and over what was heard', () => {
    const { harness, relay } = scene({ relay: 2 });
    relay(0, { cycle: 10, c: [FIRST], firstHand: false });
    expect(heldOf(harness, X)).toBe(FIRST);
    new FakePeer(harness, X).tell({ cycle: 12, c: [22 * ONE] });
    relay(1, { cycle: 11, c: [LATER] });
    expect(heldOf(harness, X), 'older').toBe(22 * ONE);
    relay(1, { cycle: 13, c: [LATER], firstHand: false });
    expect(heldOf(harness, X), 'newer').toBe(LATER);
  });

  it('passes no verdicts, and believes nobody about its own tag', () => {
    const { harness, peers } = scene({ relay: 2 });
    const { tag, cycle } = harness.node.parts.transport;
    harness.setReading(0, FIRST);
    harness.cycle();
    peers[0].tell({ relays: [{ tag, cycle: cycle + 100, c: [LATER] }] });
    expect(heldOf(harness, tag)).toBe(FIRST);
    expect(harness.node.parts.transport.lies).toBe(0);
  });
});
