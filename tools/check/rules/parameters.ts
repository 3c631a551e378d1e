/** LVS036: parameters that cost an object at each call. */
import ts from 'typescript';
import { inner, isFunctionNode, isValueReference } from '../syntax.ts';
import type { Rule } from './rule.ts';

function allocates(value: ts.Expression): boolean {
  const node = inner(value);
  return (
    ts.isObjectLiteralExpression(node) ||
    ts.isArrayLiteralExpression(node) ||
    ts.isNewExpression(node) ||
    isFunctionNode(node)
  );
}

export const parameters: Rule = (node, { report }) => {
  if (ts.isIdentifier(node) && node.text === 'arguments' && isValueReference(node)) {
    report(node, 'LVS036', '`arguments` is an object that the call makes', 'Name each parameter');
  } else if (ts.isParameter(node) && node.dotDotDotToken !== undefined) {
    report(node, 'LVS036', 'A rest parameter makes an array at each call', 'Name each parameter');
  } else if (ts.isParameter(node) && node.initializer !== undefined && allocates(node.initializer)) {
    const instead = 'Let the caller pass it, from a record that was made at start';
    report(node, 'LVS036', 'This default is made at each call that leaves the argument out', instead);
  }
};
