/** What a place is when a loop begins, as far as the statements before it tell. */
import ts from 'typescript';
import { rangeOf } from '../ranges/range-of.ts';
import type { Range } from '../ranges/range.ts';
import { UNKNOWN } from '../ranges/range.ts';
import { inner, isFunctionNode } from '../syntax.ts';
import type { Place } from './places.ts';
import { samePlace, writesIn, writesTo } from './places.ts';

interface Seen {
  place: Place;
  checker: ts.TypeChecker;
}

function fromList({ declarations }: ts.VariableDeclarationList, { place, checker }: Seen): Range | undefined {
  for (const { name, initializer } of declarations) {
    if (!ts.isIdentifier(name) || !samePlace(name, place, checker)) continue;
    return initializer === undefined ? UNKNOWN : rangeOf(initializer, checker);
  }
  return undefined;
}

/** The range that the node surely sets the place to; undefined when it does not touch it. */
function setBy(node: ts.Node, seen: Seen): Range | undefined {
  const { place, checker } = seen;
  if (ts.isVariableStatement(node)) return setBy(node.declarationList, seen);
  if (ts.isExpressionStatement(node)) return setBy(node.expression, seen);
  const declared = ts.isVariableDeclarationList(node) ? fromList(node, seen) : undefined;
  if (declared !== undefined) return declared;
  if (writesTo(place, writesIn(node), checker).length === 0) return undefined;
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return UNKNOWN;
  return samePlace(inner(node.left), place, checker) ? rangeOf(node.right, checker) : UNKNOWN;
}

function setBefore(at: ts.Node, seen: Seen): Range | undefined {
  const { parent } = at;
  const statements = ts.isBlock(parent) || ts.isCaseOrDefaultClause(parent) ? [...parent.statements] : [];
  const before = statements.slice(0, Math.max(0, statements.indexOf(at as ts.Statement)));
  for (const statement of before.reverse()) {
    const range = setBy(statement, seen);
    if (range !== undefined) return range;
  }
  return undefined;
}

export function startOf(loop: ts.IterationStatement, place: Place, checker: ts.TypeChecker): Range {
  // What a property holds may have been set anywhere; its name says what it may be.
  if (!ts.isIdentifier(place)) return rangeOf(place, checker);
  const seen: Seen = { place, checker };
  const head = ts.isForStatement(loop) && loop.initializer !== undefined ? setBy(loop.initializer, seen) : undefined;
  if (head !== undefined) return head;
  for (let at: ts.Node = loop; !isFunctionNode(at) && !ts.isSourceFile(at); at = at.parent) {
    // In the second round around, the place is what the first left in it.
    if (at !== loop && ts.isIterationStatement(at, false)) return UNKNOWN;
    const range = setBefore(at, seen);
    if (range !== undefined) return range;
  }
  return UNKNOWN;
}
