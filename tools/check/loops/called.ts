/** What the functions that a loop calls write to, and those that they call in turn. */
import ts from 'typescript';
import type { Calls } from '../cycle/calls.ts';
import type { FunctionNode } from '../syntax.ts';
import type { Write } from './places.ts';
import { writesIn } from './places.ts';

/** What a function calls, whether or not it is cycle code. */
export type CallsFrom = (node: FunctionNode) => Calls;

/** The call that a name stands in, for people to read. */
function callAround(node: ts.Node): ts.Node {
  const callee = ts.isPropertyAccessExpression(node.parent) && node.parent.name === node ? node.parent : node;
  return ts.isCallExpression(callee.parent) && callee.parent.expression === callee ? callee.parent : callee;
}

function reachedFrom(first: readonly FunctionNode[], callsFrom: CallsFrom): Set<FunctionNode> {
  const reached = new Set(first);
  // A set that grows while it is walked is walked to its new end.
  for (const one of reached) for (const { to } of callsFrom(one).calls) for (const next of to) reached.add(next);
  return reached;
}

/** @param around the function that the loop is in */
export function calledWrites(parts: readonly ts.Node[], around: FunctionNode, callsFrom: CallsFrom): Write[] {
  const writes: Write[] = [];
  for (const { node, to } of callsFrom(around).calls) {
    if (!parts.some((part) => node.pos >= part.pos && node.end <= part.end)) continue;
    for (const one of reachedFrom(to, callsFrom)) {
      writes.push(...writesIn(one.body).map((write): Write => ({ ...write, node: callAround(node) })));
    }
  }
  return writes;
}
