/** What of a comparison moves while the loop runs, and which way it counts. */
import ts from 'typescript';
import { quoted } from '../diagnostic.ts';
import { rangeOf } from '../ranges/range-of.ts';
import { isSizeName } from '../ranges/sources.ts';
import { inner, isAssignment, isFunctionNode } from '../syntax.ts';
import type { CallsFrom } from './called.ts';
import { calledWrites } from './called.ts';
import type { Obstacle } from './obstacle.ts';
import { BOUND_INDEX, CALL_FIRST, COUNT } from './obstacle.ts';
import type { Place, Write } from './places.ts';
import { hazardsTo, isCounting, isPlace, writesIn, writesTo } from './places.ts';

export interface Term {
  place: Place;
  /** 1 where a greater place makes the side greater, -1 where it makes it less. */
  sign: 1 | -1;
  writes: readonly Write[];
  /** Writes that may be to the same place under another name, here or in a function that is called. */
  hazards: readonly Write[];
}

/** Terms that move, or why the side is of no use as a bound. */
export type Terms = readonly Term[] | Obstacle;

export function isObstacle(terms: Terms): terms is Obstacle {
  return 'why' in terms;
}

export interface Moving {
  writes: readonly Write[];
  /** What the functions do that the loop calls. */
  called: readonly Write[];
  checker: ts.TypeChecker;
}

/** True for a table's size, however the table is found, as long as it stays the same table. */
function isSteadySize(node: ts.Expression, { writes, called, checker }: Moving): boolean {
  if (!ts.isPropertyAccessExpression(node) || !isSizeName(node.name.text)) return false;
  let steady = true;
  const visit = (part: ts.Node): void => {
    if (ts.isCallExpression(part)) steady = false;
    if (ts.isExpression(part) && isPlace(part)) {
      const all = [...writesTo(part, writes, checker), ...hazardsTo(part, called, checker)];
      if (all.length > 0) steady = false;
    }
    ts.forEachChild(part, visit);
  };
  visit(node.expression);
  return steady;
}

/** Two sides of an operation. */
export function both(left: Terms, right: Terms): Terms {
  if (isObstacle(left)) return left;
  return isObstacle(right) ? right : [...left, ...right];
}

function ofBinary(node: ts.BinaryExpression, sign: 1 | -1, moving: Moving): Terms {
  const opposite = sign === 1 ? -1 : 1;
  switch (node.operatorToken.kind) {
    case ts.SyntaxKind.PlusToken:
      return both(termsOf(node.left, sign, moving), termsOf(node.right, sign, moving));
    case ts.SyntaxKind.MinusToken:
      return both(termsOf(node.left, sign, moving), termsOf(node.right, opposite, moving));
    case ts.SyntaxKind.AsteriskToken: {
      if (rangeOf(node.right, moving.checker).low > 0) return termsOf(node.left, sign, moving);
      return rangeOf(node.left, moving.checker).low > 0 ? termsOf(node.right, sign, moving) : steadyOnly(node, moving);
    }
    case ts.SyntaxKind.LessThanLessThanToken:
    case ts.SyntaxKind.GreaterThanGreaterThanToken:
    case ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken:
      return rangeOf(node.right, moving.checker).low >= 0 ? termsOf(node.left, sign, moving) : steadyOnly(node, moving);
    case ts.SyntaxKind.BarToken:
      return node.right.getText() === '0' ? termsOf(node.left, sign, moving) : steadyOnly(node, moving);
    default:
      return steadyOnly(node, moving);
  }
}

function ofUnary(node: ts.PrefixUnaryExpression, sign: 1 | -1, moving: Moving): Terms {
  const opposite = sign === 1 ? -1 : 1;
  return termsOf(node.operand, node.operator === ts.SyntaxKind.MinusToken ? opposite : sign, moving);
}

/** Arithmetic of any other kind is as good as a constant when none of it moves. */
function steadyOnly(node: ts.BinaryExpression, moving: Moving): Terms {
  const all = both(termsOf(node.left, 1, moving), termsOf(node.right, 1, moving));
  return isObstacle(all) || all.length === 0 ? all : { why: `it reckons with ${quoted(node)}`, instead: COUNT };
}

function ofPlace(place: Place, sign: 1 | -1, { writes, called, checker }: Moving): Terms {
  const own = writesTo(place, writes, checker);
  const others = writes.filter(({ node }) => own.every((one) => one.node !== node));
  const hazards = [...hazardsTo(place, others, checker), ...writesTo(place, called, checker)];
  for (const one of hazardsTo(place, called, checker)) {
    if (hazards.every(({ by, node }) => by !== one.by || node !== one.node)) hazards.push(one);
  }
  return own.length + hazards.length === 0 ? [] : [{ place, sign, writes: own, hazards }];
}

/** A side of a comparison as counters and what stays as it is. */
export function termsOf(expression: ts.Expression, sign: 1 | -1, moving: Moving): Terms {
  const node = inner(expression);
  if (ts.isNumericLiteral(node)) return [];
  if (isCounting(node)) return termsOf(node.operand, sign, moving);
  if (ts.isPrefixUnaryExpression(node)) return ofUnary(node, sign, moving);
  if (isAssignment(node)) return termsOf(node.left, sign, moving);
  if (ts.isBinaryExpression(node)) return ofBinary(node, sign, moving);
  if (isPlace(node)) return ofPlace(node, sign, moving);
  if (isSteadySize(node, moving)) return [];
  return ts.isCallExpression(node)
    ? { why: `it compares what a call returns (${quoted(node)})`, instead: CALL_FIRST }
    : { why: `it compares what a table holds (${quoted(node)})`, instead: BOUND_INDEX };
}

/** The parts of a loop that run in each round. */
function partsOf(loop: ts.IterationStatement): ts.Node[] {
  if (ts.isForStatement(loop)) {
    return [loop.statement, loop.condition, loop.incrementor].filter((part) => part !== undefined);
  }
  return ts.isWhileStatement(loop) || ts.isDoStatement(loop) ? [loop.statement, loop.expression] : [loop.statement];
}

/** Everything that the loop writes to in each round. */
export function movingIn(loop: ts.IterationStatement, checker: ts.TypeChecker, callsFrom: CallsFrom): Moving {
  const parts = partsOf(loop);
  const around = ts.findAncestor(loop, isFunctionNode);
  const called = around === undefined ? [] : calledWrites(parts, around, callsFrom);
  return { writes: parts.flatMap((part) => writesIn(part)), called, checker };
}
