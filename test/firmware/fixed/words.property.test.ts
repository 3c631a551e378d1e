import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DIFF_NONE, toDiff } from '../../../firmware/fixed/diff.ts';
import { highWord } from '../../../firmware/fixed/words.ts';

const VALUE_MAX = 2 ** 31 - 1;

describe('highWord', () => {
  it('is bits 32 to 63 of any whole number below 2^53', () => {
    const whole = fc.oneof(fc.maxSafeNat(), fc.constantFrom(0, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER));
    fc.assert(
      fc.property(whole, (value) => {
        expect(BigInt(highWord(value))).toBe(BigInt(value) >> 32n);
        expect((BigInt(highWord(value)) << 32n) | BigInt((value | 0) >>> 0), 'with the low word').toBe(BigInt(value));
      }),
    );
  });
});

describe('toDiff', () => {
  it('never takes a value for none, and comes back', () => {
    fc.assert(
      fc.property(fc.nat(VALUE_MAX), fc.nat(VALUE_MAX), (value, reference) => {
        const diff = toDiff(value, reference);
        expect(diff).toBe(diff | 0);
        expect(diff).toBeGreaterThan(DIFF_NONE);
        expect(diff + reference).toBe(value);
      }),
    );
  });

  it('is none for what is no value', () => {
    fc.assert(
      fc.property(fc.nat(VALUE_MAX), (reference) => {
        expect(toDiff(-1, reference)).toBe(DIFF_NONE);
      }),
    );
  });
});
