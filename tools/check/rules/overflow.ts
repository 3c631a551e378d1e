/** LVS023: integers that grow beyond what holds them, where the ranges of their parts show it. */
import ts from 'typescript';
import { quoted } from '../diagnostic.ts';
import { combine, rangeOf } from '../ranges/range-of.ts';
import type { Range } from '../ranges/range.ts';
import { isKnown, isSafe } from '../ranges/range.ts';
import { ELEMENTS } from '../ranges/sources.ts';
import { inner, operationOf } from '../syntax.ts';
import { typedArrayName, usedType } from '../types.ts';
import type { Rule, Spot } from './rule.ts';

const CODE = 'LVS023';
const GROUPED = new Intl.NumberFormat('en-US');

const GROWING: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.PlusToken,
  ts.SyntaxKind.MinusToken,
  ts.SyntaxKind.AsteriskToken,
]);

function rangeText({ low, high }: Range): string {
  return low === high ? GROUPED.format(low) : `${GROUPED.format(low)} to ${GROUPED.format(high)}`;
}

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

/** A store that cannot hold any of the values that the expression may have: NONE in a Uint16Array. */
function checkStore(node: ts.BinaryExpression, { checker, report }: Spot): void {
  const target = inner(node.left);
  if (node.operatorToken.kind !== ts.SyntaxKind.EqualsToken || !ts.isElementAccessExpression(target)) return;
  const name = typedArrayName(usedType(target.expression, checker));
  const holds = ELEMENTS.get(name);
  const value = rangeOf(node.right, checker);
  if (holds === undefined || !isKnown(value)) return;
  if (value.low <= holds.high && value.high >= holds.low) return;
  report(
    node.right,
    CODE,
    `The value is ${rangeText(value)}, and an element of a ${name} is ${rangeText(holds)}: another number is stored`,
    'Use a wider array, or a value that fits',
  );
}

export const overflow: Rule = (node, spot) => {
  if (!ts.isBinaryExpression(node)) return;
  checkResult(node, spot);
  checkStore(node, spot);
};
