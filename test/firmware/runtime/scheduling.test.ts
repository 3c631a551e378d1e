/** When cycles run: jitter, long sleeps, and a clock that wraps. */
import { describe, expect, it } from 'vitest';
import type { LvsNode } from '../../../firmware/node.ts';
import { AGE } from '../../../firmware/types/table.ts';
import { FakePeer, fieldOf } from '../fake-peer.ts';
import { createHarness, ONE } from '../harness.ts';
import type { Harness } from '../harness.ts';

/** The times of the next cycles by the harness's clock, and the node's count at each. */
function timesOf(harness: Harness, cycles: number): { at_ms: number; cycle: number }[] {
  const start_ms = harness.world.epoch_ms;
  return Array.from({ length: cycles }, () => {
    harness.cycle();
    return { at_ms: harness.world.epoch_ms - start_ms, cycle: harness.node.parts.transport.cycle };
  });
}

/** Lets time pass in which nobody wakes the node. */
function sleep(harness: Harness, ms: number): void {
  const { clock } = harness.node.parts.platform;
  const awake = clock.ticks_ms.bind(clock);
  clock.ticks_ms = () => (awake() + ms) | 0;
}

describe('cycles', () => {
  it.each([50, 1000, 60_000])('run once each %i ms, with a jitter of at most an eighth', (cycle_ms) => {
    const harness = createHarness({ settings: { cycle_ms } });
    const times = timesOf(harness, 400);
    const offsets = times.map(({ at_ms, cycle }) => at_ms - cycle_ms * (cycle - 1));
    const spread_ms = Math.max(...offsets) - Math.min(...offsets);
    expect(spread_ms).toBeLessThanOrEqual(cycle_ms >> 3);
    expect(spread_ms, 'the jitter is really there').toBeGreaterThan(cycle_ms / 10);
    expect(times.map(({ cycle }) => cycle)).toEqual(Array.from({ length: 400 }, (_, i) => i + 1));
  });

  it('begin at a random phase within the first cycle', () => {
    const phases = Array.from({ length: 60 }, (_, seed) => createHarness({ seed: seed + 1 }).node.untilDue());
    expect(Math.min(...phases)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...phases)).toBeLessThan(1000);
    expect(Math.min(...phases)).toBeLessThan(250);
    expect(Math.max(...phases)).toBeGreaterThan(750);
  });

  it('do not run before they are due', () => {
    const harness = createHarness();
    harness.cycle();
    const wait_ms = harness.node.untilDue();
    expect(wait_ms).toBeGreaterThan(0);
    expect(harness.node.wake()).toBe(wait_ms);
    harness.advance(wait_ms - 1);
    expect(harness.node.parts.transport.cycle).toBe(1);
    harness.advance(1);
    expect(harness.node.parts.transport.cycle).toBe(2);
  });
});

describe('a node that is woken late', () => {
  /** Sleeps from just before a cycle is due, then is woken once. */
  function wokenAfter(sleep_ms: number): { harness: Harness; node: LvsNode; before: number; sent: number } {
    const harness = createHarness();
    const peer = new FakePeer(harness, 11);
    for (let i = 0; i < 5; i++) harness.cycle();
    peer.tell();
    const before = harness.node.parts.transport.cycle;
    harness.sent.length = 0;
    const { platform, schedule } = harness.node.parts;
    sleep(harness, schedule.grid_ticks + sleep_ms - platform.clock.ticks_ms());
    harness.node.wake();
    return { harness, node: harness.node, before, sent: harness.sent.length };
  }

  it.each([
    { sleep_ms: 999, counted: 1 },
    { sleep_ms: 1000, counted: 2 },
    { sleep_ms: 10_500, counted: 11 },
    { sleep_ms: 319_000, counted: 320 },
    { sleep_ms: 10_000_000, counted: 320 },
  ])('by $sleep_ms ms runs one cycle and counts $counted', ({ sleep_ms, counted }) => {
    const { node, before, sent } = wokenAfter(sleep_ms);
    expect(sent).toBe(1);
    expect(node.parts.transport.cycle - before).toBe(counted);
    expect(node.parts.transport.periods).toBe(counted);
  });

  it('goes on at its own grid, without catching up', () => {
    const { node } = wokenAfter(10_500);
    expect(node.untilDue()).toBeGreaterThan(0);
    expect(node.untilDue()).toBeLessThanOrEqual(500 + 125);
  });

  it('lets its peers age by the time that passed', () => {
    const { harness } = wokenAfter(10_500);
    expect(fieldOf(harness, 11, AGE)).toBe(11);
  });
});

describe('the 32-bit clock', () => {
  it('may wrap: cycles go on as if nothing had happened', () => {
    const before = createHarness({ ticks_ms: 0 });
    const across = createHarness({ ticks_ms: 0x7fffffff - 20_000 });
    expect(timesOf(across, 60)).toEqual(timesOf(before, 60));
    expect(across.node.parts.schedule.grid_ticks).toBeLessThan(0);
  });

  it('may wrap while the node sleeps', () => {
    const across = createHarness({ ticks_ms: 0x7fffffff - 3000 });
    across.cycle();
    const { transport } = across.node.parts;
    sleep(across, 30_000);
    across.node.wake();
    expect(transport.periods).toBeGreaterThanOrEqual(29);
    expect(transport.periods).toBeLessThanOrEqual(31);
  });
});

describe('a node that does not run', () => {
  it('is never due, before start and after shutdown', () => {
    const harness = createHarness({ started: false });
    expect(harness.node.untilDue()).toBe(-1);
    expect(harness.node.wake()).toBe(-1);
    harness.node.start();
    expect(harness.node.untilDue()).toBeGreaterThanOrEqual(0);
    harness.node.shutdown();
    expect(harness.node.wake()).toBe(-1);
  });

  it('starts again after shutdown', () => {
    const harness = createHarness();
    harness.setReading(0, 20 * ONE);
    harness.cycle();
    harness.node.shutdown();
    harness.node.start();
    harness.sent.length = 0;
    harness.advance(10_000);
    expect(harness.sent.length).toBeGreaterThanOrEqual(9);
  });
});
