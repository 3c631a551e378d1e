/** LVS030 to LVS033 and LVS035: syntax that allocates each time it runs. */
import ts from 'typescript';
import { inner, isAssignment, isFunctionNode, outer } from '../syntax.ts';
import { isString, usedType } from '../types.ts';
import type { Rule } from './rule.ts';

const RECORD = 'Make it once at start, in the record that is handed on, and set its fields here';

function isLiteral(node: ts.Node): boolean {
  return ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node);
}

/** True for `[a, b]` and `{ a, b }` on the left of an assignment or as what a loop sets. */
function isPattern(node: ts.Node): boolean {
  const { parent } = node;
  if (isAssignment(parent)) return inner(parent.left) === node;
  if (ts.isForOfStatement(parent)) return parent.initializer === node;
  if (ts.isPropertyAssignment(parent) || ts.isSpreadElement(parent) || isLiteral(parent)) {
    return isPattern(isLiteral(parent) ? parent : parent.parent);
  }
  return false;
}

/** Inside another literal, or the default of a parameter: there it is part of one fault, or of another code. */
function isPartOfAnother(node: ts.Node): boolean {
  const around = outer(node);
  if (ts.isParameter(around)) return true;
  return isLiteral(around) || ts.isSpreadElement(around) || ts.isPropertyAssignment(around);
}

export const literals: Rule = (node, { report }) => {
  if (isLiteral(node) && !isPattern(node) && !isPartOfAnother(node)) {
    const kind = ts.isObjectLiteralExpression(node) ? 'An object' : 'An array';
    report(node, 'LVS030', `${kind} is made here each time, and collected later`, RECORD);
  } else if (ts.isSpreadElement(node) && !isLiteral(node.parent)) {
    report(node, 'LVS030', 'A spread argument makes an array for the call', 'Pass each argument by itself');
  } else if (ts.isBindingElement(node) && node.dotDotDotToken !== undefined && ts.isObjectBindingPattern(node.parent)) {
    report(node, 'LVS030', 'The rest of an object is a new object', 'Name the properties that are needed');
  }
};

export const functions: Rule = (node, { report }) => {
  if (ts.isClassLike(node)) {
    report(node.name ?? node, 'LVS031', 'A class is made here each time', 'Declare it at the top of the module');
    return;
  }
  if (!isFunctionNode(node) || ts.isClassLike(node.parent) || isLiteral(node.parent)) return;
  if (ts.isParameter(outer(node)) || ts.isPropertyAssignment(outer(node))) return;
  const instead = 'Declare a function at the top of the module, and pass it what it needs as arguments';
  const at = ts.isFunctionDeclaration(node) && node.name !== undefined ? node.name : node;
  report(at, 'LVS031', 'A function is made here each time, with a closure over what it uses', instead);
};

const NUMBERS = 'Report a number, as an `EVENT_` constant with its integers; text is made on the host';

function isStringSum(node: ts.Node, isText: (node: ts.Node) => boolean): boolean {
  if (!ts.isBinaryExpression(node)) return false;
  const { kind } = node.operatorToken;
  return (kind === ts.SyntaxKind.PlusToken || kind === ts.SyntaxKind.PlusEqualsToken) && isText(node);
}

export const text: Rule = (node, { checker, report }) => {
  const isText = (one: ts.Node): boolean => isString(usedType(one, checker));
  if (ts.isTemplateExpression(node) && !ts.isTaggedTemplateExpression(node.parent)) {
    report(node, 'LVS032', 'A template makes a new text each time', NUMBERS);
  } else if (ts.isTaggedTemplateExpression(node)) {
    report(node, 'LVS032', 'A tagged template makes an array of its values each time', NUMBERS);
  } else if (isStringSum(node, isText) && !isStringSum(outer(node), isText)) {
    report(node, 'LVS032', 'Adding to a text makes a new one', NUMBERS);
  } else if (ts.isElementAccessExpression(node) && isText(node.expression)) {
    report(node, 'LVS032', 'A character of a text is a new text', 'Compare numbers: `text.charCodeAt(i)`');
  }
};

export const instances: Rule = (node, { report }) => {
  if (!ts.isNewExpression(node) || ts.isThrowStatement(outer(node)) || ts.isParameter(outer(node))) return;
  const what = `\`new ${node.expression.getText()}\` makes an object each time`;
  report(node, 'LVS033', what, 'Make it once at start, and hand it on');
};

export const iterators: Rule = (node, { report }) => {
  if (ts.isForOfStatement(node)) {
    const head = { start: node.getStart(), end: node.statement.getStart() };
    const instead = 'Write `for (let i = 0; i < list.length; i++)`';
    report(head, 'LVS035', '`for ... of` makes an iterator, and an object for each round', instead);
  } else if (ts.isArrayBindingPattern(node) || (ts.isArrayLiteralExpression(node) && isPattern(node))) {
    report(node, 'LVS035', 'Taking an array apart makes an iterator', 'Read each element by its index');
  }
};
