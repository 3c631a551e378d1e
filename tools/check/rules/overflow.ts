/** LVS023: integers that grow beyond what holds them, where the ranges of their parts show it. */
import ts from 'typescript';
import { constantOf } from '../constants.ts';
import { quoted } from '../diagnostic.ts';
import { combine, rangeOf } from '../ranges/range-of.ts';
import { isKnown, isSafe, rangeText } from '../ranges/range.ts';
import { isValueReference, operationOf } from '../syntax.ts';
import type { Rule, Spot } from './rule.ts';

const CODE = 'LVS023';
const SMALLER = 'Use a number up to 2^53 - 1, or take it apart with firmware/fixed/words.ts';

const GROWING: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.PlusToken,
  ts.SyntaxKind.MinusToken,
  ts.SyntaxKind.AsteriskToken,
]);

function checkResult(node: ts.BinaryExpression, { checker, report }: Spot): void {
  const operation = operationOf(node);
  if (!GROWING.has(operation)) return;
  const left = rangeOf(node.left, checker);
  const right = rangeOf(node.right, checker);
  const result = combine(operation, left, right);
  if (!isKnown(left) || !isKnown(right) || isSafe(result)) return;
  const bits = Math.ceil(Math.log2(Math.max(-result.low, result.high)));
  report(
    node,
    CODE,
    `The result may reach 2^${bits}, and beyond 2^53 the last bits are lost: ` +
      `${quoted(node.left)} is ${rangeText(left)}, ${quoted(node.right)} is ${rangeText(right)}`,
    'Shift one side down first, or use Math.imul where the low 32 bits are what is wanted',
  );
}

/** A whole number that a double does not hold exactly, or holds by chance. */
function checkConstant(node: ts.Expression, { checker, report }: Spot): void {
  if (ts.isIdentifier(node) && !isValueReference(node)) return;
  const value = constantOf(node, checker);
  if (value === undefined || !Number.isInteger(value) || Number.isSafeInteger(value)) return;
  const name = ts.isNumericLiteral(node) ? node.getText() : quoted(node);
  report(node, CODE, `${name} is beyond 2^53, where a double skips numbers: it is ${BigInt(value)}`, SMALLER);
}

export const overflow: Rule = (node, spot) => {
  if (ts.isBinaryExpression(node)) checkResult(node, spot);
  else if (ts.isNumericLiteral(node) || ts.isIdentifier(node)) checkConstant(node, spot);
};
