/** LVS020 to LVS022: doubles, and what makes them. The chip has no hardware for them; `fixed` does what must be done. */
import ts from 'typescript';
import { quoted } from '../diagnostic.ts';
import { rangeOf } from '../ranges/range-of.ts';
import { inner, isValueReference, operationOf } from '../syntax.ts';
import { builtInName, isGlobal, typedArrayName, usedType } from '../types.ts';
import type { Rule, Spot } from './rule.ts';

const FIXED = 'Count in Q16.16 with the functions of firmware/fixed/q16.ts';
const CODE = 'LVS020';

/** What Math has for integers; all else reckons with doubles. */
const INTEGER_MATH: ReadonlySet<string> = new Set(['imul', 'clz32', 'abs', 'min', 'max']);
const FLOAT_NUMBER = /^(EPSILON|MIN_VALUE|MAX_VALUE|NaN|NEGATIVE_INFINITY|POSITIVE_INFINITY|parseFloat|parseInt)$/;
const FLOAT_GLOBALS: ReadonlySet<string> = new Set(['NaN', 'Infinity', 'parseFloat', 'parseInt']);
const FLOAT_ARRAY = /^Float(16|32|64)Array$/;
const FLOAT_VIEW = /^[gs]etFloat(16|32|64)$/;

function ofGlobal(node: ts.PropertyAccessExpression, { checker, report }: Spot): void {
  const owner = inner(node.expression);
  if (!ts.isIdentifier(owner) || !isGlobal(owner, checker)) return;
  const name = node.name.text;
  if (owner.text === 'Math' && !INTEGER_MATH.has(name)) {
    report(node, CODE, `\`Math.${name}\` reckons with doubles`, FIXED);
  } else if (owner.text === 'Number' && FLOAT_NUMBER.test(name)) {
    report(node, CODE, `\`Number.${name}\` belongs to doubles`, FIXED);
  }
}

export const floatingPoint: Rule = (node, spot) => {
  const { checker, report, zone } = spot;
  if (zone === 'fixed') return;
  if (ts.isNumericLiteral(node) && !Number.isInteger(Number(node.text))) {
    report(node, CODE, `${node.getText()} is a double`, 'Write it in units of 2^-16, as in `ONE >> 1` for a half');
  } else if (ts.isPropertyAccessExpression(node)) {
    ofGlobal(node, spot);
    const type = builtInName(usedType(node.expression, checker));
    if (type === 'DataView' && FLOAT_VIEW.test(node.name.text)) {
      report(
        node.name,
        CODE,
        `\`${node.name.text}\` turns bytes into a double`,
        'Send integers: getInt32 and setInt32',
      );
    }
  } else if (ts.isElementAccessExpression(node)) {
    const name = typedArrayName(usedType(node.expression, checker));
    if (FLOAT_ARRAY.test(name)) report(node, CODE, `An element of a ${name} is a double`, 'Keep it in an Int32Array');
  } else if (ts.isIdentifier(node) && FLOAT_GLOBALS.has(node.text)) {
    if (!isValueReference(node) || !isGlobal(node, checker)) return;
    report(node, CODE, `\`${node.text}\` belongs to doubles`, 'Use an integer that cannot be a value, such as NONE');
  } else if (ts.isBinaryExpression(node) && operationOf(node) === ts.SyntaxKind.AsteriskAsteriskToken) {
    report(node, CODE, '`**` reckons with doubles', 'Shift for powers of two; else multiply');
  }
};

export const division: Rule = (node, { report, zone }) => {
  if (zone === 'fixed' || !ts.isBinaryExpression(node)) return;
  if (operationOf(node) !== ts.SyntaxKind.SlashToken) return;
  report(
    node,
    'LVS021',
    'A division makes a double, even where `| 0` follows, and every place that divides has to prove its ranges anew',
    'Halve with `>> 1`, or call divideFloor, divideRound or midpoint of firmware/fixed/q16.ts',
  );
};

export const remainder: Rule = (node, { checker, report, zone }) => {
  if (zone === 'fixed' || !ts.isBinaryExpression(node)) return;
  if (operationOf(node) !== ts.SyntaxKind.PercentToken) return;
  const { low, high } = rangeOf(node.right, checker);
  if (low > 0 || high < 0) return;
  report(
    node,
    'LVS022',
    `${quoted(node.right)} may be 0 for all that the checker knows, and then the remainder is NaN, a double`,
    'Use a constant, mask with a power of two, step round with `at = at + 1 < size ? at + 1 : 0`, ' +
      'or make it a function of firmware/fixed/',
  );
};
