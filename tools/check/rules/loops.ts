/** LVS024: loops whose end nobody can tell from the source. */
import ts from 'typescript';
import { unboundedBecause } from '../loops/bounded.ts';
import type { Loop } from '../loops/bounded.ts';
import type { Span } from '../diagnostic.ts';
import type { Rule } from './rule.ts';

/** The head of the loop, without its body. */
function headOf(loop: Loop): Span {
  if (ts.isDoStatement(loop)) return { start: loop.expression.getStart(), end: loop.expression.getEnd() };
  const head = loop.getText().slice(0, loop.statement.getStart() - loop.getStart());
  return { start: loop.getStart(), end: loop.getStart() + head.trimEnd().length };
}

export const boundedLoops: Rule = (node, { checker, callsFrom, report }) => {
  if (!ts.isForStatement(node) && !ts.isWhileStatement(node) && !ts.isDoStatement(node)) return;
  const obstacle = unboundedBecause(node, checker, callsFrom);
  if (obstacle === undefined) return;
  report(headOf(node), 'LVS024', `Nothing in sight ends this loop: ${obstacle.why}`, obstacle.instead);
};
