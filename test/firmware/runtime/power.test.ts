/** Low-power mode: what enters and leaves it, and what is less while it lasts. */
import { describe, expect, it } from 'vitest';
import { AGE, TRUST } from '../../../firmware/types/table.ts';
import { FakePeer, fieldOf } from '../fake-peer.ts';
import { createHarness, ONE } from '../harness.ts';
import type { Harness, HarnessOverrides } from '../harness.ts';

const AT_CYCLE = 10;
const AT_PACE = 17;
const BATTERY = 1;
const LOAD = 2;
const NETWORK = 3;

const isLow = (harness: Harness): boolean => harness.node.parts.power.low;
const share = (value: number): number => Math.round(value * ONE);

function run(harness: Harness, cycles: number): void {
  for (let i = 0; i < cycles; i++) harness.cycle();
}

function harnessWith(world: Partial<Harness['world']>, over: HarnessOverrides = {}): Harness {
  const harness = createHarness(over);
  Object.assign(harness.world, world);
  return harness;
}

/** The node looks at its power once in so many runs. */
const LOOK = 4;

describe('a battery', () => {
  it('below 20 % counts at the first look', () => {
    const harness = harnessWith({ battery: share(0.199) });
    run(harness, LOOK);
    expect(isLow(harness)).toBe(true);
    expect(harness.events).toContainEqual({ name: 'low-power-entered', a: BATTERY, b: 0 });
  });

  it('at 21 % does not, nor does mains', () => {
    const harness = harnessWith({ battery: share(0.21) });
    run(harness, 50);
    expect(isLow(harness)).toBe(false);
    harness.world.battery = -1;
    run(harness, 50);
    expect(isLow(harness)).toBe(false);
  });

  it('must be above 30 % at two looks in a row to leave it again', () => {
    const harness = harnessWith({ battery: share(0.1) });
    run(harness, LOOK);
    expect(isLow(harness)).toBe(true);
    harness.world.battery = share(0.29);
    run(harness, 10 * LOOK);
    expect(isLow(harness), '29 %').toBe(true);
    harness.world.battery = share(0.31);
    run(harness, LOOK);
    expect(isLow(harness), 'after one look').toBe(true);
    run(harness, LOOK);
    expect(isLow(harness)).toBe(false);
    expect(harness.events).toContainEqual({ name: 'low-power-left', a: BATTERY, b: 0 });
  });

  it('that recovers at every other look does not leave it', () => {
    const harness = harnessWith({ battery: share(0.1) });
    run(harness, LOOK);
    for (let look = 0; look < 20; look++) {
      harness.world.battery = share(look % 2 === 1 ? 0.25 : 0.5);
      run(harness, LOOK);
    }
    expect(isLow(harness)).toBe(true);
  });
});

describe('load', () => {
  it('above 90 % enters it after 32 cycles, not before', () => {
    const harness = harnessWith({ load: share(0.95) });
    run(harness, 31);
    expect(isLow(harness)).toBe(false);
    harness.cycle();
    expect(isLow(harness)).toBe(true);
    expect(harness.events).toContainEqual({ name: 'low-power-entered', a: LOAD, b: 0 });
  });

  it('above 90 % with breaks does not', () => {
    const harness = createHarness();
    for (let look = 0; look < 50; look++) {
      harness.world.load = share(look % 8 === 7 ? 0.5 : 0.95);
      run(harness, LOOK);
    }
    expect(isLow(harness)).toBe(false);
  });

  it('must fall below 60 % to leave it again', () => {
    const harness = harnessWith({ load: share(0.95) });
    run(harness, 32);
    harness.world.load = share(0.61);
    run(harness, 20);
    expect(isLow(harness), '61 %').toBe(true);
    harness.world.load = share(0.59);
    run(harness, 8);
    expect(isLow(harness)).toBe(false);
  });
});

describe('a weak network', () => {
  /** Three peers heard once in `gap` cycles. */
  function weak(gap: number, cycles: number): Harness {
    const harness = createHarness();
    const peers = [11, 12, 13].map((tag) => new FakePeer(harness, tag));
    for (let i = 0; i < cycles; i++) {
      if (i % gap === 0) for (const peer of peers) peer.tell();
      harness.cycle();
    }
    return harness;
  }

  it('enters it when the nearest peers are above 16 cycles old for 32 cycles', () => {
    // Older than 16 from the 17th cycle on: the eighth such look is that of cycle 48.
    const harness = weak(100, 47);
    expect(isLow(harness)).toBe(false);
    harness.cycle();
    expect(isLow(harness)).toBe(true);
    expect(harness.events).toContainEqual({ name: 'low-power-entered', a: NETWORK, b: 0 });
  });

  it('does not when they are heard each 16 cycles', () => {
    expect(isLow(weak(16, 400))).toBe(false);
  });

  it('does not for a node that hears nobody: there is nothing to save', () => {
    const harness = createHarness();
    run(harness, 200);
    expect(isLow(harness)).toBe(false);
  });

  /** In the mode, three peers are heard so many runs before each look, so that they are 8 cycles old for each. */
  function lowAfter(runsBeforeLook: number): boolean {
    const harness = weak(100, 60);
    expect(isLow(harness)).toBe(true);
    const peers = [11, 12, 13].map((tag) => {
      const peer = new FakePeer(harness, tag);
      peer.cycle = 100;
      return peer;
    });
    for (let i = 0; i < 12 * LOOK && isLow(harness); i++) {
      const runs = harness.node.parts.transport.cycle >> 3;
      if ((runs + runsBeforeLook) % LOOK === 0) for (const peer of peers) peer.tell();
      harness.cycle();
    }
    return isLow(harness);
  }

  it('must be younger than 10 to leave it again', () => {
    expect(lowAfter(1), '8 cycles old').toBe(false);
    expect(lowAfter(2), '16 cycles old').toBe(true);
  });
});

