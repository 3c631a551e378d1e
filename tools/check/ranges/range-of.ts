/**
 * The range of an expression, as far as it can be told without running anything: from constants, elements of typed
 * arrays, reads of a DataView, sizes of tables, and the arithmetic between them.
 */
import ts from 'typescript';
import { inner, operationOf } from '../syntax.ts';
import { builtInName, partsOf, symbolOf, typedArrayName, usedType } from '../types.ts';
import * as range from './range.ts';
import type { Range } from './range.ts';
import { ELEMENTS, LIMITS, METHODS, sizeRange } from './sources.ts';

/** Constants made of constants are followed this far. */
const DEPTH_MAX = 20;

/** A union of number literals says its range by itself. */
function fromType(node: ts.Expression, checker: ts.TypeChecker): Range {
  const values: number[] = [];
  for (const part of partsOf(checker.getTypeAtLocation(node))) {
    if (!part.isNumberLiteral()) return range.UNKNOWN;
    values.push(part.value);
  }
  return { low: Math.min(...values), high: Math.max(...values) };
}

/** `const { capacity } = table` */
function fromBinding(declaration: ts.BindingElement): Range {
  const property = declaration.propertyName ?? declaration.name;
  return ts.isObjectBindingPattern(declaration.parent) && ts.isIdentifier(property)
    ? sizeRange(property.text)
    : range.UNKNOWN;
}

function fromConstant(name: ts.Identifier, checker: ts.TypeChecker, depth: number): Range {
  const declaration = symbolOf(name, checker)?.valueDeclaration;
  if (declaration === undefined || !(ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const)) return range.UNKNOWN;
  if (ts.isBindingElement(declaration)) return fromBinding(declaration);
  if (!ts.isVariableDeclaration(declaration) || declaration.initializer === undefined) return range.UNKNOWN;
  return rangeOf(declaration.initializer, checker, depth + 1);
}

function fromCall(node: ts.CallExpression, checker: ts.TypeChecker, depth: number): Range {
  if (!ts.isPropertyAccessExpression(node.expression)) return range.UNKNOWN;
  const { expression, name } = node.expression;
  const owner = builtInName(checker.getApparentType(usedType(expression, checker)));
  const known = METHODS.get(`${owner}.${name.text}`);
  if (known !== undefined) return known;
  if (owner !== 'Math' || node.arguments.length === 0) return range.UNKNOWN;
  const ranges = node.arguments.map((argument) => rangeOf(argument, checker, depth + 1));
  const lows = ranges.map(({ low }) => low);
  const highs = ranges.map(({ high }) => high);
  if (name.text === 'min') return { low: Math.min(...lows), high: Math.min(...highs) };
  if (name.text === 'max') return { low: Math.max(...lows), high: Math.max(...highs) };
  if (name.text !== 'abs') return range.UNKNOWN;
  const negated = range.negate(ranges[0]);
  return { low: Math.max(0, lows[0], negated.low), high: Math.max(highs[0], negated.high) };
}

function fromUnary(node: ts.PrefixUnaryExpression, checker: ts.TypeChecker, depth: number): Range {
  const operand = rangeOf(node.operand, checker, depth);
  switch (node.operator) {
    case ts.SyntaxKind.PlusToken:
      return operand;
    case ts.SyntaxKind.MinusToken:
      return range.negate(operand);
    case ts.SyntaxKind.TildeToken:
      return range.subtract(range.exactly(-1), range.toInt32(operand));
    default:
      return range.UNKNOWN;
  }
}

/** The result of an operation on two ranges. */
export function combine(operation: ts.SyntaxKind, left: Range, right: Range): Range {
  switch (operation) {
    case ts.SyntaxKind.PlusToken:
      return range.add(left, right);
    case ts.SyntaxKind.MinusToken:
      return range.subtract(left, right);
    case ts.SyntaxKind.AsteriskToken:
      return range.multiply(left, right);
    case ts.SyntaxKind.PercentToken:
      return range.remainder(left, right);
    case ts.SyntaxKind.AmpersandToken:
      return range.and(left, right);
    case ts.SyntaxKind.BarToken:
      return right.low === 0 && right.high === 0 ? range.toInt32(left) : range.INT32;
    case ts.SyntaxKind.CaretToken:
      return range.INT32;
    case ts.SyntaxKind.LessThanLessThanToken:
      return range.shiftLeft(left, right);
    case ts.SyntaxKind.GreaterThanGreaterThanToken:
      return range.shiftRight(left, right);
    case ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken:
      return range.shiftRightUnsigned(left, right);
    default:
      return range.UNKNOWN;
  }
}

function fromBinary(node: ts.BinaryExpression, checker: ts.TypeChecker, depth: number): Range {
  const right = rangeOf(node.right, checker, depth);
  const { kind } = node.operatorToken;
  if (kind === ts.SyntaxKind.EqualsToken || kind === ts.SyntaxKind.CommaToken) return right;
  const result = combine(operationOf(node), rangeOf(node.left, checker, depth), right);
  // What is too large has a fault of its own; what is made of it would only have the same one again.
  return range.isKnown(result) && !range.isSafe(result) ? range.UNKNOWN : result;
}

export function rangeOf(expression: ts.Expression, checker: ts.TypeChecker, depth = 0): Range {
  if (depth > DEPTH_MAX) return range.UNKNOWN;
  const node = inner(expression);
  if (ts.isNumericLiteral(node)) return range.exactly(Number(node.text));
  if (ts.isPrefixUnaryExpression(node)) return fromUnary(node, checker, depth);
  if (ts.isBinaryExpression(node)) return fromBinary(node, checker, depth);
  if (ts.isConditionalExpression(node)) {
    return range.hull(rangeOf(node.whenTrue, checker, depth), rangeOf(node.whenFalse, checker, depth));
  }
  if (ts.isElementAccessExpression(node)) {
    return ELEMENTS.get(typedArrayName(usedType(node.expression, checker))) ?? range.UNKNOWN;
  }
  if (ts.isCallExpression(node)) return fromCall(node, checker, depth);
  const typed = fromType(node, checker);
  if (range.isKnown(typed)) return typed;
  if (ts.isIdentifier(node)) return fromConstant(node, checker, depth);
  if (!ts.isPropertyAccessExpression(node)) return range.UNKNOWN;
  const owner = builtInName(usedType(node.expression, checker));
  return LIMITS.get(`${owner}.${node.name.text}`) ?? sizeRange(node.name.text);
}
