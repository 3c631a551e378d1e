import { describe, expect, it } from 'vitest';
import { computeDriftFromEntropy } from '../../../firmware/drift/from-entropy.ts';
import { createHarness, ONE } from '../harness.ts';
import { FakePeer } from '../fake-peer.ts';

const drift = (word: number, remainder: number, alpha: number, shift: number): number =>
  computeDriftFromEntropy(word, remainder, { ...createHarness().node.parts.drift.coefficients, alpha, shift });

describe('at alpha 1.0 what was rounded away comes back just as often as it must', () => {
  it.each([1, 2, 4, 5])('with shift %i', (shift) => {
    const steps = 1 << shift;
    for (let remainder = 0; remainder < steps; remainder++) {
      let sum = 0;
      for (let top = 0; top < steps; top++) sum += drift(top << (32 - shift), remainder, ONE, shift);
      expect(sum, `${remainder} of ${steps}`).toBe(remainder);
    }
  });
});

it('at alpha 0 nothing is added', () => {
  for (let remainder = 0; remainder < 4; remainder++) expect(drift(-1, remainder, 0, 2)).toBe(0);
});

it('at alpha 0.5 half of the dither is left', () => {
  // 0, 1, 2, 3 become 0, 0, 1, 1: only a remainder of 3 can still be rounded up, by half of the words.
  const sums = [0, 1, 2, 3].map((remainder) =>
    [0, 1, 2, 3].reduce((sum, top) => sum + drift(top << 30, remainder, ONE / 2, 2), 0),
  );
  expect(sums).toEqual([0, 0, 0, 2]);
});

it('depends on the top bits of the word alone', () => {
  expect(drift(0x3fffffff, 3, ONE, 2)).toBe(0);
  expect(drift(0x40000000, 3, ONE, 2)).toBe(1);
});

describe('over many cycles of a node', () => {
  /** Mean of b over the end of a run in which the way is 13 units and 3/4, which no b can stand at. */
  function meanOf(alpha: number): number {
    const harness = createHarness({ settings: { alpha } });
    const peers = Array.from({ length: 12 }, (_, i) => new FakePeer(harness, 11 + i));
    const base = 20 * ONE;
    let sum = 0;
    const cycles = 4000;
    for (let i = 0; i < 40 + cycles; i++) {
      harness.cycle();
      for (const peer of peers) peer.tell({ c: [base + 3], b: [base] });
      if (i >= 40) sum += harness.node.parts.state.b[0] - base;
    }
    return sum / cycles;
  }

  it('the dither leaves no bias where rounding down leaves one', () => {
    // Median of the votes 0, target 3: the way is 3/4.
    expect(meanOf(0)).toBe(0);
    expect(meanOf(ONE)).toBeCloseTo(0.75, 1);
  });
});
