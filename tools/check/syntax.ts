/** Questions about the syntax tree that more than one rule asks. */
import ts from 'typescript';

/** A function that has a body to run. */
export type FunctionNode = (
  | ts.FunctionDeclaration
  | ts.FunctionExpression
  | ts.ArrowFunction
  | ts.MethodDeclaration
  | ts.ConstructorDeclaration
  | ts.AccessorDeclaration
) & { body: ts.ConciseBody };

export function isFunctionNode(node: ts.Node): node is FunctionNode {
  return ts.isFunctionLike(node) && 'body' in node && node.body !== undefined;
}

/** The expression inside parentheses and type assertions, which leave nothing behind in the JavaScript. */
export function inner(node: ts.Expression): ts.Expression {
  let at = node;
  while (
    ts.isParenthesizedExpression(at) ||
    ts.isAsExpression(at) ||
    ts.isSatisfiesExpression(at) ||
    ts.isNonNullExpression(at) ||
    ts.isTypeAssertionExpression(at)
  ) {
    at = at.expression;
  }
  return at;
}

/** The nearest node around an expression that is no parenthesis and no type assertion. */
export function outer(node: ts.Node): ts.Node {
  let at = node.parent;
  while (ts.isExpression(at) && inner(at) !== at) at = at.parent;
  return at;
}

/** Visits everything below `node` that runs when it runs: not the inside of functions made there, and no types. */
export function eachOwnNode(node: ts.Node, visit: (node: ts.Node) => void): void {
  ts.forEachChild(node, (child) => {
    if (ts.isTypeNode(child)) return;
    visit(child);
    if (!isFunctionNode(child)) eachOwnNode(child, visit);
  });
}

/** True where an identifier stands for its value, not for the name of a property, a type or what it declares. */
export function isValueReference(id: ts.Identifier): boolean {
  if (ts.isPartOfTypeNode(id) || ts.isQualifiedName(id.parent)) return false;
  if (ts.isShorthandPropertyAssignment(id.parent)) return true;
  const parent: ts.Node & { name?: ts.Node; propertyName?: ts.Node; label?: ts.Node } = id.parent;
  return parent.name !== id && parent.propertyName !== id && parent.label !== id;
}

/** Assignment operators that read their target first, by the operation that they do. */
export const COMPOUND: ReadonlyMap<ts.SyntaxKind, ts.SyntaxKind> = new Map([
  [ts.SyntaxKind.PlusEqualsToken, ts.SyntaxKind.PlusToken],
  [ts.SyntaxKind.MinusEqualsToken, ts.SyntaxKind.MinusToken],
  [ts.SyntaxKind.AsteriskEqualsToken, ts.SyntaxKind.AsteriskToken],
  [ts.SyntaxKind.SlashEqualsToken, ts.SyntaxKind.SlashToken],
  [ts.SyntaxKind.PercentEqualsToken, ts.SyntaxKind.PercentToken],
  [ts.SyntaxKind.AsteriskAsteriskEqualsToken, ts.SyntaxKind.AsteriskAsteriskToken],
  [ts.SyntaxKind.LessThanLessThanEqualsToken, ts.SyntaxKind.LessThanLessThanToken],
  [ts.SyntaxKind.GreaterThanGreaterThanEqualsToken, ts.SyntaxKind.GreaterThanGreaterThanToken],
  [ts.SyntaxKind.GreaterThanGreaterThanGreaterThanEqualsToken, ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken],
  [ts.SyntaxKind.AmpersandEqualsToken, ts.SyntaxKind.AmpersandToken],
  [ts.SyntaxKind.BarEqualsToken, ts.SyntaxKind.BarToken],
  [ts.SyntaxKind.CaretEqualsToken, ts.SyntaxKind.CaretToken],
]);

/** The operation that a binary expression does: `*` for `*` and `*=` alike. */
export function operationOf(node: ts.BinaryExpression): ts.SyntaxKind {
  const kind = node.operatorToken.kind;
  return COMPOUND.get(kind) ?? kind;
}

/** `=` and all that assign besides. */
export function isAssignment(node: ts.Node): node is ts.BinaryExpression {
  if (!ts.isBinaryExpression(node)) return false;
  const kind = node.operatorToken.kind;
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}
