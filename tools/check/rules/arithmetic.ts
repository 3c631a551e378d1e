/** LVS020 to LVS022: doubles, and what makes them. The chip has no hardware for them; `fixed` does what must be done. */
import ts from 'typescript';
import { numbersOf } from '../constants.ts';
import { quoted } from '../diagnostic.ts';
import { globalUse, memberOf } from '../members.ts';
import { rangeOf } from '../ranges/range-of.ts';
import { inner, isFunctionNode, isValueReference, operationOf } from '../syntax.ts';
import { builtInName, isString, symbolOf, typedArrayName, usedType } from '../types.ts';
import type { Rule, Spot } from './rule.ts';

const FIXED = 'Count in Q16.16 with the functions of firmware/fixed/q16.ts';
const BEFORE = 'Turn texts into integers before the cycle';
const UNITS = 'Write it in units of 2^-16, as in `ONE >> 1` for a half';
const CODE = 'LVS020';

/** What Math has for integers; all else reckons with doubles. */
const INTEGER_MATH: ReadonlySet<string> = new Set(['imul', 'clz32', 'abs', 'min', 'max']);
const FLOAT_NUMBER = /^(EPSILON|MIN_VALUE|MAX_VALUE|NaN|NEGATIVE_INFINITY|POSITIVE_INFINITY|parseFloat|parseInt)$/;
const FLOAT_GLOBALS: ReadonlySet<string> = new Set(['NaN', 'Infinity', 'parseFloat', 'parseInt']);
const FLOAT_ARRAY = /^Float(16|32|64)Array$/;
const SIZES = /^(length|byteLength|byteOffset|buffer)$/;
const FLOAT_VIEW = /^[gs]etFloat(16|32|64)$/;

function isFloatMath(name: string): boolean {
  return !INTEGER_MATH.has(name);
}

/** `Math.sin`, however Math is called there, and what turns the bytes of a view into a double. */
function ofMember(node: ts.Node, { checker, report }: Spot): void {
  const member = memberOf(node, checker);
  if (member === undefined) return;
  const { name } = member;
  const type = builtInName(usedType(member.holder, checker));
  if (type === 'Math' && isFloatMath(name)) {
    report(node, CODE, `\`Math.${name}\` reckons with doubles`, FIXED);
  } else if (type === 'NumberConstructor' && FLOAT_NUMBER.test(name)) {
    report(node, CODE, `\`Number.${name}\` belongs to doubles`, FIXED);
  } else if (FLOAT_ARRAY.test(type) && !SIZES.test(name)) {
    report(member.at, CODE, `\`${name}\` of a ${type} handles doubles`, 'Keep it in an Int32Array');
  } else if (type === 'DataView' && FLOAT_VIEW.test(name)) {
    report(member.at, CODE, `\`${name}\` turns bytes into a double`, 'Send integers: getInt32 and setInt32');
  }
}

/** A call of a function of the language under another name, as after `const { sin } = Math`. */
function ofRenamed(node: ts.CallExpression, { checker, report }: Spot): void {
  const callee = inner(node.expression);
  if (memberOf(callee, checker) !== undefined || globalUse(callee, checker) !== undefined) return;
  const declaration: ts.Node | undefined = checker.getResolvedSignature(node)?.declaration;
  if (!declaration?.getSourceFile().isDeclarationFile) return;
  const name =
    ts.isFunctionDeclaration(declaration) || ts.isMethodSignature(declaration) ? declaration.name : undefined;
  const text = name?.getText() ?? '';
  const owner = ts.isInterfaceDeclaration(declaration.parent) ? declaration.parent.name.text : '';
  if (owner === 'Math' && isFloatMath(text)) {
    report(node.expression, CODE, `\`Math.${text}\` reckons with doubles`, FIXED);
  } else if (owner === '' && FLOAT_GLOBALS.has(text)) {
    report(node.expression, CODE, `\`${text}\` belongs to doubles`, FIXED);
  }
}

/** True where what the constant is made of is in the function, and has a fault of its own. */
function isLocal(node: ts.Expression, checker: ts.TypeChecker): boolean {
  const declaration = ts.isIdentifier(node) ? symbolOf(node, checker)?.valueDeclaration : undefined;
  if (declaration === undefined || ts.findAncestor(declaration, isFunctionNode) === undefined) return false;
  const member = ts.isBindingElement(declaration) ? memberOf(declaration, checker) : undefined;
  return member === undefined || builtInName(usedType(member.holder, checker)) !== '';
}

/** A constant that is no whole number, by its name. */
function ofConstant(node: ts.Identifier | ts.AccessExpression, { checker, report }: Spot): void {
  if (ts.isIdentifier(node) && (!isValueReference(node) || FLOAT_GLOBALS.has(node.text))) return;
  const owner = ts.isIdentifier(node) ? '' : builtInName(usedType(node.expression, checker));
  if (owner === 'Math' || owner === 'NumberConstructor' || isLocal(node, checker)) return;
  const numbers = numbersOf(node, checker);
  const float = numbers.find((one) => !Number.isInteger(one));
  if (float === undefined) return;
  const verb = numbers.length === 1 ? 'is' : 'may be';
  report(node, CODE, `${quoted(node)} ${verb} ${String(float)}, a double`, UNITS);
}

export const floatingPoint: Rule = (node, spot) => {
  const { checker, report, zone } = spot;
  if (zone === 'fixed') return;
  ofMember(node, spot);
  if (ts.isNumericLiteral(node) && !Number.isInteger(Number(node.text))) {
    report(node, CODE, `${node.getText()} is a double`, UNITS);
  } else if (ts.isElementAccessExpression(node)) {
    const name = typedArrayName(usedType(node.expression, checker));
    if (FLOAT_ARRAY.test(name)) report(node, CODE, `An element of a ${name} is a double`, 'Keep it in an Int32Array');
  } else if (ts.isBinaryExpression(node) && operationOf(node) === ts.SyntaxKind.AsteriskAsteriskToken) {
    report(node, CODE, '`**` reckons with doubles', 'Shift for powers of two; else multiply');
  } else if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.PlusToken) {
    if (!isString(usedType(node.operand, checker))) return;
    report(node, CODE, `${quoted(node)} turns a text into a double`, BEFORE);
  } else if (ts.isCallExpression(node)) {
    ofRenamed(node, spot);
  }
  if (ts.isIdentifier(node) || ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) {
    ofConstant(node, spot);
  }
  const use = globalUse(node, checker);
  if (use === undefined || !FLOAT_GLOBALS.has(use.name)) return;
  report(use.at, CODE, `\`${use.name}\` belongs to doubles`, 'Use an integer that cannot be a value, such as NONE');
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
