/** The rules of "Relays" in drift.md that decide which relayed contributions are taken in. */
import { describe, expect, it } from 'vitest';
import { AGE, CONFIRMED, DIRECT_AGE, WITNESSES, WITNESSES_BEFORE } from '../../../firmware/types/table.ts';
import { FakePeer, fieldOf, heldOf, slotOf } from '../fake-peer.ts';
import type { Relayed } from '../fake-peer.ts';
import { createHarness, ONE } from '../harness.ts';
import type { Harness } from '../harness.ts';

const X = 900;
const FIRST = 21 * ONE;
const LATER = 24 * ONE;

interface Scene {
  harness: Harness;
  peers: FakePeer[];
  /** Lets a peer pass on an entry of X. */
  relay: (peer: number, entry: Omit<Relayed, 'tag'>) => void;
  /** Runs cycles in which the peers are heard, and X is not. */
  pass: (cycles: number) => void;
}

function scene(settings = {}): Scene {
  const harness = createHarness({ settings });
  const peers = [201, 202, 203].map((tag) => new FakePeer(harness, tag));
  const pass = (cycles: number): void => {
    for (let i = 0; i < cycles; i++) {
      harness.cycle();
      for (const peer of peers) peer.tell();
    }
  };
  pass(1);
  return {
    harness,
    peers,
    relay: (peer, entry) => {
      peers[peer].tell({ relays: [{ tag: X, ...entry }] });
    },
    pass,
  };
}

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

describe('a datagram with many entries', () => {
  it('is looked at for its first 16 only', () => {
    const { harness, peers } = scene();
    const relays = Array.from({ length: 17 }, (_, i) => ({ tag: 5000 + i, cycle: 1, c: [FIRST] }));
    peers[0].tell({ relays });
    expect(heldOf(harness, 5015)).toBe(FIRST);
    expect(heldOf(harness, 5016)).toBeUndefined();
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
