/** How far one write moves a place: what is added to it, as a range. */
import ts from 'typescript';
import { rangeOf } from '../ranges/range-of.ts';
import type { Range } from '../ranges/range.ts';
import { add, exactly, negate, UNKNOWN } from '../ranges/range.ts';
import { inner, operationOf } from '../syntax.ts';
import { symbolOf } from '../types.ts';
import type { Comparison } from './comparisons.ts';
import { middleStep } from './middle.ts';
import type { Place, Write } from './places.ts';
import { isCounting, samePlace } from './places.ts';

export interface Step {
  by: Range;
  /** True when steps of this kind alone end at 0: an unsigned shift, or a bit taken away. */
  empties: boolean;
  /** Set where the step is a factor: it stays at 0, and below 0 it goes the other way or nowhere. */
  scale?: Scale;
}

/** `shifts` doubles within 32 bits. */
export type Scale = 'doubles' | 'shifts' | 'halves';

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
  comparison: Comparison;
  checker: ts.TypeChecker;
}

function isThere(node: ts.Expression, { place, checker }: Seek): boolean {
  return samePlace(inner(node), place, checker);
}

/** Shifts by 32 move nothing. */
function isShift(node: ts.Expression, { checker }: Seek): boolean {
  const { low, high } = rangeOf(node, checker);
  return low >= 1 && high <= 31;
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
      return rangeOf(right, seek.checker).low >= 2 ? { by: UP, empties: false, scale: 'doubles' } : LOST;
    case ts.SyntaxKind.LessThanLessThanToken:
      return isShift(right, seek) ? { by: UP, empties: false, scale: 'shifts' } : LOST;
    case ts.SyntaxKind.GreaterThanGreaterThanToken:
      return isShift(right, seek) ? { by: DOWN, empties: false, scale: 'halves' } : LOST;
    case ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken:
      return isShift(right, seek) ? { by: DOWN, empties: true, scale: 'halves' } : LOST;
    case ts.SyntaxKind.AmpersandToken:
      return takesBit(right, seek) ? { by: DOWN, empties: true, scale: 'halves' } : LOST;
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

/** What is added to or taken from something made of the place. */
function shifted({ by, scale }: Step, more: Range): Step {
  if (scale === undefined) return moved(add(by, more));
  return scale === 'doubles' && more.low >= 0 ? { by: UP, empties: false, scale } : LOST;
}

/** `| 0` keeps a sum as it is, and a product within 32 bits. */
function cut(step: Step): Step {
  return step.scale === 'doubles' ? { ...step, scale: 'shifts' } : step;
}

function growthOfName(node: ts.Identifier, seek: Seek): Step | undefined {
  const value = constantValue(node, seek);
  if (value === undefined) return undefined;
  const middle = middleStep(value, seek);
  return middle === undefined ? growth(value, seek) : moved(middle);
}

/** How far an expression lies from the place that it is made of; undefined when it is not. */
function growth(expression: ts.Expression, seek: Seek): Step | undefined {
  const node = inner(expression);
  const { checker } = seek;
  if (isThere(node, seek)) return moved(exactly(0));
  if (ts.isIdentifier(node)) return growthOfName(node, seek);
  if (!ts.isBinaryExpression(node)) return undefined;
  const operation = node.operatorToken.kind;
  const left = growth(node.left, seek);
  if (operation === ts.SyntaxKind.PlusToken) {
    if (left !== undefined) return shifted(left, rangeOf(node.right, checker));
    const right = growth(node.right, seek);
    return right === undefined ? undefined : shifted(right, rangeOf(node.left, checker));
  }
  if (operation === ts.SyntaxKind.AsteriskToken && isThere(node.right, seek)) return scaled(operation, node.left, seek);
  if (left === undefined) return undefined;
  if (operation === ts.SyntaxKind.MinusToken) return shifted(left, negate(rangeOf(node.right, checker)));
  if (operation === ts.SyntaxKind.BarToken && rangeOf(node.right, checker).high === 0) return cut(left);
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
