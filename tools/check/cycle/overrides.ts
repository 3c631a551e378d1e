/** Methods that a derived class puts in the place of a base class's: a call of the one may be a call of the other. */
import ts from 'typescript';
import { isFunctionNode } from '../syntax.ts';
import type { FunctionNode } from '../syntax.ts';

export type Overrides = ReadonlyMap<ts.Declaration, readonly FunctionNode[]>;

function baseTypeOf(node: ts.ClassLikeDeclaration, checker: ts.TypeChecker): ts.Type | undefined {
  const clause = node.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword);
  return clause === undefined ? undefined : checker.getTypeAtLocation(clause.types[0]);
}

function noteClass(node: ts.ClassLikeDeclaration, checker: ts.TypeChecker, into: Map<ts.Declaration, FunctionNode[]>) {
  const base = baseTypeOf(node, checker);
  if (base === undefined) return;
  for (const member of node.members) {
    if (!isFunctionNode(member) || member.name === undefined) continue;
    for (const declaration of base.getProperty(member.name.getText())?.declarations ?? []) {
      into.set(declaration, [...(into.get(declaration) ?? []), member]);
    }
  }
}

export function findOverrides(sources: readonly ts.SourceFile[], checker: ts.TypeChecker): Overrides {
  const overrides = new Map<ts.Declaration, FunctionNode[]>();
  const visit = (node: ts.Node): void => {
    if (ts.isClassLike(node)) noteClass(node, checker, overrides);
    ts.forEachChild(node, visit);
  };
  for (const source of sources) visit(source);
  return overrides;
}

/** The functions, and whatever may run in their place. */
export function withOverrides(functions: readonly FunctionNode[], overrides: Overrides): FunctionNode[] {
  const all = new Set<FunctionNode>(functions);
  // A set that grows while it is walked is walked to its new end.
  for (const one of all) for (const override of overrides.get(one) ?? []) all.add(override);
  return [...all];
}
