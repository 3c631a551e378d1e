/** Recovery mode, as a node among peers shows it. */
import { describe, expect, it } from 'vitest';
import { checkInvariants, triggerRecoveryMode, watchAgreement } from '../../../firmware/vaultguard/recovery.ts';
import { createPull } from '../../../firmware/types/pull.ts';
import { FakePeer } from '../fake-peer.ts';
import { createHarness, ONE } from '../harness.ts';
import type { Harness } from '../harness.ts';

const DIFF_NONE = -0x80000000;
/** Where a datagram's first agreed value stands: header 18, message head 3, shard and weight 6, contribution 4. */
const AT_AGREED = 31;

const stateOf = (): Harness['node']['parts']['state'] => createHarness({ started: false }).node.parts.state;
const names = (harness: Harness): string[] => harness.events.map(({ name }) => name);

describe('invariants', () => {
  it.each([
    { what: 'no value yet', change: { b: -1 }, holds: true },
    { what: 'the largest value', change: { b: 0x7fffffff }, holds: true },
    { what: 'a negative value', change: { b: -2 }, holds: false },
    { what: 'the largest energy', change: { energy: 0x0fffffff }, holds: true },
    { what: 'too much energy', change: { energy: 0x10000000 }, holds: false },
    { what: 'negative energy', change: { energy: -1 }, holds: false },
    { what: 'a drain window that began below zero', change: { drainBase: -2 }, holds: false },
  ])('$what: $holds', ({ change, holds }) => {
    const state = stateOf();
    const { b = 5, energy = 5, drainBase = 5 } = change as Partial<Record<'b' | 'energy' | 'drainBase', number>>;
    [state.b[0], state.energy[0], state.drainBase[0]] = [b, energy, drainBase];
    expect(checkInvariants(state, 0)).toBe(holds);
  });

  it('that break end in recovery with everything of the key forgotten', () => {
    const state = stateOf();
    [state.b[0], state.energy[0], state.life[0]] = [-5, 77, 40];
    triggerRecoveryMode(state, 0);
    expect([state.b[0], state.energy[0], state.life[0], state.recovering[0]]).toEqual([-1, 0, 0, 1]);
  });

  it('that hold keep the value: the peers move it', () => {
    const state = stateOf();
    [state.b[0], state.energy[0], state.life[0]] = [500, 77, 40];
    triggerRecoveryMode(state, 0);
    expect([state.b[0], state.energy[0], state.life[0], state.recovering[0]]).toEqual([500, 77, 0, 1]);
  });

  it('are checked in each cycle of a node', () => {
    const harness = createHarness();
    harness.setReading(0, 20 * ONE);
    for (let i = 0; i < 12; i++) harness.cycle();
    harness.node.parts.state.energy[0] = -9;
    harness.cycle();
    expect(names(harness)).toContain('recovery-entered');
    expect(harness.node.parts.state.energy[0]).toBeGreaterThanOrEqual(0);
    expect(harness.node.parts.state.b[0]).toBe(20 * ONE);
  });
});

describe('disagreement', () => {
  const watched = (disagreements: boolean[]): boolean[] => {
    const state = stateOf();
    return disagreements.map((most) =>
      watchAgreement(state, 0, { ...createPull(), agree: most ? 2 : 3, disagree: most ? 3 : 2 }),
    );
  };

  it('of most fresh peers in eight cycles in a row asks for recovery', () => {
    expect(watched(new Array<boolean>(8).fill(true))).toEqual([...new Array<boolean>(7).fill(false), true]);
  });

  it('counts from the beginning after one cycle of agreement', () => {
    const cycles = [...new Array<boolean>(7).fill(true), false, ...new Array<boolean>(7).fill(true)];
    expect(watched(cycles)).not.toContain(true);
  });

  it('of just half does not count', () => {
    const state = stateOf();
    for (let i = 0; i < 20; i++) {
      expect(watchAgreement(state, 0, { ...createPull(), agree: 3, disagree: 3 })).toBe(false);
    }
  });
});

