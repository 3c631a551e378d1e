/** Two kinds of counting that end only where they begin at the right place: by factors, and up to exactly one number. */
import ts from 'typescript';
import { quoted } from '../diagnostic.ts';
import { rangeOf } from '../ranges/range-of.ts';
import type { Range } from '../ranges/range.ts';
import { exactly } from '../ranges/range.ts';
import { inner } from '../syntax.ts';
import type { Comparison } from './comparisons.ts';
import type { Obstacle } from './obstacle.ts';
import { FITS, START } from './obstacle.ts';
import { isCounting, samePlace } from './places.ts';
import type { Write } from './places.ts';
import { startOf } from './start.ts';
import { stepOf } from './steps.ts';
import type { Scale } from './steps.ts';
import type { Term } from './terms.ts';

export interface Counting {
  term: Term;
  comparison: Comparison;
  loop: ts.IterationStatement;
  checker: ts.TypeChecker;
}

/** The largest power of two that a shift reaches: one more, and the sign is set. */
const SHIFTED_MAX = 0x40000000;

interface Sides {
  /** The side that is the counter and nothing else. */
  own: ts.Expression;
  bound: Range;
}

function sidesOf({ term: { place }, comparison: { left, right }, checker }: Counting): Sides | undefined {
  const is = (side: ts.Expression): boolean => {
    const node = inner(side);
    return samePlace(isCounting(node) ? inner(node.operand) : node, place, checker);
  };
  if (is(left)) return { own: inner(left), bound: right === undefined ? exactly(0) : rangeOf(right, checker) };
  return right !== undefined && is(right) ? { own: inner(right), bound: rangeOf(left, checker) } : undefined;
}

/** Why a factor does not surely bring the counter to its bound. */
export function scalingObstacle(scale: Scale, write: Write, counting: Counting): Obstacle | undefined {
  const { term, comparison, loop, checker } = counting;
  const stays = { why: `${quoted(write.node)} leaves ${quoted(term.place)} at 0, should it be 0`, instead: START };
  const sides = sidesOf(counting);
  if (scale === 'halves') {
    return sides !== undefined && sides.bound.low >= (comparison.strict ? 0 : 1) ? undefined : stays;
  }
  if (!(startOf(loop, term.place, checker).low >= 1)) return stays;
  const most = sides?.bound.high ?? Infinity;
  if (scale === 'doubles' || most <= SHIFTED_MAX || most === Infinity) return undefined;
  return { why: `${quoted(write.node)} leaves the 32 bits before it reaches its bound`, instead: FITS };
}

/** True when the comparison sees the counter as it was before its first step. */
function seesStart({ comparison, loop }: Counting, own: ts.Expression, write: Write): boolean {
  if (isCounting(own)) return ts.isPostfixUnaryExpression(own);
  if (write.node.pos >= comparison.node.pos && write.node.end <= comparison.node.end) return false;
  if (ts.isForStatement(loop)) {
    const { condition } = loop;
    return condition !== undefined && comparison.node.pos >= condition.pos && comparison.node.end <= condition.end;
  }
  return (
    ts.isWhileStatement(loop) &&
    comparison.node.pos >= loop.expression.pos &&
    comparison.node.end <= loop.expression.end
  );
}

/** Once a round at most. */
function isOnce({ node }: Write, loop: ts.IterationStatement): boolean {
  const around = ts.findAncestor(node.parent, (one) => ts.isIterationStatement(one, false));
  return around === loop;
}

/** `i !== end` ends the loop where one step of 1 a round comes from the right side, so that it cannot step over it. */
export function meetsBound(counting: Counting): boolean {
  const { term, comparison, loop, checker } = counting;
  const sides = sidesOf(counting);
  if (sides === undefined || term.hazards.length > 0 || term.writes.length !== 1) return false;
  const [write] = term.writes;
  const { by } = stepOf(write, { place: term.place, loop, comparison, checker });
  if (by.low !== by.high || Math.abs(by.low) !== 1 || !isOnce(write, loop)) return false;
  const start = startOf(loop, term.place, checker);
  const ahead = by.low === 1 ? sides.bound.low - start.high : start.low - sides.bound.high;
  return ahead >= (seesStart(counting, sides.own, write) ? 0 : 1);
}
