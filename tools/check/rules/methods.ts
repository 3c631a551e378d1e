/** LVS034 and LVS037: calls of the language's own methods that make something, or move an array to make room. */
import ts from 'typescript';
import { quoted } from '../diagnostic.ts';
import { isCounting, samePlace } from '../loops/places.ts';
import { memberOf, originOf } from '../members.ts';
import { rangeOf } from '../ranges/range-of.ts';
import { inner, isAssignment } from '../syntax.ts';
import { isAmbient, isArray, partsOf, usedType } from '../types.ts';
import type { Rule, Spot } from './rule.ts';

/** These return what they were called on. */
const RETURNS_ITSELF: ReadonlySet<string> = new Set(['fill', 'copyWithin', 'reverse', 'sort']);

const PASSES_ON: ReadonlySet<string> = new Set(['call', 'apply']);

const RESIZES: ReadonlySet<string> = new Set(['push', 'pop', 'shift', 'unshift', 'splice']);

/** `JSON.parse` and `Object.create` are declared to return `any`. */
const MADE =
  ts.TypeFlags.Any |
  ts.TypeFlags.Unknown |
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
  // What `call` and `apply` return is what they call returns, whatever type parameter they are declared with.
  const isPassedOn = PASSES_ON.has(memberOf(inner(node.expression), checker)?.name ?? '');
  if (!isAmbient(declaration) || (!isPassedOn && returnsElement(declaration, checker))) return false;
  return partsOf(checker.getReturnTypeOfSignature(signature)).some(({ flags }) => (flags & MADE) !== 0);
}

/** A method of arrays that changes their length, called or handed on, by whatever name. */
function isResizing(node: ts.Node, { checker }: Spot): boolean {
  const member = memberOf(node, checker);
  return member !== undefined && RESIZES.has(member.name) && isArray(usedType(member.holder, checker), checker);
}

/** Without a comparison an array is sorted by the texts of its elements. */
function sortsByText(node: ts.CallExpression, { checker }: Spot): boolean {
  const member = memberOf(inner(node.expression), checker);
  if (member?.name !== 'sort' || !isArray(usedType(member.holder, checker), checker)) return false;
  const comparison = node.arguments.at(0);
  return comparison === undefined || (checker.getTypeAtLocation(comparison).flags & ts.TypeFlags.Undefined) !== 0;
}

export const makingMethods: Rule = (node, spot) => {
  if (!ts.isCallExpression(node)) return;
  const { checker, report } = spot;
  const callee = inner(node.expression);
  const name = memberOf(callee, checker)?.at ?? callee;
  if (sortsByText(node, spot)) {
    const what = `${quoted(name)} without a comparison makes a text of each element, and puts 10 before 9`;
    report(name, 'LVS034', what, 'Pass a function that subtracts, or use sortAscending of firmware/fixed/sorted.ts');
    return;
  }
  const member = memberOf(callee, checker);
  const text = member?.name ?? callee.getText();
  // `list.push.call(..)` has its fault at `push`.
  const behind = member?.owner !== undefined && PASSES_ON.has(text) ? inner(member.owner) : callee;
  if (isResizing(behind, spot) || RETURNS_ITSELF.has(text) || !makesSomething(node, checker)) return;
  report(
    name,
    'LVS034',
    `${quoted(name)} returns something that it makes at each call`,
    'Write a loop that reads by index, or fill an array that was made at start',
  );
};

const FIXED_SIZE = 'Make the array as long as it will ever be, and keep the number of elements in use beside it';

/** `list.length`, or a constant that was set to it, or more. */
function isItsEnd(index: ts.Expression, list: ts.Expression, checker: ts.TypeChecker): boolean {
  const node = originOf(index, checker);
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const sides = [node.left, node.right];
    return sides.some((one, i) => isItsEnd(one, list, checker) && rangeOf(sides[1 - i], checker).low >= 0);
  }
  const member = memberOf(node, checker);
  return member?.name === 'length' && member.owner !== undefined && samePlace(inner(member.owner), list, checker);
}

function checkWrite(target: ts.Expression, node: ts.Node, { checker, report }: Spot): void {
  const member = memberOf(target, checker);
  if (member?.name === 'length' && isArray(usedType(member.holder, checker), checker)) {
    report(node, 'LVS037', 'Setting the length of an array moves it to make or give back room', FIXED_SIZE);
  } else if (ts.isElementAccessExpression(target) && isArray(usedType(target.expression, checker), checker)) {
    if (!isItsEnd(target.argumentExpression, inner(target.expression), checker)) return;
    report(node, 'LVS037', 'This writes behind the end of the array, and XS moves it to make room', FIXED_SIZE);
  }
}

export const resizing: Rule = (node, spot) => {
  if (isResizing(node, spot)) {
    const name = memberOf(node, spot.checker)?.at ?? node;
    const what = `${quoted(name)} changes the array's length, and XS moves it to make or give back room`;
    spot.report(name, 'LVS037', what, FIXED_SIZE);
  } else if (isAssignment(node)) {
    checkWrite(inner(node.left), node, spot);
  } else if (isCounting(node)) {
    checkWrite(inner(node.operand), node, spot);
  }
};