describe('in low-power mode', () => {
  function low(over: HarnessOverrides = {}): Harness {
    const harness = harnessWith({ battery: share(0.1) }, over);
    harness.setReading(0, 20 * ONE);
    run(harness, LOOK + 1);
    expect(isLow(harness)).toBe(true);
    return harness;
  }

  it('one cycle in eight runs, and tells so', () => {
    const harness = low();
    harness.sent.length = 0;
    harness.advance(80_000);
    expect(harness.sent.length).toBeGreaterThanOrEqual(9);
    expect(harness.sent.length).toBeLessThanOrEqual(11);
    for (const view of harness.sent) expect(view.getUint8(AT_PACE)).toBe(8);
    const cycles = harness.sent.map((view) => view.getInt32(AT_CYCLE));
    for (let i = 1; i < cycles.length; i++) expect(cycles[i] - cycles[i - 1]).toBe(8);
  });

  it('one entropy packet goes out in 64 cycles instead of 8', () => {
    const packetsIn = (harness: Harness, ms: number): number => {
      harness.sent.length = 0;
      harness.advance(ms);
      return harness.sent.filter((view) => {
        for (let at = 18; at < view.byteLength; at += 3 + view.getUint16(at + 1)) {
          if (view.getUint8(at) === 1) return true;
        }
        return false;
      }).length;
    };
    expect(packetsIn(createHarness(), 640_000)).toBe(80);
    expect(packetsIn(low(), 640_000)).toBe(10);
  });

  it('peers age by the cycles that pass, and agreed values that came meanwhile vote', () => {
    const harness = low();
    const peers = Array.from({ length: 5 }, (_, i) => new FakePeer(harness, 11 + i));
    for (const peer of peers) peer.tell({ c: [20 * ONE], b: [20 * ONE + 100] });
    harness.cycle();
    expect(fieldOf(harness, 11, AGE)).toBe(8);
    expect(harness.node.parts.drift.pull.voters).toBe(5);
    harness.cycle();
    expect(harness.node.parts.drift.pull.voters, 'heard 16 cycles ago').toBe(0);
  });

  it('the budget covers what eight cycles bring: nothing of 60 peers is refused', () => {
    const harness = low();
    const peers = Array.from({ length: 60 }, (_, i) => new FakePeer(harness, 1000 + i));
    for (let cycle = 0; cycle < 8; cycle++) for (const peer of peers) peer.tell();
    expect(harness.dropped('rate')).toBe(0);
  });

  it('datagrams of eight cycles are no more load than those of one', () => {
    const harness = low();
    harness.world.load = -1;
    const peers = Array.from({ length: 40 }, (_, i) => new FakePeer(harness, 1000 + i));
    for (let cycle = 0; cycle < 8; cycle++) for (const peer of peers) peer.tell();
    harness.cycle();
    expect(harness.node.parts.power.load).toBeLessThan(share(0.2));
  });

  it('trust in the peers is still learned', () => {
    const harness = low();
    const peers = Array.from({ length: 8 }, (_, i) => new FakePeer(harness, 11 + i));
    for (let i = 0; i < 60; i++) {
      for (const peer of peers) peer.tell({ c: [peer === peers[0] ? 90 * ONE : 20 * ONE] });
      harness.cycle();
    }
    expect(fieldOf(harness, 12, TRUST)).toBeGreaterThan(200);
    expect(fieldOf(harness, 11, TRUST)).toBeLessThan(60);
  });
});

describe('the platform’s word', () => {
  it('enters and leaves it', () => {
    const harness = createHarness();
    harness.cycle();
    harness.node.setLowPower(true);
    expect(isLow(harness)).toBe(true);
    harness.node.setLowPower(false);
    expect(isLow(harness)).toBe(false);
    expect(harness.events.filter(({ name }) => name.startsWith('low-power'))).toHaveLength(2);
  });

  it('lasts on mains, with no load and a good network, until it says otherwise', () => {
    const harness = createHarness();
    harness.node.setLowPower(true);
    run(harness, 100);
    expect(isLow(harness)).toBe(true);
    harness.node.setLowPower(false);
    run(harness, 20);
    expect(isLow(harness)).toBe(false);
  });

  it('keeps the mode that the node entered by itself', () => {
    const harness = createHarness();
    harness.world.battery = ONE / 10;
    run(harness, 8);
    harness.node.setLowPower(true);
    harness.world.battery = ONE;
    run(harness, 50);
    expect(isLow(harness)).toBe(true);
  });

  it('said twice is said once', () => {
    const harness = createHarness();
    harness.node.setLowPower(true);
    harness.node.setLowPower(true);
    expect(harness.events.filter(({ name }) => name === 'low-power-entered')).toHaveLength(1);
  });

  it.each([true, false])('between two cycles (low: %s) counts as many cycles as really pass', (becomes) => {
    const harness = createHarness();
    harness.cycle();
    harness.node.setLowPower(!becomes);
    run(harness, 2);
    const { transport, settings } = harness.node.parts;
    const [cycle, epoch_ms] = [transport.cycle, harness.world.epoch_ms];
    harness.node.setLowPower(becomes);
    harness.cycle();
    const passed = Math.round((harness.world.epoch_ms - epoch_ms) / settings.cycle_ms);
    expect(transport.cycle - cycle).toBe(passed);
  });
});
