/**
 * Whether a loop ends after as many rounds as a constant, an argument or a table's size says. It does when one of the
 * comparisons that keep it going holds a counter against something that stays as it is (or two counters against each
 * other), no write moves the counter the wrong way, and every way through the body moves it the right way.
 */
import ts from 'typescript';
import { quoted } from '../diagnostic.ts';
import type { CallsFrom } from './called.ts';
import type { Comparison } from './comparisons.ts';
import { comparisonsOf } from './comparisons.ts';
import { flowOf, surelyMoves } from './flow.ts';
import type { Obstacle } from './obstacle.ts';
import { COUNT, EVERY_WAY, ONE_WAY, ORDER } from './obstacle.ts';
import type { Place, Write } from './places.ts';
import { isPlace } from './places.ts';
import { meetsBound, scalingObstacle } from './proofs.ts';
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
function emptiesTo0(term: Term, comparison: Comparison, { loop, moving: { checker } }: Scope): boolean {
  const { right } = comparison;
  if (right !== undefined && !(ts.isNumericLiteral(right) && Number(right.text) === 0)) return false;
  return term.writes.every((write) => stepOf(write, { place: term.place, loop, comparison, checker }).empties);
}

function otherWay(write: Write, place: Place): Obstacle {
  return { why: `${quoted(write.node)} may move ${quoted(place)} the other way`, instead: ONE_WAY };
}

/** Writes under another name may help, and must not harm. */
function hazardObstacle(
  term: Term,
  comparison: Comparison,
  { loop, moving: { checker } }: Scope,
): Obstacle | undefined {
  for (const write of term.hazards) {
    const isSame = isPlace(write.target) && write.by !== undefined;
    const place = isSame && isPlace(write.target) ? write.target : term.place;
    const step = stepOf(write, { place, loop, comparison, checker });
    if (step.scale !== undefined || !(towards(step, term.sign) >= 0)) return otherWay(write, term.place);
  }
  return undefined;
}

/** Whether the writes of one counter all move it towards its bound; those that surely do go into `moves`. */
function termObstacle(term: Term, comparison: Comparison, scope: Scope, moves: Set<ts.Node>): Obstacle | undefined {
  const { loop, moving } = scope;
  const counting = { term, comparison, loop, checker: moving.checker };
  if (comparison.relation === 'differs') {
    if (term.hazards.length > 0 || !(emptiesTo0(term, comparison, scope) || meetsBound(counting))) {
      return { why: `${quoted(term.place)} may step over what it is compared with`, instead: ORDER };
    }
    for (const { node } of term.writes) moves.add(node);
    return undefined;
  }
  for (const write of term.writes) {
    const step = stepOf(write, { place: term.place, loop, comparison, checker: moving.checker });
    const by = towards(step, term.sign);
    if (!(by >= 0)) return otherWay(write, term.place);
    const obstacle = step.scale === undefined ? undefined : scalingObstacle(step.scale, write, counting);
    if (obstacle !== undefined) return obstacle;
    if (by >= 1) moves.add(write.node);
  }
  return hazardObstacle(term, comparison, scope);
}

function countingObstacle(comparison: Comparison, counters: readonly Term[], scope: Scope): Obstacle | undefined {
  const moves = new Set<ts.Node>();
  // Up to one number exactly, and that one must stay where it is.
  if (comparison.relation === 'differs' && counters.length > 1) {
    return { why: `${quoted(counters[0].place)} may step over what it is compared with`, instead: ORDER };
  }
  for (const term of counters) {
    const obstacle = termObstacle(term, comparison, scope, moves);
    if (obstacle !== undefined) return obstacle;
  }
  if (movesInEachRound(scope.loop, moves)) return undefined;
  const moving = counters.find(({ writes }) => writes.length > 0) ?? counters[0];
  return { why: `a round may pass without moving ${quoted(moving.place)}`, instead: EVERY_WAY };
}

/** Why this comparison does not bound the loop; undefined when it does. */
function obstacleOf(comparison: Comparison, scope: Scope): Obstacle | undefined {
  const counters = countersOf(comparison, scope.moving);
  if (isObstacle(counters)) return counters;
  if (counters.every(({ writes }) => writes.length === 0)) {
    return { why: `nothing in the loop moves what ${quoted(comparison.node)} compares`, instead: COUNT };
  }
  return countingObstacle(comparison, counters, scope);
}

/** Why the checker sees no bound; undefined when there is one. */
export function unboundedBecause(loop: Loop, checker: ts.TypeChecker, callsFrom: CallsFrom): Obstacle | undefined {
  const scope: Scope = { loop, moving: movingIn(loop, checker, callsFrom) };
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
