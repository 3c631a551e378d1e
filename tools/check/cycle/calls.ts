/** What a function calls: whatever function it names, called at once or handed on to somebody who will. */
import ts from 'typescript';
import { eachOwnNode, inner, isFunctionNode, isValueReference, outer } from '../syntax.ts';
import type { FunctionNode } from '../syntax.ts';
import { isAmbient, isAny, symbolOf } from '../types.ts';
import type { Overrides } from './overrides.ts';
import { withOverrides } from './overrides.ts';
import { isDeclaredIn, targetsOf } from './targets.ts';
import type { Name } from './targets.ts';

export interface Call {
  node: ts.Node;
  to: readonly FunctionNode[];
}

export interface Calls {
  calls: readonly Call[];
  /** Callees whose body the checker cannot find. */
  lost: readonly ts.Expression[];
}

export interface CallScope {
  checker: ts.TypeChecker;
  overrides: Overrides;
  isPorts: (source: ts.SourceFile) => boolean;
}

/** True where the expression is what a call calls. */
function isCallee(node: ts.Node): boolean {
  const around = outer(node);
  return (ts.isCallExpression(around) || ts.isTaggedTemplateExpression(around)) && calleeOf(around) === node;
}

function calleeOf(node: ts.CallExpression | ts.TaggedTemplateExpression): ts.Expression {
  return inner(ts.isCallExpression(node) ? node.expression : node.tag);
}

/** `super(...)` and `import(...)` are no calls of a function by name; other rules speak of them. */
function isNamedCall(callee: ts.Expression): boolean {
  return callee.kind !== ts.SyntaxKind.SuperKeyword && callee.kind !== ts.SyntaxKind.ImportKeyword;
}

function nameIn(expression: ts.Expression): Name | undefined {
  if (ts.isIdentifier(expression)) return expression;
  if (ts.isElementAccessExpression(expression)) {
    const name = inner(expression.argumentExpression);
    return ts.isStringLiteralLike(name) ? name : undefined;
  }
  return ts.isPropertyAccessExpression(expression) ? expression.name : undefined;
}

function isLost(callee: ts.Expression, { checker, isPorts }: CallScope): boolean {
  if (!isNamedCall(callee) || isFunctionNode(callee)) return false;
  const name = nameIn(callee);
  if (name === undefined) return true;
  // A name that the compiler does not know is a global that another rule reports, or an error that the compiler reports.
  if (symbolOf(name, checker) === undefined || isAny(checker.getTypeAtLocation(callee))) return false;
  return !targetsOf(name, checker).complete && !isDeclaredIn(name, checker, isPorts);
}

/** What `fn.call(...)` and `fn.apply(...)` call. */
function passedOn(callee: ts.Expression): ts.Expression | undefined {
  if (!ts.isPropertyAccessExpression(callee)) return undefined;
  const { text } = callee.name;
  return text === 'call' || text === 'apply' ? inner(callee.expression) : undefined;
}

/** Functions that a method of the language is given to call, and that may be any: `values.forEach(use)`. */
function lostArguments(node: ts.CallExpression, scope: CallScope): ts.Expression[] {
  const { checker } = scope;
  const declaration: ts.Declaration | undefined = checker.getResolvedSignature(node)?.declaration;
  if (declaration === undefined || !isAmbient(declaration)) return [];
  const isCalled = (one: ts.Expression): boolean => {
    const asked = checker.getContextualType(one);
    return asked !== undefined && checker.getNonNullableType(asked).getCallSignatures().length > 0;
  };
  return node.arguments
    .filter(isCalled)
    .map(inner)
    .filter((one) => isLost(one, scope));
}

export function callsOf(from: FunctionNode, scope: CallScope): Calls {
  const calls: Call[] = [];
  const lost: ts.Expression[] = [];
  eachOwnNode(from, (node) => {
    if ((ts.isIdentifier(node) && isReference(node)) || ts.isPrivateIdentifier(node) || isSpelledName(node)) {
      const to = withOverrides(targetsOf(node, scope.checker).functions, scope.overrides);
      if (to.length > 0) calls.push({ node, to });
    } else if (isFunctionNode(node) && isCallee(node)) {
      calls.push({ node, to: [node] });
    }
    if (ts.isCallExpression(node) || ts.isTaggedTemplateExpression(node)) {
      const callee = calleeOf(node);
      const behind = passedOn(callee);
      if (isLost(callee, scope)) lost.push(callee);
      if (behind !== undefined && isLost(behind, scope)) lost.push(behind);
      if (ts.isCallExpression(node)) lost.push(...lostArguments(node, scope));
    }
  });
  return { calls, lost };
}

/** The name in `object['method']`. */
function isSpelledName(node: ts.Node): node is ts.StringLiteralLike {
  return ts.isStringLiteralLike(node) && ts.isElementAccessExpression(node.parent);
}

/** A name that stands for its value, or the method in `object.method`. */
function isReference(id: ts.Identifier): boolean {
  return isValueReference(id) || (ts.isPropertyAccessExpression(id.parent) && id.parent.name === id);
}
