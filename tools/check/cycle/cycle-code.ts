/** Which functions are cycle code: those that a function marked `@cycle` reaches, up to one that is marked `@setup`. */
import ts from 'typescript';
import type { Fault } from '../diagnostic.ts';
import { quoted, spanOf } from '../diagnostic.ts';
import { isFunctionNode } from '../syntax.ts';
import type { FunctionNode } from '../syntax.ts';
import { callsOf } from './calls.ts';
import type { Calls, CallScope } from './calls.ts';
import { marksOf } from './marks.ts';
import { findOverrides } from './overrides.ts';
import { nameOf } from './targets.ts';

export interface CycleFunction {
  node: FunctionNode;
  /** Names from the root that reaches it first to itself. */
  chain: readonly string[];
  calls: Calls;
}

export interface CycleCode {
  roots: readonly FunctionNode[];
  functions: ReadonlyMap<FunctionNode, CycleFunction>;
  /** What any function calls, cycle code or not. */
  callsFrom: (node: FunctionNode) => Calls;
}

function findRoots(sources: readonly ts.SourceFile[]): FunctionNode[] {
  const roots: FunctionNode[] = [];
  const visit = (node: ts.Node): void => {
    if (isFunctionNode(node) && marksOf(node).cycle !== undefined) roots.push(node);
    ts.forEachChild(node, visit);
  };
  for (const source of sources) visit(source);
  return roots;
}

/** The functions that a cycle function goes on to, without those that run rarely. */
export function nextOf({ calls }: CycleFunction): { node: ts.Node; to: FunctionNode }[] {
  return calls.calls.flatMap(({ node, to }) =>
    to.filter((one) => marksOf(one).setup === undefined).map((one) => ({ node, to: one })),
  );
}

/** Breadth first, so that each chain is a shortest one. */
export function findCycleCode(
  sources: readonly ts.SourceFile[],
  checker: ts.TypeChecker,
  isPorts: (source: ts.SourceFile) => boolean,
): CycleCode {
  const scope: CallScope = { checker, overrides: findOverrides(sources, checker), isPorts };
  const known = new Map<FunctionNode, Calls>();
  const callsFrom = (node: FunctionNode): Calls => {
    const calls = known.get(node) ?? callsOf(node, scope);
    known.set(node, calls);
    return calls;
  };
  const roots = findRoots(sources);
  const functions = new Map<FunctionNode, CycleFunction>();
  const add = (node: FunctionNode, before: readonly string[]): void => {
    if (functions.has(node)) return;
    functions.set(node, { node, chain: [...before, nameOf(node)], calls: callsFrom(node) });
  };
  for (const root of roots) add(root, []);
  // A map that grows while it is walked is walked to its new end.
  for (const one of functions.values()) for (const { to } of nextOf(one)) add(to, one.chain);
  return { roots, functions, callsFrom };
}

/** Calls whose body is not in sight: what they do, nobody has checked. */
export function lostCallFaults({ calls, chain }: CycleFunction): Fault[] {
  return calls.lost.map((callee) => ({
    ...spanOf(callee),
    code: 'LVS026',
    what: `The checker cannot tell which function ${quoted(callee)} is, so nobody knows what the cycle does there`,
    instead: 'Call a function by its name, or make it a port of firmware/platform.ts where the platform provides it',
    chain,
  }));
}
