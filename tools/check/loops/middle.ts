/** The middle between the two ends of a search, which lies behind the one and before the other. */
import ts from 'typescript';
import { rangeOf } from '../ranges/range-of.ts';
import type { Range } from '../ranges/range.ts';
import { inner } from '../syntax.ts';
import type { Comparison } from './comparisons.ts';
import { isPlace, samePlace, writesIn, writesTo } from './places.ts';
import type { Place } from './places.ts';
import { startOf } from './start.ts';
import type { Seek } from './steps.ts';

/** Twice that is still an int32. */
const HALF_MAX = 0x3fffffff;

interface Ends {
  low: Place;
  high: Place;
  /** True where the loop goes on only while they differ. */
  strict: boolean;
}

/** The ends of `while (low < high)`. */
function endsOf({ left, relation, right, strict }: Comparison): Ends | undefined {
  if (right === undefined || relation === 'differs') return undefined;
  const [low, high] = relation === 'below' ? [inner(left), inner(right)] : [inner(right), inner(left)];
  return isPlace(low) && isPlace(high) ? { low, high, strict } : undefined;
}

function binary(node: ts.Expression, ...kinds: ts.SyntaxKind[]): ts.BinaryExpression | undefined {
  const bare = inner(node);
  return ts.isBinaryExpression(bare) && kinds.includes(bare.operatorToken.kind) ? bare : undefined;
}

/** What `... >> 1` halves. */
function halved(node: ts.Expression, checker: ts.TypeChecker): ts.Expression | undefined {
  const { GreaterThanGreaterThanToken, GreaterThanGreaterThanGreaterThanToken } = ts.SyntaxKind;
  const shift = binary(node, GreaterThanGreaterThanToken, GreaterThanGreaterThanGreaterThanToken);
  if (shift === undefined) return undefined;
  const by = rangeOf(shift.right, checker);
  return by.low === 1 && by.high === 1 ? shift.left : undefined;
}

/** `low + ((high - low) >> 1)`, and `(low + high) >> 1` where the sum surely fits. */
function isMiddle(node: ts.Expression, { low, high }: Ends, { loop, checker }: Seek): boolean {
  const is = (one: ts.Expression, place: Place): boolean => samePlace(inner(one), place, checker);
  const whole = halved(node, checker);
  const sum = whole === undefined ? undefined : binary(whole, ts.SyntaxKind.PlusToken);
  if (sum !== undefined) {
    // Both ends only come closer, so neither is ever above what the upper one begins with.
    if (startOf(loop, high, checker).high > HALF_MAX) return false;
    return (is(sum.left, low) && is(sum.right, high)) || (is(sum.left, high) && is(sum.right, low));
  }
  const behind = binary(node, ts.SyntaxKind.PlusToken);
  const half = behind !== undefined && is(behind.left, low) ? halved(behind.right, checker) : undefined;
  const gap = half === undefined ? undefined : binary(half, ts.SyntaxKind.MinusToken);
  return gap !== undefined && is(gap.left, high) && is(gap.right, low);
}

/** True when the round begins with it: no end has moved yet. */
function comesFirst(value: ts.Expression, { low, high }: Ends, { loop, checker }: Seek): boolean {
  const statements = ts.isBlock(loop.statement) ? [...loop.statement.statements] : [loop.statement];
  const at = statements.findIndex(({ pos, end }) => value.pos >= pos && value.end <= end);
  if (at < 0 || !ts.isVariableStatement(statements[at])) return false;
  const before = statements.slice(0, at).flatMap((one) => writesIn(one));
  return writesTo(low, before, checker).length + writesTo(high, before, checker).length === 0;
}

/** How far the middle lies from the end that is sought; undefined when the value is no middle. */
export function middleStep(value: ts.Expression, seek: Seek): Range | undefined {
  const { place, comparison, checker } = seek;
  const ends = endsOf(comparison);
  if (ends === undefined || !isMiddle(value, ends, seek) || !comesFirst(value, ends, seek)) return undefined;
  if (samePlace(place, ends.low, checker)) return { low: 0, high: Infinity };
  return { low: -Infinity, high: ends.strict ? -1 : 0 };
}
