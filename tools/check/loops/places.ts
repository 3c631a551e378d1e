/** Variables and properties as places that a loop may write to. */
import ts from 'typescript';
import { eachOwnNode, inner, isAssignment } from '../syntax.ts';
import { symbolOf } from '../types.ts';

/** A variable, `this`, or a property of one of them: `count`, `table.count`, `this.at`. */
export type Place = ts.Identifier | ts.PropertyAccessExpression | ts.ThisExpression;

export function isPlace(node: ts.Expression): node is Place {
  if (ts.isIdentifier(node) || node.kind === ts.SyntaxKind.ThisKeyword) return true;
  return ts.isPropertyAccessExpression(node) && isPlace(inner(node.expression));
}

export function samePlace(a: ts.Expression, b: ts.Expression, checker: ts.TypeChecker): boolean {
  if (ts.isIdentifier(a)) {
    const symbol = symbolOf(a, checker);
    return symbol !== undefined && ts.isIdentifier(b) && symbol === symbolOf(b, checker);
  }
  if (ts.isPropertyAccessExpression(a)) {
    if (!ts.isPropertyAccessExpression(b) || a.name.text !== b.name.text) return false;
    return samePlace(inner(a.expression), inner(b.expression), checker);
  }
  return a.kind === ts.SyntaxKind.ThisKeyword && b.kind === ts.SyntaxKind.ThisKeyword;
}

/** One place in the source that writes to a variable or a property. */
export interface Write {
  target: ts.Expression;
  /** An assignment or `++`; undefined where a pattern writes, so that nobody can say what. */
  by: ts.BinaryExpression | ts.PrefixUnaryExpression | ts.PostfixUnaryExpression | undefined;
  node: ts.Node;
}

export function isCounting(node: ts.Node): node is ts.PrefixUnaryExpression | ts.PostfixUnaryExpression {
  if (!ts.isPrefixUnaryExpression(node) && !ts.isPostfixUnaryExpression(node)) return false;
  return node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken;
}

function patternWrites(pattern: ts.Expression, node: ts.Node): Write[] {
  const writes: Write[] = [];
  eachOwnNode(pattern, (child) => {
    if (ts.isIdentifier(child) || ts.isPropertyAccessExpression(child)) {
      writes.push({ target: child, by: undefined, node });
    }
  });
  return writes;
}

/** All that the node writes to, itself and below. */
export function writesIn(root: ts.Node): Write[] {
  const writes: Write[] = [];
  const visit = (node: ts.Node): void => {
    if (isCounting(node)) {
      writes.push({ target: inner(node.operand), by: node, node });
    } else if (isAssignment(node)) {
      const left = inner(node.left);
      const isPattern = ts.isArrayLiteralExpression(left) || ts.isObjectLiteralExpression(left);
      writes.push(...(isPattern ? patternWrites(left, node) : [{ target: left, by: node, node }]));
    }
  };
  visit(root);
  eachOwnNode(root, visit);
  return writes;
}

/** The writes that change a place: to itself, and to whatever it is a property of. */
export function writesTo(place: Place, writes: readonly Write[], checker: ts.TypeChecker): Write[] {
  const own = writes.filter(({ target }) => samePlace(target, place, checker));
  if (!ts.isPropertyAccessExpression(place)) return own;
  const around = inner(place.expression);
  const above = isPlace(around) ? writesTo(around, writes, checker) : [];
  return [...own, ...above.map((write): Write => ({ ...write, by: undefined }))];
}
