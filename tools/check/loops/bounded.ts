/**
 * Whether a loop ends after as many rounds as a constant, an argument or a table's size says. It does when one of the
 * comparisons that keep it going holds a counter against something that stays as it is (or two counters against each
 * other), no write moves the counter the wrong way, and every way through the body moves it the right way.
 */
import ts from 'typescript';
import { quoted } from '../diagnostic.ts';
import type { Comparison } from './comparisons.ts';
import { comparisonsOf } from './comparisons.ts';
import { flowOf, surelyMoves } from './flow.ts';
import type { Obstacle } from './obstacle.ts';
import { COUNT, EVERY_WAY, ONE_WAY, ORDER } from './obstacle.ts';
import type { Step } from './steps.ts';
import { stepOf } from './steps.ts';
import type { Moving, Term, Terms } from './terms.ts';
import { both, isObstacle, movingIn, termsOf } from './terms.ts';

export type Loop = ts.ForStatement | ts.WhileStatement | ts.DoStatement;

interface Scope {
  loop: Loop;
  moving: Moving;
}

function conditionOf(loop: Loop): ts.Expression | undefined {
  return ts.isForStatement(loop) ? loop.condition : loop.expression;
}

/** `if (at >= end) return;` in the body, before any `continue`, bounds a loop as its condition does. */
function exitsOf(loop: Loop): Comparison[] {
  const statements = ts.isBlock(loop.statement) ? loop.statement.statements : [loop.statement];
  const nowhere = { moves: new Set<ts.Node>(), breaks: 'loop' } as const;
  const exits: Comparison[] = [];
  for (const statement of statements) {
    if (flowOf(statement, nowhere) === 'round') break;
    if (!ts.isIfStatement(statement) || flowOf(statement.thenStatement, nowhere) !== 'leaves') continue;
    exits.push(...comparisonsOf(statement.expression, false));
  }
  return exits;
}

/** The sides of the comparison as one list of counters that must all grow. */
function countersOf({ left, relation, right }: Comparison, moving: Moving): Terms {
  const sign = relation === 'above' ? -1 : 1;
  const far = right === undefined ? [] : termsOf(right, sign === 1 ? -1 : 1, moving);
  return both(termsOf(left, sign, moving), far);
}

function towards({ by }: Step, sign: 1 | -1): number {
  return sign === 1 ? by.low : -by.high;
}

/** True when every round makes one of these writes, or ends the loop. */
function movesInEachRound(loop: Loop, moves: ReadonlySet<ts.Node>): boolean {
  const condition = conditionOf(loop);
  if (condition !== undefined && surelyMoves(condition, moves)) return true;
  if (ts.isForStatement(loop) && loop.incrementor !== undefined && surelyMoves(loop.incrementor, moves)) return true;
  const flow = flowOf(loop.statement, { moves, breaks: 'loop' });
  return flow === 'moves' || flow === 'leaves';
}

/** `bits !== 0` ends only when every step takes bits away until none is left. */
function emptiesTo0(term: Term, { right }: Comparison, { loop, moving: { checker } }: Scope): boolean {
  if (right !== undefined && !(ts.isNumericLiteral(right) && Number(right.text) === 0)) return false;
  return term.writes.every((write) => stepOf(write, { place: term.place, loop, checker }).empties);
}

function countingObstacle(comparison: Comparison, counters: readonly Term[], scope: Scope): Obstacle | undefined {
  const moves = new Set<ts.Node>();
  const { loop, moving } = scope;
  for (const term of counters) {
    if (comparison.relation === 'differs' && !emptiesTo0(term, comparison, scope)) {
      return { why: `${quoted(term.place)} may step over what it is compared with`, instead: ORDER };
    }
    for (const write of term.writes) {
      const step = towards(stepOf(write, { place: term.place, loop, checker: moving.checker }), term.sign);
      if (comparison.relation === 'differs' || step >= 1) moves.add(write.node);
      else if (!(step >= 0)) {
        return { why: `${quoted(write.node)} may move ${quoted(term.place)} the other way`, instead: ONE_WAY };
      }
    }
  }
  if (movesInEachRound(loop, moves)) return undefined;
  return { why: `a round may pass without moving ${quoted(counters[0].place)}`, instead: EVERY_WAY };
}

/** Why this comparison does not bound the loop; undefined when it does. */
function obstacleOf(comparison: Comparison, scope: Scope): Obstacle | undefined {
  const counters = countersOf(comparison, scope.moving);
  if (isObstacle(counters)) return counters;
  if (counters.length === 0) {
    return { why: `nothing in the loop moves what ${quoted(comparison.node)} compares`, instead: COUNT };
  }
  return countingObstacle(comparison, counters, scope);
}

/** Why the checker sees no bound; undefined when there is one. */
export function unboundedBecause(loop: Loop, checker: ts.TypeChecker): Obstacle | undefined {
  const scope: Scope = { loop, moving: movingIn(loop, checker) };
  const condition = conditionOf(loop);
  const isConstant =
    condition === undefined || condition.kind === ts.SyntaxKind.TrueKeyword || ts.isNumericLiteral(condition);
  const comparisons = isConstant ? [] : comparisonsOf(condition, true);
  const all = [...comparisons, ...exitsOf(loop)];
  let first: Obstacle | undefined;
  for (const comparison of all) {
    const obstacle = obstacleOf(comparison, scope);
    if (obstacle === undefined) return undefined;
    first ??= obstacle;
  }
  return first ?? { why: 'it compares nothing that a counter reaches', instead: COUNT };
}
