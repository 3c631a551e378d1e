/** The rules of "Relays" in drift.md that end in the verdict "liar", and what the verdict does. */
import { describe, expect, it } from 'vitest';
import { IGNORE, WITNESSES } from '../../../firmware/types/table.ts';
import { FakePeer, fieldOf, heldOf } from '../fake-peer.ts';
import type { Relayed } from '../fake-peer.ts';
import { wireCycle } from '../inspect.ts';
import { createHarness, ONE } from '../harness.ts';
import type { Harness } from '../harness.ts';

const NOT_ITS = 33 * ONE;
const ITS = 21 * ONE;

interface Scene {
  harness: Harness;
  /** Heard directly; passes entries on. */
  relay: FakePeer;
  /** The one whose contribution is passed on. */
  source: FakePeer;
  relays: (entry: Omit<Relayed, 'tag'>) => void;
  isLiar: () => boolean;
}

function scene(): Scene {
  const harness = createHarness();
  const relay = new FakePeer(harness, 101);
  const source = new FakePeer(harness, 102);
  harness.cycle();
  relay.tell();
  return {
    harness,
    relay,
    source,
    relays: (entry) => {
      relay.tell({ relays: [{ tag: source.tag, ...entry }] });
    },
    isLiar: () => fieldOf(harness, relay.tag, IGNORE) > 0,
  };
}

/** The source is heard at cycle 100, then `silence` cycles pass in which only the relay is. */
function sceneAfter(silence: number): Scene {
  const made = scene();
  made.source.tell({ cycle: 100, c: [ITS] });
  for (let i = 0; i < silence; i++) {
    made.harness.cycle();
    made.relay.tell();
  }
  return made;
}

describe('what the sender says itself convicts a first-hand relay', () => {
  it('that was ahead of the sender', () => {
    const { harness, source, relay, relays, isLiar } = sceneAfter(20);
    relays({ cycle: 125, c: [NOT_ITS] });
    expect(heldOf(harness, source.tag)).toBe(NOT_ITS);
    source.tell({ cycle: 120, c: [ITS] });
    expect(isLiar()).toBe(true);
    expect(harness.events).toContainEqual({ name: 'liar-caught', a: relay.tag, b: 0 });
    expect(harness.node.parts.transport.lies).toBe(1);
  });

  it('that gave another value for the same cycle', () => {
    const { source, relays, isLiar } = scene();
    relays({ cycle: 40, c: [NOT_ITS] });
    source.tell({ cycle: 40, c: [ITS] });
    expect(isLiar()).toBe(true);
  });

  it('but not one that repeated it to the bit', () => {
    const { source, relays, isLiar } = scene();
    relays({ cycle: 40, c: [ITS] });
    source.tell({ cycle: 40, c: [ITS] });
    expect(isLiar()).toBe(false);
  });

  it('but not one that was behind the sender', () => {
    const { source, relays, isLiar } = scene();
    relays({ cycle: 39, c: [NOT_ITS] });
    source.tell({ cycle: 40, c: [ITS] });
    expect(isLiar()).toBe(false);
  });

  it('but not one whose news overtook the datagram by one cycle', () => {
    const { source, relays, isLiar } = sceneAfter(20);
    relays({ cycle: 121, c: [NOT_ITS] });
    source.tell({ cycle: 120, c: [ITS] });
    expect(isLiar()).toBe(false);
  });

  it('but not by a datagram that comes late', () => {
    const { harness, source, relays, isLiar } = sceneAfter(20);
    relays({ cycle: 118, c: [NOT_ITS] });
    expect(heldOf(harness, source.tag)).toBe(NOT_ITS);
    source.tell({ cycle: 105, c: [ITS] });
    expect(isLiar(), 'sent 15 cycles before it was heard').toBe(false);
  });

  it('but not by the first datagram of all, which may be late', () => {
    const { source, relays, isLiar } = scene();
    relays({ cycle: 50, c: [NOT_ITS] });
    source.tell({ cycle: 40, c: [ITS] });
    expect(isLiar()).toBe(false);
  });

  it('and never a relay that only repeated what another one said', () => {
    const { harness, source, relays, relay, isLiar } = scene();
    const second = new FakePeer(harness, 103);
    relays({ cycle: 50, c: [NOT_ITS], firstHand: false });
    second.tell({ relays: [{ tag: source.tag, cycle: 50, c: [NOT_ITS], firstHand: false }] });
    expect(heldOf(harness, source.tag)).toBe(NOT_ITS);
    source.tell({ cycle: 40, c: [ITS] });
    expect(isLiar()).toBe(false);
    expect(harness.node.parts.transport.lies, `of ${relay.tag} and ${second.tag}`).toBe(0);
  });
});

describe('direct wins', () => {
  it('over a relayed contribution that is ahead of it', () => {
    const { harness, source, relays } = scene();
    relays({ cycle: 50, c: [NOT_ITS] });
    source.tell({ cycle: 40, c: [ITS] });
    expect(heldOf(harness, source.tag)).toBe(ITS);
  });

  it('over what is relayed of the same cycle afterwards', () => {
    const { harness, source, relays } = scene();
    source.tell({ cycle: 40, c: [ITS] });
    relays({ cycle: 40, c: [NOT_ITS], firstHand: false });
    expect(heldOf(harness, source.tag)).toBe(ITS);
  });
});

