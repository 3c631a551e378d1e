/** Whether every way through a loop's body moves its counter or leaves the loop. */
import ts from 'typescript';
import { isFunctionNode } from '../syntax.ts';

/**
 * What a statement does on every way through it: `moves` the counter, `leaves` the loop, goes `on` (on some way at least),
 * or goes `round` again without having moved.
 */
export type Flow = 'moves' | 'leaves' | 'on' | 'round';

export interface FlowScope {
  /** The writes that move the counter the right way. */
  moves: ReadonlySet<ts.Node>;
  /** What an unlabelled `break` leaves: the loop itself, or something in its body. */
  breaks: 'loop' | 'inside';
}

/** True when the expression moves the counter whatever its conditions say. */
export function surelyMoves(node: ts.Node, moves: ReadonlySet<ts.Node>): boolean {
  if (moves.has(node)) return true;
  if (isFunctionNode(node)) return false;
  if (ts.isConditionalExpression(node)) {
    if (surelyMoves(node.condition, moves)) return true;
    return surelyMoves(node.whenTrue, moves) && surelyMoves(node.whenFalse, moves);
  }
  if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken;
    const mayStop =
      kind === ts.SyntaxKind.AmpersandAmpersandToken ||
      kind === ts.SyntaxKind.BarBarToken ||
      kind === ts.SyntaxKind.QuestionQuestionToken;
    if (mayStop) return surelyMoves(node.left, moves);
  }
  return ts.forEachChild(node, (child) => surelyMoves(child, moves)) ?? false;
}

function flowOfIf(node: ts.IfStatement, scope: FlowScope): Flow {
  if (surelyMoves(node.expression, scope.moves)) return 'moves';
  return ofEither([
    flowOf(node.thenStatement, scope),
    node.elseStatement === undefined ? 'on' : flowOf(node.elseStatement, scope),
  ]);
}

function ofEither(ways: readonly Flow[]): Flow {
  if (ways.includes('round')) return 'round';
  if (ways.includes('on')) return 'on';
  return ways.includes('moves') ? 'moves' : 'leaves';
}

function flowOfSwitch(node: ts.SwitchStatement, scope: FlowScope): Flow {
  if (surelyMoves(node.expression, scope.moves)) return 'moves';
  const { clauses } = node.caseBlock;
  const filled = clauses.filter(({ statements }) => statements.length > 0);
  const ways = filled.map(({ statements }) => flowOfAll(statements, { ...scope, breaks: 'inside' }));
  return ofEither(clauses.some(ts.isDefaultClause) ? ways : [...ways, 'on']);
}

/** The body of an inner loop may not run at all; what stands in its head does. */
function flowOfInnerLoop(node: ts.IterationStatement, scope: FlowScope): Flow {
  if (ts.isForStatement(node)) {
    const head = [node.initializer, node.condition].filter((part) => part !== undefined);
    return head.some((part) => surelyMoves(part, scope.moves)) ? 'moves' : 'on';
  }
  if (!ts.isWhileStatement(node) && !ts.isDoStatement(node)) return 'on';
  return surelyMoves(node.expression, scope.moves) ? 'moves' : 'on';
}

function flowOfAll(statements: readonly ts.Statement[], scope: FlowScope): Flow {
  for (const statement of statements) {
    const flow = flowOf(statement, scope);
    if (flow !== 'on') return flow;
  }
  return 'on';
}

export function flowOf(node: ts.Statement, scope: FlowScope): Flow {
  if (ts.isBlock(node)) return flowOfAll(node.statements, scope);
  if (ts.isIfStatement(node)) return flowOfIf(node, scope);
  if (ts.isSwitchStatement(node)) return flowOfSwitch(node, scope);
  if (ts.isIterationStatement(node, false)) return flowOfInnerLoop(node, scope);
  if (ts.isReturnStatement(node) || ts.isThrowStatement(node)) return 'leaves';
  if (ts.isBreakStatement(node)) return node.label === undefined && scope.breaks === 'inside' ? 'on' : 'leaves';
  if (ts.isContinueStatement(node)) return 'round';
  if (ts.isExpressionStatement(node) || ts.isVariableStatement(node)) {
    return surelyMoves(node, scope.moves) ? 'moves' : 'on';
  }
  return ts.isTryStatement(node) || ts.isLabeledStatement(node) ? 'round' : 'on';
}
