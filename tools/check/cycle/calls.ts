/** What a function calls: whatever function it names, called at once or handed on to somebody who will. */
import ts from 'typescript';
import { eachOwnNode, inner, isFunctionNode, isValueReference, outer } from '../syntax.ts';
import type { FunctionNode } from '../syntax.ts';
import { isAny, symbolOf } from '../types.ts';
import type { Overrides } from './overrides.ts';
import { withOverrides } from './overrides.ts';
import { isDeclaredIn, targetsOf } from './targets.ts';

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

function nameIn(expression: ts.Expression): ts.Identifier | ts.PrivateIdentifier | undefined {
  if (ts.isIdentifier(expression)) return expression;
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

export function callsOf(from: FunctionNode, scope: CallScope): Calls {
  const calls: Call[] = [];
  const lost: ts.Expression[] = [];
  eachOwnNode(from, (node) => {
    if ((ts.isIdentifier(node) && isReference(node)) || ts.isPrivateIdentifier(node)) {
      const to = withOverrides(targetsOf(node, scope.checker).functions, scope.overrides);
      if (to.length > 0) calls.push({ node, to });
    } else if (isFunctionNode(node) && isCallee(node)) {
      calls.push({ node, to: [node] });
    }
    if (ts.isCallExpression(node) || ts.isTaggedTemplateExpression(node)) {
      const callee = calleeOf(node);
      if (isLost(callee, scope)) lost.push(callee);
    }
  });
  return { calls, lost };
}

/** A name that stands for its value, or the method in `object.method`. */
function isReference(id: ts.Identifier): boolean {
  return isValueReference(id) || (ts.isPropertyAccessExpression(id.parent) && id.parent.name === id);
}
