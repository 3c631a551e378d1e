import { describe, expect, it } from 'vitest';
import { applyDrift, computeLocalDiff } from '../../../firmware/drift/apply.ts';
import { NONE } from '../../../firmware/platform.ts';
import { createHarness, ONE, testKey } from '../harness.ts';
import type { Harness } from '../harness.ts';

const DIFF_NONE = -0x80000000;

describe('applyDrift', () => {
  const after = (b: number, drift: number): number => {
    const { state } = createHarness().node.parts;
    state.b[0] = b;
    applyDrift(state, 0, drift);
    return state.b[0];
  };

  it('adds the drift', () => {
    expect(after(100, 20)).toBe(120);
    expect(after(100, -20)).toBe(80);
  });

  it('clamps below zero to 0', () => {
    expect(after(100, -101)).toBe(0);
    expect(after(100, -0x7fffffff)).toBe(0);
  });

  it('begins at 0 where there was no value', () => {
    expect(after(NONE, 500)).toBe(500);
  });
});

describe('computeLocalDiff', () => {
  function diffOf(change: (harness: Harness) => void): { contribution: number[]; agreed: number[] } {
    const harness = createHarness({ settings: { keys: [testKey(), testKey({ name: 'second', reference: 0 })] } });
    const { state, transport, settings } = harness.node.parts;
    harness.setReading(0, 21 * ONE);
    harness.setReading(1, 5 * ONE);
    harness.cycle();
    [state.b[0], state.b[1]] = [19 * ONE, 6 * ONE];
    change(harness);
    computeLocalDiff(state, transport.table, settings.keys);
    const [first, second] = [0, 2].map((at) => [...transport.table.values.subarray(at, at + 2)]);
    return { contribution: [first[0], second[0]], agreed: [first[1], second[1]] };
  }

  it('tells contribution and agreed value as differences from the reference', () => {
    expect(diffOf(() => undefined)).toEqual({ contribution: [ONE, 5 * ONE], agreed: [-ONE, 6 * ONE] });
  });

  it('tells of a missing value that it is missing', () => {
    const diff = diffOf(({ node }) => {
      node.parts.transport.table.values[0] = DIFF_NONE;
      node.parts.state.b[1] = NONE;
    });
    expect(diff).toEqual({ contribution: [DIFF_NONE, 5 * ONE], agreed: [-ONE, DIFF_NONE] });
  });

  it('tells no agreed value of a key in recovery, or of a shard that it does not hold', () => {
    const diff = diffOf(({ node }) => {
      node.parts.state.recovering[0] = 1;
      node.parts.state.held[1] = 0;
    });
    expect(diff).toEqual({ contribution: [ONE, 5 * ONE], agreed: [DIFF_NONE, DIFF_NONE] });
  });
});
