import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bytesOf, LAYOUT_32, LAYOUT_64 } from '../../../host-sim/memory/layout.ts';
import { reckon } from '../../../host-sim/memory/reckon.ts';
import { type Bundle, loadBundle } from '../../../host-sim/world/bundle.ts';
import { flatten } from '../../../host-sim/xs/flat.ts';
import { measureCycles, measureGrowth, measureHeap, openProbe, QUIET, RELAYING } from '../../../host-sim/xs/measure.ts';
import type { CycleCost, HeapCost } from '../../../host-sim/xs/measure.ts';
import { settingsFor } from '../../../host-sim/xs/probe/settings.ts';
import { profile } from '../../../host-sim/xs/profile.ts';
import type { XsSession } from '../../../host-sim/xs/session.ts';
import { BUNDLE, PROGRAMS } from './built.ts';

/** At 16 peers and 8 keys, with all messages of a cycle: 2 to 3 % of a 160 MHz core at one cycle a second. */
const STEPS_MAX = 60_000;
const STEPS_MAX_RELAYING = 100_000;
const STEADY_CYCLES = 10_000;
/** Slots and chunks of a node and its settings, in the layout of a chip. */
const HEAP_BYTES_MAX = 24 * 1024;

let bundle: Bundle;
let session: XsSession;

beforeAll(async () => {
  bundle = await loadBundle(BUNDLE);
  session = openProbe(await flatten(bundle.code), PROGRAMS);
});

afterAll(() => session.close());

describe('bytecode steps a cycle', () => {
  let quiet: CycleCost;

  beforeAll(() => {
    quiet = measureCycles(session, QUIET);
  });

  it('without relayed entries', () => {
    expect(quiet.cycles).toBeGreaterThan(100);
    expect(quiet.worst, 'the dearest cycle').toBeLessThanOrEqual(STEPS_MAX);
  });

  it('with four relayed entries in every datagram', () => {
    const { worst, cycles } = measureCycles(session, RELAYING);
    expect(cycles).toBeGreaterThan(20);
    expect(worst, 'the dearest cycle').toBeLessThanOrEqual(STEPS_MAX_RELAYING);
  });

  it('are all told by phase', async () => {
    const { phases, functions } = await profile(bundle.code, readFileSync(`${BUNDLE}.map`, 'utf8'), QUIET, PROGRAMS);
    const counted = Object.values(phases).reduce((sum, steps) => sum + steps, 0);
    expect(Math.abs(counted / quiet.steps - 1)).toBeLessThan(0.02);
    for (const one of Object.values(phases)) expect(one).toBeGreaterThan(0);
    expect(functions.every(({ file }) => file !== '')).toBe(true);
  });
});

describe('memory', () => {
  const keys = 16;
  const peers = 32;
  let held: HeapCost;

  beforeAll(() => {
    held = measureHeap(session, keys, peers);
  });

  it('does not grow over steady cycles, and hardly any of it becomes garbage', () => {
    const { live, garbage_a_cycle } = measureGrowth(session, QUIET, STEADY_CYCLES);
    expect(live).toBe(0);
    // Storing the state, once in 256 cycles, may make some.
    expect(garbage_a_cycle).toBeLessThan(2);
  });

  it('of a node and its settings stays within its bound on a chip', () => {
    const chunks = reckon(bundle.api, settingsFor(bundle.api, keys, peers), false, LAYOUT_32);
    const slots = held.node.slots + held.settings.slots;
    const chunk_bytes = chunks.node.chunk_bytes + chunks.settings.chunk_bytes;
    expect(bytesOf({ slots, chunk_bytes }, LAYOUT_32)).toBeLessThanOrEqual(HEAP_BYTES_MAX);
  });

  it('is reckoned as XS takes it', () => {
    const reckoned = reckon(bundle.api, settingsFor(bundle.api, keys, peers), false, LAYOUT_64);
    for (const part of ['node', 'settings'] as const) {
      expect(Math.abs(held[part].slots / reckoned[part].slots - 1), `${part}, slots`).toBeLessThan(0.05);
      expect(Math.abs(held[part].chunk_bytes / reckoned[part].chunk_bytes - 1), `${part}, chunks`).toBeLessThan(0.05);
    }
  });
});
