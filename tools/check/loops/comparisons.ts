/** The comparisons that must hold for a loop to go round again. */
import ts from 'typescript';
import { inner } from '../syntax.ts';

export type Relation = 'below' | 'above' | 'differs';

export interface Comparison {
  node: ts.Expression;
  left: ts.Expression;
  relation: Relation;
  /** Undefined stands for 0: `while (bits)`. */
  right: ts.Expression | undefined;
  /** False where the loop goes on when both sides are the same. */
  strict: boolean;
}

const RELATIONS: ReadonlyMap<ts.SyntaxKind, Relation> = new Map<ts.SyntaxKind, Relation>([
  [ts.SyntaxKind.LessThanToken, 'below'],
  [ts.SyntaxKind.LessThanEqualsToken, 'below'],
  [ts.SyntaxKind.GreaterThanToken, 'above'],
  [ts.SyntaxKind.GreaterThanEqualsToken, 'above'],
  [ts.SyntaxKind.ExclamationEqualsToken, 'differs'],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, 'differs'],
]);

/** The same for a condition that must not hold. */
const NEGATED: ReadonlyMap<ts.SyntaxKind, Relation> = new Map<ts.SyntaxKind, Relation>([
  [ts.SyntaxKind.LessThanToken, 'above'],
  [ts.SyntaxKind.LessThanEqualsToken, 'above'],
  [ts.SyntaxKind.GreaterThanToken, 'below'],
  [ts.SyntaxKind.GreaterThanEqualsToken, 'below'],
  [ts.SyntaxKind.EqualsEqualsToken, 'differs'],
  [ts.SyntaxKind.EqualsEqualsEqualsToken, 'differs'],
]);

/** @param holds whether the loop goes on when the condition holds, or when it does not */
export function comparisonsOf(condition: ts.Expression, holds: boolean): Comparison[] {
  const node = inner(condition);
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
    return comparisonsOf(node.operand, !holds);
  }
  if (!ts.isBinaryExpression(node))
    return holds ? [{ node, left: node, relation: 'differs', right: undefined, strict: true }] : [];
  const { kind } = node.operatorToken;
  const splits = holds ? ts.SyntaxKind.AmpersandAmpersandToken : ts.SyntaxKind.BarBarToken;
  if (kind === splits) return [...comparisonsOf(node.left, holds), ...comparisonsOf(node.right, holds)];
  const relation = (holds ? RELATIONS : NEGATED).get(kind);
  if (relation === undefined) return [];
  const orSame = kind === ts.SyntaxKind.LessThanEqualsToken || kind === ts.SyntaxKind.GreaterThanEqualsToken;
  return [{ node, left: node.left, relation, right: node.right, strict: orSame !== holds }];
}
