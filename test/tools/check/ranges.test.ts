/** Ranges are sound: whatever two numbers an operation gets, its result lies in the range that the checker reckons. */
import fc from 'fast-check';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { combine } from '../../../tools/check/ranges/range-of.ts';
import type { Range } from '../../../tools/check/ranges/range.ts';
import { isKnown, isSafe, UNKNOWN } from '../../../tools/check/ranges/range.ts';

const OPERATIONS: [text: string, kind: ts.SyntaxKind, run: (a: number, b: number) => number][] = [
  ['+', ts.SyntaxKind.PlusToken, (a, b) => a + b],
  ['-', ts.SyntaxKind.MinusToken, (a, b) => a - b],
  ['*', ts.SyntaxKind.AsteriskToken, (a, b) => a * b],
  ['%', ts.SyntaxKind.PercentToken, (a, b) => a % b],
  ['&', ts.SyntaxKind.AmpersandToken, (a, b) => a & b],
  ['|', ts.SyntaxKind.BarToken, (a, b) => a | b],
  ['^', ts.SyntaxKind.CaretToken, (a, b) => a ^ b],
  ['<<', ts.SyntaxKind.LessThanLessThanToken, (a, b) => a << b],
  ['>>', ts.SyntaxKind.GreaterThanGreaterThanToken, (a, b) => a >> b],
  ['>>>', ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken, (a, b) => a >>> b],
];

/** A number within uint32 and int32, and a range around it: often the number alone, as constants are. */
const numberInRange = fc
  .tuple(
    fc.oneof(fc.integer({ min: -0x80000000, max: 0xffffffff }), fc.integer({ min: -40, max: 40 })),
    fc.oneof(fc.constant(0), fc.nat(100), fc.nat(0xffffffff), fc.constant(Infinity)),
    fc.oneof(fc.constant(0), fc.nat(100), fc.nat(0xffffffff), fc.constant(Infinity)),
  )
  .map(([value, below, above]): [number, Range] => [value, { low: value - below, high: value + above }]);

describe('combine', () => {
  it.each(OPERATIONS)('%s', (_, kind, run) => {
    fc.assert(
      fc.property(numberInRange, numberInRange, ([a, left], [b, right]) => {
        const value = run(a, b);
        const { low, high } = combine(kind, left, right);
        // A remainder by 0 is no number, and has a fault of its own.
        fc.pre(!Number.isNaN(value));
        expect(value).toBeGreaterThanOrEqual(low);
        expect(value).toBeLessThanOrEqual(high);
      }),
      { numRuns: 2000 },
    );
  });

  it('knows nothing of what it does not know', () => {
    expect(combine(ts.SyntaxKind.SlashToken, { low: 4, high: 4 }, { low: 2, high: 2 })).toEqual(UNKNOWN);
    expect(isKnown(combine(ts.SyntaxKind.AsteriskToken, UNKNOWN, { low: 1, high: 2 }))).toBe(false);
  });

  it('tells where a double still holds every integer', () => {
    const int32 = { low: -0x80000000, high: 0x7fffffff };
    expect(isSafe(combine(ts.SyntaxKind.AsteriskToken, int32, { low: 0, high: 0x1fffff }))).toBe(true);
    expect(isSafe(combine(ts.SyntaxKind.AsteriskToken, int32, { low: 0, high: 0x400001 }))).toBe(false);
  });
});
