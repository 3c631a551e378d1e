/** LVS027 and LVS028: ways to leave a function other than by its end. */
import ts from 'typescript';
import type { FunctionNode } from '../syntax.ts';
import type { Rule, Spot } from './rule.ts';

export const exceptions: Rule = (node, { report }) => {
  if (ts.isThrowStatement(node)) {
    const instead = 'Return a value that says so, and count it: DROP_LENGTH, NONE, false';
    report(node, 'LVS027', '`throw` makes an error with its stack, and one bad datagram would end the cycle', instead);
  } else if (ts.isTryStatement(node)) {
    const head = { start: node.getStart(), end: node.getStart() + 'try'.length };
    const instead =
      'Check before the call; what cannot fail needs no `try`, and a port says by its result that it failed';
    report(head, 'LVS027', '`try` saves the state of the machine each time it is entered', instead);
  }
};

/** A function of the cycle that does not run from its beginning to its end. */
export function suspended(node: FunctionNode, { report }: Spot): void {
  const at = 'name' in node && node.name !== undefined ? node.name : node;
  const isAsync = (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Async) !== 0;
  const isGenerator = 'asteriskToken' in node && node.asteriskToken !== undefined;
  if (!isAsync && !isGenerator) return;
  const what = isAsync
    ? 'An async function makes a promise with its closures at each call'
    : 'A generator makes an iterator at each call, and an object for each step';
  report(at, 'LVS028', what, 'Return the result at once; what takes longer is state that the next cycle goes on with');
}
