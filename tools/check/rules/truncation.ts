/** LVS023 at the shifts: they cut their left side to 32 bits first, and what was above is gone before it is shifted down. */
import ts from 'typescript';
import { quoted } from '../diagnostic.ts';
import { originOf } from '../members.ts';
import { rangeOf } from '../ranges/range-of.ts';
import { INT32, isKnown, rangeText, UINT32, within } from '../ranges/range.ts';
import { operationOf } from '../syntax.ts';
import { symbolOf } from '../types.ts';
import type { Rule, Spot } from './rule.ts';

const CODE = 'LVS023';
const BITS = 32;

const SHIFTS: ReadonlyMap<ts.SyntaxKind, string> = new Map<ts.SyntaxKind, string>([
  [ts.SyntaxKind.LessThanLessThanToken, '<<'],
  [ts.SyntaxKind.GreaterThanGreaterThanToken, '>>'],
  [ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken, '>>>'],
]);

function isConstantName(node: ts.Node, checker: ts.TypeChecker): boolean {
  const declaration = ts.isIdentifier(node) ? symbolOf(node, checker)?.valueDeclaration : undefined;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return false;
  return ts.isVariableStatement(declaration.parent.parent) && ts.isSourceFile(declaration.parent.parent.parent);
}

/**
 * True where a part of the expression is a column of a row, `rows[at + AGE]`: a typed array stands there for a record,
 * and the field's own range, which nobody has written down, is narrower than the element's.
 */
function hasColumn(expression: ts.Expression, checker: ts.TypeChecker, depth = 0): boolean {
  const visit = (node: ts.Node): boolean => {
    if (ts.isElementAccessExpression(node) && namesColumn(node.argumentExpression, checker)) return true;
    if (ts.isIdentifier(node) && depth < 8) {
      const origin = originOf(node, checker);
      if (origin !== node) return hasColumn(origin, checker, depth + 1);
    }
    return ts.forEachChild(node, visit) ?? false;
  };
  return visit(expression);
}

function namesColumn(index: ts.Expression, checker: ts.TypeChecker): boolean {
  const visit = (node: ts.Node): boolean => isConstantName(node, checker) || (ts.forEachChild(node, visit) ?? false);
  return visit(index);
}

function checkCount(node: ts.BinaryExpression, { checker, report }: Spot): void {
  const { low, high } = rangeOf(node.right, checker);
  if (low < BITS && high >= 0) return;
  const what =
    low === high
      ? `A shift by ${low} is one by ${low & (BITS - 1)}`
      : 'A shift by 32 or more is one by what is left of it';
  report(node.right, CODE, `${what}: its count is taken by 32`, 'Shift by 0 to 31');
}

function checkLeft(node: ts.BinaryExpression, sign: string, { checker, report }: Spot): void {
  const by = rangeOf(node.right, checker);
  // `>> 0` and `>>> 0` wrap on purpose, as `| 0` does; `<<` keeps the low bits, which the cut leaves alone.
  if (sign === '<<' || (by.low === 0 && by.high === 0)) return;
  const left = rangeOf(node.left, checker);
  if (!isKnown(left) || within(left, INT32) || (sign === '>>>' && within(left, UINT32))) return;
  if (hasColumn(node.left, checker)) return;
  const what = `${quoted(node.left)} is ${rangeText(left)}, and \`${sign}\` cuts it to 32 bits first`;
  report(node, CODE, what, 'Shift each part down before they are put together, or write `| 0` where it is to wrap');
}

export const truncation: Rule = (node, spot) => {
  if (!ts.isBinaryExpression(node)) return;
  const sign = SHIFTS.get(operationOf(node));
  if (sign === undefined) return;
  checkCount(node, spot);
  checkLeft(node, sign, spot);
};
