/**
 * Exceptions to the rules: `// lvs-allow LVS021: reason` on a line of its own, right before the line that it is for. An
 * exception without a reason is a fault, and so is one that nothing needs any more.
 */
import type ts from 'typescript';
import type { Code } from './codes.ts';
import { isCode } from './codes.ts';
import type { Fault } from './diagnostic.ts';

/** Faults in what the comments themselves say cannot be excused by a comment. */
const NEVER: readonly Code[] = ['LVS040', 'LVS041', 'LVS042'];

const COMMENT = /\/\/\s*lvs-allow\b/;
const OWN_LINE = /^\s*\/\/\s*lvs-allow\s+(LVS\d+)\s*:\s*\w/;
const NAMED = /lvs-allow\s+(LVS\d+)/;

interface Allowance {
  start: number;
  end: number;
  code: Code;
  /** The line that it is for, from 0. */
  line: number;
  used: boolean;
}

function reasonAgainst(line: string): string | undefined {
  if (!/^\s*\/\//.test(line)) return 'stands behind other text';
  const code = NAMED.exec(line)?.[1] ?? '';
  if (code === '') return 'names no code';
  if (!isCode(code)) return `names ${code}, and there is no such code`;
  if (NEVER.includes(code)) return `names ${code}, which cannot be excused`;
  return OWN_LINE.test(line) ? undefined : 'gives no reason';
}

function read(source: ts.SourceFile): { allowances: Allowance[]; faults: Fault[] } {
  const allowances: Allowance[] = [];
  const faults: Fault[] = [];
  const lines = source.text.split(/\r?\n/);
  const starts = source.getLineStarts();
  lines.forEach((line, number) => {
    const at = COMMENT.exec(line)?.index;
    if (at === undefined) return;
    const span = { start: starts[number] + at, end: starts[number] + line.trimEnd().length };
    const reason = reasonAgainst(line);
    const code = NAMED.exec(line)?.[1] ?? '';
    if (reason !== undefined || !isCode(code)) {
      const what = `This exception ${reason ?? 'names no code'}, so it is not heeded`;
      const instead = 'Write `// lvs-allow LVS021: reason` on a line of its own, right before the line at fault';
      faults.push({ ...span, code: 'LVS041', what, instead, chain: [] });
      return;
    }
    // Several for one line stand one above the other.
    let target = number + 1;
    while (target < lines.length && OWN_LINE.test(lines[target])) target++;
    allowances.push({ ...span, code, line: target, used: false });
  });
  return { allowances, faults };
}

/** The faults that are left, and those of the comments. */
export function applyAllowances(source: ts.SourceFile, faults: readonly Fault[]): Fault[] {
  const { allowances, faults: own } = read(source);
  const left = faults.filter((fault) => {
    const { line } = source.getLineAndCharacterOfPosition(fault.start);
    const allowance = allowances.find((one) => one.code === fault.code && one.line === line);
    if (allowance !== undefined) allowance.used = true;
    return allowance === undefined;
  });
  const unused = allowances
    .filter(({ used }) => !used)
    .map(({ start, end, code }): Fault => {
      const what = `Nothing in the next line is ${code} any more`;
      return { start, end, code: 'LVS042', what, instead: 'Take the comment away', chain: [] };
    });
  return [...left, ...own, ...unused];
}
