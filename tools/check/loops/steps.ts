/** How far one write moves a place: what is added to it, as a range. */
import ts from 'typescript';
import { rangeOf } from '../ranges/range-of.ts';
import type { Range } from '../ranges/range.ts';
import { add, exactly, negate, subtract, UNKNOWN } from '../ranges/range.ts';
import { inner, operationOf } from '../syntax.ts';
import { symbolOf } from '../types.ts';
import type { Place, Write } from './places.ts';
import { isCounting, samePlace } from './places.ts';

export interface Step {
  by: Range;
  /** True when steps of this kind alone end at 0: an unsigned shift, or a bit taken away. */
  empties: boolean;
}

const LOST: Step = { by: UNKNOWN, empties: false };

/** At least one upwards, from any place above 0. */
const UP: Range = { low: 1, high: Infinity };
/** At least one downwards, from any place above 0. */
const DOWN: Range = negate(UP);

function moved(by: Range): Step {
  return { by, empties: false };
}

/** Which place is meant, and the loop that it moves in. */
export interface Seek {
  place: Place;
  loop: ts.IterationStatement;
  checker: ts.TypeChecker;
}

function isThere(node: ts.Expression, { place, checker }: Seek): boolean {
  return samePlace(inner(node), place, checker);
}

function atLeast(node: ts.Expression, least: number, { checker }: Seek): boolean {
  return rangeOf(node, checker).low >= least;
}

/** `place & (place - 1)` takes the lowest bit away. */
function takesBit(node: ts.Expression, seek: Seek): boolean {
  const mask = inner(node);
  if (!ts.isBinaryExpression(mask) || mask.operatorToken.kind !== ts.SyntaxKind.MinusToken) return false;
  const one = rangeOf(mask.right, seek.checker);
  return isThere(mask.left, seek) && one.low === 1 && one.high === 1;
}

/** The step of `place OP right`. */
function scaled(operation: ts.SyntaxKind, right: ts.Expression, seek: Seek): Step {
  switch (operation) {
    case ts.SyntaxKind.AsteriskToken:
      return atLeast(right, 2, seek) ? moved(UP) : LOST;
    case ts.SyntaxKind.LessThanLessThanToken:
      return atLeast(right, 1, seek) ? moved(UP) : LOST;
    case ts.SyntaxKind.GreaterThanGreaterThanToken:
      return atLeast(right, 1, seek) ? moved(DOWN) : LOST;
    case ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken:
      return atLeast(right, 1, seek) ? { by: DOWN, empties: true } : LOST;
    case ts.SyntaxKind.AmpersandToken:
      return takesBit(right, seek) ? { by: DOWN, empties: true } : LOST;
    default:
      return LOST;
  }
}

/** A constant of the loop's own body, made anew in each round, by what it is made of. */
function constantValue(node: ts.Identifier, { loop, checker }: Seek): ts.Expression | undefined {
  const declaration = symbolOf(node, checker)?.valueDeclaration;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return undefined;
  const isConst = (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
  const inLoop = declaration.pos >= loop.pos && declaration.end <= loop.end;
  return isConst && inLoop ? declaration.initializer : undefined;
}

/** How far an expression lies from the place that it is made of; undefined when it is not. */
function growth(expression: ts.Expression, seek: Seek): Step | undefined {
  const node = inner(expression);
  if (isThere(node, seek)) return moved(exactly(0));
  if (ts.isIdentifier(node)) {
    const value = constantValue(node, seek);
    return value === undefined ? undefined : growth(value, seek);
  }
  if (!ts.isBinaryExpression(node)) return undefined;
  const operation = node.operatorToken.kind;
  const left = growth(node.left, seek);
  if (operation === ts.SyntaxKind.PlusToken) {
    if (left !== undefined) return moved(add(left.by, rangeOf(node.right, seek.checker)));
    const right = growth(node.right, seek);
    return right === undefined ? undefined : moved(add(right.by, rangeOf(node.left, seek.checker)));
  }
  if (left === undefined) return undefined;
  if (operation === ts.SyntaxKind.MinusToken) return moved(subtract(left.by, rangeOf(node.right, seek.checker)));
  if (operation === ts.SyntaxKind.BarToken && rangeOf(node.right, seek.checker).high === 0) return left;
  return isThere(node.left, seek) ? scaled(operation, node.right, seek) : undefined;
}

export function stepOf({ by }: Write, seek: Seek): Step {
  const { checker } = seek;
  if (by === undefined) return LOST;
  if (isCounting(by)) return moved(exactly(by.operator === ts.SyntaxKind.PlusPlusToken ? 1 : -1));
  if (!ts.isBinaryExpression(by)) return LOST;
  if (by.operatorToken.kind === ts.SyntaxKind.EqualsToken) return growth(by.right, seek) ?? LOST;
  const operation = operationOf(by);
  if (operation === ts.SyntaxKind.PlusToken) return moved(rangeOf(by.right, checker));
  if (operation === ts.SyntaxKind.MinusToken) return moved(negate(rangeOf(by.right, checker)));
  return scaled(operation, by.right, seek);
}
