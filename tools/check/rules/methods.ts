/** LVS034 and LVS037: calls of the language's own methods that make something, or move an array to make room. */
import ts from 'typescript';
import { quoted } from '../diagnostic.ts';
import { inner, isAssignment } from '../syntax.ts';
import { isAmbient, isArray, partsOf, usedType } from '../types.ts';
import type { Rule } from './rule.ts';

/** These return what they were called on. */
const RETURNS_ITSELF: ReadonlySet<string> = new Set(['fill', 'copyWithin', 'reverse', 'sort']);

const RESIZES: ReadonlySet<string> = new Set(['push', 'pop', 'shift', 'unshift', 'splice']);

const MADE =
  ts.TypeFlags.Object |
  ts.TypeFlags.NonPrimitive |
  ts.TypeFlags.StringLike |
  ts.TypeFlags.BigIntLike |
  ts.TypeFlags.ESSymbol;

/** `find` and `at` return an element that was there before: their result is declared as a type parameter. */
function returnsElement(declaration: ts.SignatureDeclaration, checker: ts.TypeChecker): boolean {
  if (declaration.type === undefined) return false;
  const parts = partsOf(checker.getTypeFromTypeNode(declaration.type));
  const real = parts.filter(({ flags }) => (flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null)) === 0);
  return real.length > 0 && real.every((part) => (part.flags & ts.TypeFlags.TypeParameter) !== 0);
}

function makesSomething(node: ts.CallExpression, checker: ts.TypeChecker): boolean {
  const signature = checker.getResolvedSignature(node);
  // A signature that the compiler makes up itself has no declaration.
  const declaration: ts.SignatureDeclaration | ts.JSDocSignature | undefined = signature?.getDeclaration();
  if (signature === undefined || declaration === undefined || ts.isJSDocSignature(declaration)) return false;
  if (!isAmbient(declaration) || returnsElement(declaration, checker)) return false;
  return partsOf(checker.getReturnTypeOfSignature(signature)).some(({ flags }) => (flags & MADE) !== 0);
}

function isResizing(node: ts.CallExpression, checker: ts.TypeChecker): boolean {
  const callee = inner(node.expression);
  if (!ts.isPropertyAccessExpression(callee) || !RESIZES.has(callee.name.text)) return false;
  return isArray(usedType(callee.expression, checker), checker);
}

export const makingMethods: Rule = (node, { checker, report }) => {
  if (!ts.isCallExpression(node) || isResizing(node, checker)) return;
  const callee = inner(node.expression);
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
  if (RETURNS_ITSELF.has(name.getText()) || !makesSomething(node, checker)) return;
  report(
    name,
    'LVS034',
    `${quoted(name)} returns something that it makes at each call`,
    'Write a loop that reads by index, or fill an array that was made at start',
  );
};

export const resizing: Rule = (node, { checker, report }) => {
  const instead = 'Make the array as long as it will ever be, and keep the number of elements in use beside it';
  if (ts.isCallExpression(node) && isResizing(node, checker)) {
    const name = ts.isPropertyAccessExpression(node.expression) ? node.expression.name : node.expression;
    report(
      name,
      'LVS037',
      `${quoted(name)} changes the array's length, and XS moves it to make or give back room`,
      instead,
    );
  } else if (isAssignment(node)) {
    const left = inner(node.left);
    if (!ts.isPropertyAccessExpression(left) || left.name.text !== 'length') return;
    if (!isArray(usedType(left.expression, checker), checker)) return;
    report(node, 'LVS037', 'Setting the length of an array moves it to make or give back room', instead);
  }
};
