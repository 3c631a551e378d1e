/** Which functions a name may stand for. */
import ts from 'typescript';
import { memberOf } from '../members.ts';
import { inner, isFunctionNode } from '../syntax.ts';
import type { FunctionNode } from '../syntax.ts';
import { isAmbient, symbolOf } from '../types.ts';

/** What names a function: an identifier, or the text in `object['method']`. */
export type Name = ts.Identifier | ts.PrivateIdentifier | ts.StringLiteralLike;

export interface Targets {
  functions: readonly FunctionNode[];
  /** False when it may also stand for something whose body is not in sight. */
  complete: boolean;
}

const NOTHING: Targets = { functions: [], complete: true };
const UNKNOWN: Targets = { functions: [], complete: false };

/** A name for people: the function's own, or that of what holds it. */
export function nameOf(node: FunctionNode): string {
  if (ts.isConstructorDeclaration(node)) return `new ${node.parent.name?.text ?? 'class'}`;
  const holder =
    ts.isFunctionExpression(node) || ts.isArrowFunction(node) ? (node.name ?? holderName(node)) : node.name;
  if (holder !== undefined) return holder.getText();
  const { line } = node.getSourceFile().getLineAndCharacterOfPosition(node.getStart());
  return `function in line ${line + 1}`;
}

function holderName(node: ts.Node): ts.Node | undefined {
  const { parent } = node;
  if (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent)) {
    return parent.name;
  }
  return undefined;
}

function isConstant(declaration: ts.VariableDeclaration | ts.BindingElement): boolean {
  return (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
}

/** Follows what a variable or property is first set to, as long as that names a function or is one. */
function fromInitialiser(value: ts.Expression | undefined, checker: ts.TypeChecker, depth: number): Targets {
  if (value === undefined || depth > 8) return UNKNOWN;
  const expression = inner(value);
  if (isFunctionNode(expression)) return { functions: [expression], complete: true };
  const name = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
  return ts.isIdentifier(name) ? targetsOf(name, checker, depth + 1) : UNKNOWN;
}

/** `const { max } = Math` is what the property is. */
function fromBinding(declaration: ts.BindingElement, checker: ts.TypeChecker, depth: number): Targets {
  const member = memberOf(declaration, checker);
  const property = member === undefined ? undefined : checker.getTypeAtLocation(member.holder).getProperty(member.name);
  const declarations = property?.declarations ?? [];
  if (declarations.length === 0 || depth > 8) return UNKNOWN;
  return allOf(declarations.map((one) => fromDeclaration(one, checker, depth + 1)));
}

function allOf(all: readonly Targets[]): Targets {
  return { functions: all.flatMap(({ functions }) => functions), complete: all.every(({ complete }) => complete) };
}

function fromDeclaration(declaration: ts.Declaration, checker: ts.TypeChecker, depth: number): Targets {
  if (isAmbient(declaration)) return NOTHING;
  if (isFunctionNode(declaration)) return { functions: [declaration], complete: true };
  // Another overload of the same function has the body.
  if (ts.isFunctionDeclaration(declaration)) return NOTHING;
  if (ts.isMethodDeclaration(declaration)) return isAbstract(declaration) ? UNKNOWN : NOTHING;
  if (ts.isClassLike(declaration)) return NOTHING;
  if (ts.isVariableDeclaration(declaration) && isConstant(declaration)) {
    return fromInitialiser(declaration.initializer, checker, depth);
  }
  if (ts.isBindingElement(declaration) && isConstant(declaration)) return fromBinding(declaration, checker, depth);
  if (ts.isPropertyAssignment(declaration)) return fromInitialiser(declaration.initializer, checker, depth);
  if (ts.isShorthandPropertyAssignment(declaration)) return targetsOf(declaration.name, checker, depth + 1);
  return UNKNOWN;
}

function isAbstract(declaration: ts.Declaration): boolean {
  return (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Abstract) !== 0;
}

/** What the identifier may stand for, seen from where it stands. What the engine brings along counts as nothing. */
export function targetsOf(id: Name, checker: ts.TypeChecker, depth = 0): Targets {
  const declarations = symbolOf(id, checker)?.declarations ?? [];
  return allOf(declarations.map((declaration) => fromDeclaration(declaration, checker, depth)));
}

/** True when the name is declared among the ports: what is called there is the platform's. */
export function isDeclaredIn(id: Name, checker: ts.TypeChecker, isThere: (source: ts.SourceFile) => boolean): boolean {
  const declarations = symbolOf(id, checker)?.declarations ?? [];
  return declarations.length > 0 && declarations.every((declaration) => isThere(declaration.getSourceFile()));
}
