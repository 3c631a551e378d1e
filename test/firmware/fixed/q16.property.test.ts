import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clamp,
  divideFloor,
  divideRound,
  midpoint,
  ONE,
  toQ16,
  VALUE_MAX,
  weightedMean,
} from '../../../firmware/fixed/q16.ts';

const RUNS = { numRuns: 20_000 };
const DIVISOR_MAX = 2 ** 20;

/** What the two divisions must give, without any rounding on the way. */
function floorOf(a: bigint, n: bigint): bigint {
  const quotient = a / n;
  return quotient * n > a ? quotient - 1n : quotient;
}

const int32 = fc.integer({ min: -(2 ** 31), max: VALUE_MAX });
const divisor = fc.oneof(
  fc.integer({ min: 1, max: DIVISOR_MAX }),
  fc.integer({ min: 1, max: 70 }),
  fc.constantFrom(1, 2, 3, 2 ** 19, DIVISOR_MAX - 1, DIVISOR_MAX),
);
const quotient = fc.oneof(
  fc.integer({ min: -VALUE_MAX, max: VALUE_MAX - 1 }),
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(-VALUE_MAX, VALUE_MAX - 1),
);
/** Any a and n with |a / n| at most 2^31 - 1, many of them next to a multiple of n. */
const division = fc
  .tuple(quotient, divisor, fc.oneof(fc.nat(DIVISOR_MAX), fc.constantFrom(0, 1, 2)), fc.boolean())
  .map(([q, n, r, fromAbove]) => ({ a: q * n + (fromAbove ? n - (r % n) : r % n), n }));

describe('divideFloor', () => {
  it('is the largest integer not above a / n', () => {
    fc.assert(
      fc.property(division, ({ a, n }) => {
        expect(BigInt(divideFloor(a, n))).toBe(floorOf(BigInt(a), BigInt(n)));
      }),
      RUNS,
    );
  });

  it('holds at the ends of its range', () => {
    const a = VALUE_MAX * DIVISOR_MAX;
    expect(divideFloor(a, DIVISOR_MAX)).toBe(VALUE_MAX);
    expect(divideFloor(a - 1, DIVISOR_MAX)).toBe(VALUE_MAX - 1);
    expect(divideFloor(-a, DIVISOR_MAX)).toBe(-VALUE_MAX);
    expect(divideFloor(-a - 1, DIVISOR_MAX)).toBe(-VALUE_MAX - 1);
    expect(divideFloor(0, 1)).toBe(0);
  });
});

describe('divideRound', () => {
  it('is the nearest integer to a / n, halves up', () => {
    fc.assert(
      fc.property(division, ({ a, n }) => {
        const [numerator, denominator] = [2n * BigInt(a) + BigInt(n), 2n * BigInt(n)];
        expect(BigInt(divideRound(a, n))).toBe(floorOf(numerator, denominator));
      }),
      RUNS,
    );
  });

  it('rounds halves up on both sides of 0', () => {
    expect([-3, -1, 1, 3].map((a) => divideRound(a, 2))).toEqual([-1, 0, 1, 2]);
  });
});

describe('midpoint', () => {
  it('is the mean of two int32 values, rounded down', () => {
    fc.assert(
      fc.property(int32, int32, (a, b) => {
        expect(BigInt(midpoint(a, b))).toBe(floorOf(BigInt(a) + BigInt(b), 2n));
      }),
      RUNS,
    );
  });

  it('does not wrap at the ends', () => {
    expect(midpoint(VALUE_MAX, VALUE_MAX)).toBe(VALUE_MAX);
    expect(midpoint(-(2 ** 31), -(2 ** 31))).toBe(-(2 ** 31));
    expect(midpoint(-(2 ** 31), VALUE_MAX)).toBe(-1);
  });
});

describe('weightedMean', () => {
  const weights = fc
    .tuple(fc.nat(DIVISOR_MAX), fc.nat(DIVISOR_MAX), divisor)
    .map(([n, share, total]) => {
      const w = share % (total + 1);
      return { n: n % 2 === 0 ? total - w : Math.min(n, total - w), w };
    })
    .filter(({ n, w }) => n + w >= 1);

  it('is (x n + g w) / (n + w) to the nearest', () => {
    fc.assert(
      fc.property(fc.nat(VALUE_MAX), fc.nat(VALUE_MAX), weights, (x, g, { n, w }) => {
        const [sum, total] = [BigInt(x) * BigInt(n) + BigInt(g) * BigInt(w), BigInt(n + w)];
        expect(BigInt(weightedMean(x, n, g, w))).toBe(floorOf(2n * sum + total, 2n * total));
      }),
      RUNS,
    );
  });

  it('lies between its two values', () => {
    fc.assert(
      fc.property(fc.nat(VALUE_MAX), fc.nat(VALUE_MAX), weights, (x, g, { n, w }) => {
        const mean = weightedMean(x, n, g, w);
        expect(mean).toBeGreaterThanOrEqual(Math.min(n > 0 ? x : g, w > 0 ? g : x));
        expect(mean).toBeLessThanOrEqual(Math.max(n > 0 ? x : g, w > 0 ? g : x));
      }),
    );
  });

  it('holds where everything is largest', () => {
    expect(weightedMean(VALUE_MAX, DIVISOR_MAX - 1, VALUE_MAX, 1)).toBe(VALUE_MAX);
  });
});

describe('clamp', () => {
  it('is the value of the band that is nearest', () => {
    fc.assert(
      fc.property(int32, int32, int32, (value, one, other) => {
        const [low, high] = [Math.min(one, other), Math.max(one, other)];
        expect(clamp(value, low, high)).toBe(Math.min(high, Math.max(low, value)));
      }),
    );
  });
});

describe('toQ16', () => {
  it('is within half a unit in the last place', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 32_767, noNaN: true }), (value) => {
        expect(Math.abs(toQ16(value) - value * ONE)).toBeLessThanOrEqual(0.5);
      }),
    );
    expect(toQ16(21.5)).toBe(1_409_024);
  });
});
