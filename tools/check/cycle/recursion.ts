/** Recursion: a call that leads back to a function that is still running. */
import type { Fault } from '../diagnostic.ts';
import { spanOf } from '../diagnostic.ts';
import type { FunctionNode } from '../syntax.ts';
import type { CycleCode, CycleFunction } from './cycle-code.ts';
import { nextOf } from './cycle-code.ts';
import { nameOf } from './targets.ts';

/** The faults by the function that makes the call; depth first, so that each ring of calls is named once. */
export function findRecursion({ roots, functions }: CycleCode): Map<FunctionNode, Fault[]> {
  const faults = new Map<FunctionNode, Fault[]>();
  const done = new Set<FunctionNode>();
  const open: CycleFunction[] = [];
  const enter = (current: CycleFunction): void => {
    done.add(current.node);
    open.push(current);
    for (const { node, to } of nextOf(current)) {
      const next = functions.get(to);
      const since = open.findIndex((one) => one === next);
      if (since >= 0) {
        const ring = [...open.slice(since).map((one) => nameOf(one.node)), nameOf(to)].join(' > ');
        const fault: Fault = {
          ...spanOf(node),
          code: 'LVS025',
          what: `This call comes back to a function that is still running (${ring}), as deep as the data says`,
          instead: 'Write a loop over a table of fixed size, with its own stack of fixed size where it needs one',
          chain: current.chain,
        };
        faults.set(current.node, [...(faults.get(current.node) ?? []), fault]);
      } else if (next !== undefined && !done.has(to)) {
        enter(next);
      }
    }
    open.pop();
  };
  for (const root of roots) {
    const start = functions.get(root);
    if (start !== undefined && !done.has(root)) enter(start);
  }
  return faults;
}