describe('a node that most peers disagree with', () => {
  /**
   * Twelve peers agree at 20.0; the node's own value was moved to 26.0 behind its back, and its energy is next to
   * nothing, so that VaultGuard lets it come back by small steps only.
   */
  function astray(): { harness: Harness; step: () => DataView } {
    const harness = createHarness();
    const peers = Array.from({ length: 12 }, (_, i) => new FakePeer(harness, 11 + i));
    harness.setReading(0, 20 * ONE);
    const step = (): DataView => {
      for (const peer of peers) peer.tell({ c: [20 * ONE + peer.tag], b: [20 * ONE] });
      return harness.cycle();
    };
    for (let i = 0; i < 40; i++) step();
    const { state } = harness.node.parts;
    state.b[0] = 26 * ONE;
    state.energy[0] = 1;
    state.drainBase[0] = 26 * ONE;
    return { harness, step };
  }

  it('enters recovery after eight cycles, and not before', () => {
    const { harness, step } = astray();
    for (let i = 0; i < 7; i++) step();
    expect(names(harness)).not.toContain('recovery-entered');
    step();
    expect(harness.events.filter(({ name }) => name === 'recovery-entered')).toEqual([
      { name: 'recovery-entered', a: 0, b: 0 },
    ]);
  });

  it('sends no agreed value until it agrees again, and then its peers’', () => {
    const { harness, step } = astray();
    for (let i = 0; i < 7; i++) expect(step().getInt32(AT_AGREED)).toBeGreaterThan(0);
    expect(step().getInt32(AT_AGREED), 'in recovery').toBe(DIFF_NONE);
    const back = Array.from({ length: 3 }, () => step().getInt32(AT_AGREED)).filter((diff) => diff !== DIFF_NONE);
    expect(names(harness)).toContain('recovery-left');
    expect(back.length).toBeGreaterThan(0);
    expect(Math.abs(back[0]), 'less the reference of 20.0').toBeLessThan(200);
  });

  it('still contributes its own reading meanwhile', () => {
    const { step } = astray();
    for (let i = 0; i < 7; i++) step();
    expect(step().getInt32(AT_AGREED - 4)).toBe(0);
  });
});

describe('a node whose store is corrupt', () => {
  function spoilt(): Harness {
    const before = createHarness();
    before.setReading(0, 60 * ONE);
    for (let i = 0; i < 20; i++) before.cycle();
    before.node.shutdown();
    for (const slot of [0, 1]) {
      const view = new DataView(new ArrayBuffer(64));
      const length = before.store.read(slot, view);
      view.setUint8(20, view.getUint8(20) ^ 1);
      if (length > 0) before.store.write(slot, view, length);
    }
    const harness = createHarness({ seed: 9, store: before.store });
    harness.setReading(0, 60 * ONE);
    return harness;
  }

  it('says so, and sends no agreed value before it has heard one', () => {
    const harness = spoilt();
    expect(names(harness)).toContain('state-corrupt');
    for (let i = 0; i < 31; i++) expect(harness.cycle().getInt32(AT_AGREED), `cycle ${i}`).toBe(DIFF_NONE);
  });

  it('sends that of its peers once it agrees with them', () => {
    const harness = spoilt();
    for (let i = 0; i < 5; i++) harness.cycle();
    const peers = Array.from({ length: 12 }, (_, i) => new FakePeer(harness, 11 + i));
    let first = DIFF_NONE;
    for (let i = 0; i < 8 && first === DIFF_NONE; i++) {
      for (const peer of peers) peer.tell({ c: [20 * ONE], b: [20 * ONE] });
      first = harness.cycle().getInt32(AT_AGREED);
    }
    expect(Math.abs(first), 'less the reference of 20.0').toBeLessThan(2 * ONE);
  });

  it('trusts its own again where nobody has one, so that a swarm that lost all its stores begins anew', () => {
    const harness = spoilt();
    for (let i = 0; i < 32; i++) harness.cycle();
    expect(names(harness)).toContain('recovery-left');
    expect(harness.cycle().getInt32(AT_AGREED)).toBe(40 * ONE);
  });
});