describe('an entry that contradicts what was heard directly of that cycle', () => {
  it('is a lie first hand', () => {
    const { source, relays, isLiar } = scene();
    source.tell({ cycle: 40, c: [ITS] });
    relays({ cycle: 40, c: [NOT_ITS] });
    expect(isLiar()).toBe(true);
  });

  it('is left aside second hand', () => {
    const { source, relays, isLiar } = scene();
    source.tell({ cycle: 40, c: [ITS] });
    relays({ cycle: 40, c: [NOT_ITS], firstHand: false });
    expect(isLiar()).toBe(false);
  });
});

describe('an entry under the own tag', () => {
  function ownScene(): Scene & { own: (over: Partial<Relayed>) => void } {
    const made = scene();
    made.harness.setReading(0, ITS);
    for (let i = 0; i < 5; i++) made.harness.cycle();
    const { parts } = made.harness.node;
    const { tag } = parts.transport;
    const cycle = wireCycle(parts);
    return { ...made, own: (over) => made.relay.tell({ relays: [{ tag, cycle, c: [ITS], ...over }] }) };
  }

  it('is fine when it is what the node sent', () => {
    const { own, isLiar } = ownScene();
    own({});
    expect(isLiar()).toBe(false);
  });

  it('is a lie when it is not what the node sent', () => {
    const { own, isLiar } = ownScene();
    own({ c: [NOT_ITS] });
    expect(isLiar()).toBe(true);
  });

  it('is a lie when it is not what the node sent some cycles ago', () => {
    const { harness, own, isLiar } = ownScene();
    const cycle = wireCycle(harness.node.parts);
    harness.setReading(0, 25 * ONE);
    for (let i = 0; i < 40; i++) harness.cycle();
    own({ cycle, c: [ITS] });
    expect(isLiar(), 'the old value for the old cycle').toBe(false);
    own({ cycle, c: [25 * ONE] });
    expect(isLiar(), 'the new value for the old cycle').toBe(true);
  });

  it('is a lie when it is ahead of the node', () => {
    const { harness, own, isLiar } = ownScene();
    own({ cycle: wireCycle(harness.node.parts) + 1 });
    expect(isLiar()).toBe(true);
  });

  it('proves nothing second hand, and never changes what the node contributes', () => {
    const { harness, own, isLiar } = ownScene();
    own({ c: [NOT_ITS], firstHand: false });
    expect(isLiar()).toBe(false);
    expect(heldOf(harness, harness.node.parts.transport.tag)).toBe(ITS);
  });

  it('proves nothing when it is older than the node remembers', () => {
    const { harness, own, isLiar } = ownScene();
    const cycle = wireCycle(harness.node.parts);
    for (let i = 0; i < 64; i++) harness.cycle();
    own({ cycle, c: [NOT_ITS] });
    expect(isLiar()).toBe(false);
  });
});

describe('clock check', () => {
  // Heard 20 cycles ago: news may be 20 + 20/4 + 2 = 27 cycles later, and is a lie beyond 2 * 20 + 8 = 48.
  it.each([
    { ahead: 27, firstHand: true, taken: true, lie: false },
    { ahead: 28, firstHand: true, taken: false, lie: false },
    { ahead: 48, firstHand: true, taken: false, lie: false },
    { ahead: 49, firstHand: true, taken: false, lie: true },
    { ahead: 49, firstHand: false, taken: false, lie: false },
  ])('$ahead cycles ahead, first hand $firstHand: taken $taken, lie $lie', ({ ahead, firstHand, taken, lie }) => {
    const { harness, source, relays, isLiar } = sceneAfter(20);
    relays({ cycle: 100 + ahead, c: [NOT_ITS], firstHand });
    expect(heldOf(harness, source.tag)).toBe(taken ? NOT_ITS : ITS);
    expect(isLiar()).toBe(lie);
  });
});

describe('a liar', () => {
  function caught(): Scene {
    const made = scene();
    made.source.tell({ cycle: 40, c: [ITS] });
    made.relays({ cycle: 40, c: [NOT_ITS] });
    expect(made.isLiar()).toBe(true);
    return made;
  }

  it('is not believed for 64 cycles, and then again', () => {
    const { harness, relay } = caught();
    for (let cycle = 0; cycle < 64; cycle++) {
      relay.tell({ relays: [{ tag: 500, cycle: 1000 + cycle, c: [ITS] }] });
      expect(heldOf(harness, 500), `${cycle} cycles after the verdict`).toBeUndefined();
      harness.cycle();
    }
    expect(harness.dropped('ignored')).toBe(64);
    relay.tell({ relays: [{ tag: 500, cycle: 1064, c: [ITS] }] });
    expect(heldOf(harness, 500)).toBe(ITS);
  });

  it('still contributes its own value', () => {
    const { harness, relay } = caught();
    harness.cycle();
    relay.tell({ c: [23 * ONE] });
    expect(heldOf(harness, relay.tag)).toBe(23 * ONE);
    harness.cycle();
    expect(harness.node.parts.state.sensors[0], 'the relay and the source').toBe(2);
  });

  it('is not a witness of the peers that it names', () => {
    const { harness, relay, source } = caught();
    harness.cycle();
    relay.tell({ relays: [{ tag: source.tag, cycle: 40, c: [ITS] }] });
    expect(fieldOf(harness, source.tag, WITNESSES)).toBe(0);
  });
});
