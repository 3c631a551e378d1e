/**
 * The two marks in a function's doc comment: `@cycle` says that it is called in every cycle, and `@setup` with its reason
 * that it is called from there but runs once or rarely, so that what it does is no cycle code.
 */
import ts from 'typescript';
import type { Fault } from '../diagnostic.ts';
import { spanOf } from '../diagnostic.ts';
import { isFunctionNode } from '../syntax.ts';
import type { FunctionNode } from '../syntax.ts';

export interface Marks {
  cycle: ts.JSDocTag | undefined;
  setup: ts.JSDocTag | undefined;
}

export function marksOf(node: FunctionNode): Marks {
  const tags = ts.getJSDocTags(node);
  return {
    cycle: tags.find(({ tagName }) => tagName.text === 'cycle'),
    setup: tags.find(({ tagName }) => tagName.text === 'setup'),
  };
}

function fault(node: ts.Node, what: string, instead: string): Fault {
  return { ...spanOf(node), code: 'LVS040', what, instead, chain: [] };
}

function faultsOf({ cycle, setup }: Marks): Fault[] {
  const faults: Fault[] = [];
  if (cycle !== undefined && setup !== undefined) {
    const what = 'A function cannot run in every cycle (@cycle) and rarely (@setup)';
    faults.push(fault(setup, what, 'Keep the one that is true'));
  }
  if (setup !== undefined && (ts.getTextOfJSDocComment(setup.comment) ?? '').trim() === '') {
    const what = '@setup takes this function out of the cycle without saying why it may';
    const instead = 'Say when it runs, as in "@setup runs when the state is stored, every 5 minutes"';
    faults.push(fault(setup, what, instead));
  }
  return faults;
}

/** A doc comment hangs on the statement while the function is what it initialises: all tags that some function has. */
function claimedTags(source: ts.SourceFile, faults: Fault[]): Set<ts.Node> {
  const claimed = new Set<ts.Node>();
  const visit = (node: ts.Node): void => {
    if (isFunctionNode(node)) {
      const marks = marksOf(node);
      faults.push(...faultsOf(marks));
      for (const tag of [marks.cycle, marks.setup]) if (tag !== undefined) claimed.add(tag);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return claimed;
}

/** What is wrong with the marks of a file. */
export function markFaults(source: ts.SourceFile): Fault[] {
  const faults: Fault[] = [];
  const claimed = claimedTags(source, faults);
  const seen = new Set<ts.Node>();
  const visit = (node: ts.Node): void => {
    for (const tag of ts.getJSDocTags(node)) {
      const name = tag.tagName.text;
      if ((name !== 'cycle' && name !== 'setup') || claimed.has(tag) || seen.has(tag)) continue;
      seen.add(tag);
      const what = `@${name} stands on something that is no function with a body`;
      faults.push(fault(tag, what, 'Move it to the doc comment of the function that runs'));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return faults;
}
