import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { medianDistance, medianOfSorted, sortAscending } from '../../../firmware/fixed/sorted.ts';

const RUNS = { numRuns: 3_000 };
const VALUE_MAX = 2 ** 31 - 1;

/** Spread out, crowded together, and at the ends. */
const value = fc.oneof(
  fc.integer({ min: -(2 ** 31), max: VALUE_MAX }),
  fc.integer({ min: -4, max: 4 }),
  fc.constantFrom(-(2 ** 31), 0, VALUE_MAX),
);
const values = fc.array(value, { minLength: 1, maxLength: 70 });

function sorted(list: number[]): number[] {
  return [...list].sort((a, b) => a - b);
}

function naiveMedian(list: number[]): number {
  const order = sorted(list);
  const middle = order.length >> 1;
  return order.length % 2 === 1 ? order[middle] : Math.floor((order[middle - 1] + order[middle]) / 2);
}

/** A sorted stretch inside a longer array whose ends must not be looked at. */
const stretch = fc.tuple(fc.nat(3), values, fc.nat(3)).map(([before, list, after]) => ({
  array: [...new Array<number>(before).fill(NaN), ...sorted(list), ...new Array<number>(after).fill(NaN)],
  from: before,
  to: before + list.length,
  list,
}));

describe('sortAscending', () => {
  it('sorts the first n and leaves the others', () => {
    fc.assert(
      fc.property(values, fc.nat(70), (list, limit) => {
        const n = Math.min(limit, list.length);
        const result = [...list];
        sortAscending(result, n);
        expect(result).toEqual([...sorted(list.slice(0, n)), ...list.slice(n)]);
      }),
      RUNS,
    );
  });
});

describe('medianOfSorted', () => {
  it('is the middle one, or the mean of the middle two rounded down', () => {
    fc.assert(
      fc.property(stretch, ({ array, from, to, list }) => {
        expect(medianOfSorted(array, from, to)).toBe(naiveMedian(list));
      }),
      RUNS,
    );
  });
});

describe('medianDistance', () => {
  it('is the median of the distances from any centre', () => {
    fc.assert(
      fc.property(stretch, value, ({ array, from, to, list }, centre) => {
        const distances = list.map((one) => Math.abs(one - centre));
        expect(medianDistance(array, from, to, centre)).toBe(naiveMedian(distances));
      }),
      RUNS,
    );
  });

  it('is the median absolute deviation around the median', () => {
    fc.assert(
      fc.property(stretch, ({ array, from, to, list }) => {
        const centre = medianOfSorted(array, from, to);
        expect(medianDistance(array, from, to, centre)).toBe(naiveMedian(list.map((one) => Math.abs(one - centre))));
      }),
      RUNS,
    );
  });
});
