/** Properties by their names, however the source writes them: `o.name`, `o['name']`, `const { name } = o`. */
import ts from 'typescript';
import { inner, isAssignment, isValueReference } from './syntax.ts';
import { isGlobal, symbolOf } from './types.ts';

/** Constants that are set to constants are followed this far. */
const DEPTH_MAX = 8;

export interface Member {
  name: string;
  /** Where the name stands. */
  at: ts.Node;
  /** What has the type of the owner. */
  holder: ts.Node;
  /** What the property is taken of; undefined inside a nested pattern. */
  owner: ts.Expression | undefined;
}

function initialiserOf(id: ts.Identifier, checker: ts.TypeChecker): ts.Expression | undefined {
  const declaration = symbolOf(id, checker)?.valueDeclaration;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return undefined;
  const isConst = (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
  return isConst && ts.isIdentifier(declaration.name) ? declaration.initializer : undefined;
}

/** What a constant was made of, as long as that is only another name for it: `Math` for `M` after `const M = Math`. */
export function originOf(expression: ts.Expression, checker: ts.TypeChecker): ts.Expression {
  let at = inner(expression);
  for (let depth = 0; depth < DEPTH_MAX && ts.isIdentifier(at); depth++) {
    const value = initialiserOf(at, checker);
    if (value === undefined) return at;
    at = inner(value);
  }
  return at;
}

/** The text that an index is: written down, or the only one that its type allows. */
function textOf(index: ts.Expression, checker: ts.TypeChecker): string | undefined {
  const node = inner(index);
  if (ts.isStringLiteralLike(node)) return node.text;
  const type = checker.getTypeAtLocation(node);
  return type.isStringLiteral() ? type.value : undefined;
}

/** A name in a pattern: `name`, `'name'` or `['name']`. */
function patternName(name: ts.Node): string | undefined {
  if (ts.isIdentifier(name) || ts.isStringLiteralLike(name)) return name.text;
  return ts.isComputedPropertyName(name) && ts.isStringLiteralLike(name.expression) ? name.expression.text : undefined;
}

function ofBinding(node: ts.BindingElement): Member | undefined {
  const { parent } = node;
  const at = node.propertyName ?? node.name;
  const name = patternName(at);
  if (!ts.isObjectBindingPattern(parent) || node.dotDotDotToken !== undefined || name === undefined) return undefined;
  const owner = ts.isVariableDeclaration(parent.parent) ? parent.parent.initializer : undefined;
  return { name, at, holder: parent, owner };
}

/** `{ name: place }` on the left of an assignment. */
function ofPattern(node: ts.PropertyAssignment | ts.ShorthandPropertyAssignment): Member | undefined {
  const { name: at, parent: pattern } = node;
  const assignment = pattern.parent;
  const name = patternName(at);
  if (name === undefined || !isAssignment(assignment) || assignment.left !== pattern) return undefined;
  return { name, at, holder: assignment.right, owner: assignment.right };
}

export function memberOf(node: ts.Node, checker: ts.TypeChecker): Member | undefined {
  if (ts.isPropertyAccessExpression(node)) {
    return { name: node.name.text, at: node.name, holder: node.expression, owner: node.expression };
  }
  if (ts.isElementAccessExpression(node)) {
    const name = textOf(node.argumentExpression, checker);
    if (name === undefined) return undefined;
    return { name, at: node.argumentExpression, holder: node.expression, owner: node.expression };
  }
  if (ts.isBindingElement(node)) return ofBinding(node);
  return ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node) ? ofPattern(node) : undefined;
}

/** True for `globalThis`, under whatever name and type. */
export function isGlobalObject(expression: ts.Expression, checker: ts.TypeChecker): boolean {
  const node = originOf(expression, checker);
  if (ts.isIdentifier(node) && node.text === 'globalThis') return isGlobal(node, checker);
  const member = memberOf(node, checker);
  return member?.name === 'globalThis' && member.owner !== undefined && isGlobalObject(member.owner, checker);
}

export interface GlobalUse {
  name: string;
  at: ts.Node;
}

/** The global that the node takes, by its name or as a property of the global object. */
export function globalUse(node: ts.Node, checker: ts.TypeChecker): GlobalUse | undefined {
  if (ts.isIdentifier(node)) {
    return isValueReference(node) && isGlobal(node, checker) ? { name: node.text, at: node } : undefined;
  }
  const member = memberOf(node, checker);
  if (member?.owner === undefined || !isGlobalObject(member.owner, checker)) return undefined;
  return { name: member.name, at: member.at };
}

/** The name of a global that an expression is, under whatever name: `Math` for `globalThis.Math` and what is set to it. */
export function globalNameOf(expression: ts.Expression, checker: ts.TypeChecker): string {
  return globalUse(originOf(expression, checker), checker)?.name ?? '';
}
