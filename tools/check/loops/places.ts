/** Variables and properties as places that a loop may write to. */
import ts from 'typescript';
import { memberOf } from '../members.ts';
import { eachOwnNode, inner, isAssignment } from '../syntax.ts';
import { symbolOf } from '../types.ts';

/** A variable, `this`, or a property of one of them: `count`, `table.count`, `table['count']`, `this.at`. */
export type Place = ts.Identifier | ts.PropertyAccessExpression | ts.ElementAccessExpression | ts.ThisExpression;

/** The property that the node names, without what only its type says. */
export function propertyOf(node: ts.Node): { owner: ts.Expression; name: string } | undefined {
  if (ts.isPropertyAccessExpression(node)) return { owner: inner(node.expression), name: node.name.text };
  if (!ts.isElementAccessExpression(node)) return undefined;
  const name = inner(node.argumentExpression);
  return ts.isStringLiteralLike(name) ? { owner: inner(node.expression), name: name.text } : undefined;
}

export function isPlace(node: ts.Expression): node is Place {
  if (ts.isIdentifier(node) || node.kind === ts.SyntaxKind.ThisKeyword) return true;
  const property = propertyOf(node);
  return property !== undefined && isPlace(property.owner);
}

interface Path {
  /** Undefined for `this`. */
  root: ts.Symbol | undefined;
  names: readonly string[];
}

/** What a constant is another name of: `t` after `const u = t`, `t.list` after `const { list } = t`. */
function aliasOf(id: ts.Identifier, checker: ts.TypeChecker): Path | undefined {
  const declaration = symbolOf(id, checker)?.valueDeclaration;
  if (declaration === undefined || !(ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const)) return undefined;
  if (ts.isVariableDeclaration(declaration)) {
    return declaration.initializer === undefined ? undefined : pathOf(inner(declaration.initializer), checker, true);
  }
  const member = ts.isBindingElement(declaration) ? memberOf(declaration, checker) : undefined;
  const owner = member?.owner === undefined ? undefined : pathOf(inner(member.owner), checker, true);
  return member === undefined || owner === undefined ? undefined : { ...owner, names: [...owner.names, member.name] };
}

/** @param isOwner a table is the same one under another name; a number is not */
function pathOf(node: ts.Expression, checker: ts.TypeChecker, isOwner: boolean): Path | undefined {
  if (node.kind === ts.SyntaxKind.ThisKeyword) return { root: undefined, names: [] };
  if (ts.isIdentifier(node)) {
    const root = symbolOf(node, checker);
    return (isOwner ? aliasOf(node, checker) : undefined) ?? (root === undefined ? undefined : { root, names: [] });
  }
  const property = propertyOf(node);
  const owner = property === undefined ? undefined : pathOf(property.owner, checker, true);
  return property === undefined || owner === undefined
    ? undefined
    : { ...owner, names: [...owner.names, property.name] };
}

export function samePlace(a: ts.Expression, b: ts.Expression, checker: ts.TypeChecker): boolean {
  const one = pathOf(a, checker, false);
  const other = pathOf(b, checker, false);
  if (one === undefined || other === undefined || one.root !== other.root) return false;
  return one.names.length === other.names.length && one.names.every((name, i) => name === other.names[i]);
}

/** One place in the source that writes to a variable or a property. */
export interface Write {
  target: ts.Expression;
  /** An assignment or `++`; undefined where a pattern writes, so that nobody can say what. */
  by: ts.BinaryExpression | ts.PrefixUnaryExpression | ts.PostfixUnaryExpression | undefined;
  /** Where it happens, seen from the loop: the write itself, or the call that leads to it. */
  node: ts.Node;
}

export function isCounting(node: ts.Node): node is ts.PrefixUnaryExpression | ts.PostfixUnaryExpression {
  if (!ts.isPrefixUnaryExpression(node) && !ts.isPostfixUnaryExpression(node)) return false;
  return node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken;
}

function patternWrites(pattern: ts.Expression, node: ts.Node): Write[] {
  const writes: Write[] = [];
  eachOwnNode(pattern, (child) => {
    if (ts.isIdentifier(child) || ts.isPropertyAccessExpression(child)) {
      writes.push({ target: child, by: undefined, node });
    }
  });
  return writes;
}

/** All that the node writes to, itself and below. */
export function writesIn(root: ts.Node): Write[] {
  const writes: Write[] = [];
  const visit = (node: ts.Node): void => {
    if (isCounting(node)) {
      writes.push({ target: inner(node.operand), by: node, node });
    } else if (isAssignment(node)) {
      const left = inner(node.left);
      const isPattern = ts.isArrayLiteralExpression(left) || ts.isObjectLiteralExpression(left);
      writes.push(...(isPattern ? patternWrites(left, node) : [{ target: left, by: node, node }]));
    }
  };
  visit(root);
  eachOwnNode(root, visit);
  return writes;
}

/** The writes that change a place: to itself, and to whatever it is a property of. */
export function writesTo(place: Place, writes: readonly Write[], checker: ts.TypeChecker): Write[] {
  const own = writes.filter(({ target }) => samePlace(target, place, checker));
  const around = propertyOf(place)?.owner;
  const above = around !== undefined && isPlace(around) ? writesTo(around, writes, checker) : [];
  return [...own, ...above.map((write): Write => ({ ...write, by: undefined }))];
}

function areOfOneKind(a: ts.Expression, b: ts.Expression, checker: ts.TypeChecker): boolean {
  const one = checker.getTypeAtLocation(a);
  const other = checker.getTypeAtLocation(b);
  return checker.isTypeAssignableTo(one, other) || checker.isTypeAssignableTo(other, one);
}

/** Writes that may change the place under a name that nobody can follow: a property of the same name and type. */
export function hazardsTo(place: Place, writes: readonly Write[], checker: ts.TypeChecker): Write[] {
  const property = propertyOf(place);
  if (property === undefined) return [];
  const own = writes.filter(({ target }) => {
    const written = propertyOf(target);
    return written?.name === property.name && areOfOneKind(written.owner, property.owner, checker);
  });
  const above = isPlace(property.owner) ? hazardsTo(property.owner, writes, checker) : [];
  return [...own, ...above.map((write): Write => ({ ...write, by: undefined }))];
}
