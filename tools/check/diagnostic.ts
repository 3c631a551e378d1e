/** What the checker says: one fault at one place. */
import type ts from 'typescript';
import type { Code } from './codes.ts';

export interface Diagnostic {
  code: Code;
  /** From the project's root, with slashes. */
  file: string;
  /** Both from 1, as editors count. */
  line: number;
  column: number;
  end_line: number;
  /** The column after the last one. */
  end_column: number;
  /** What is wrong: a sentence without its full stop. */
  what: string;
  /** What to write instead: a sentence without its full stop. */
  instead: string;
  /** How the cycle gets here: function names from a root to the one at fault; empty outside cycle code. */
  chain: readonly string[];
}

export interface Span {
  start: number;
  end: number;
}

const QUOTE_MAX = 60;

/** A piece of the source inside a sentence: in one line, and not all of a long one. */
export function quoted(node: ts.Node): string {
  const text = node.getText().replaceAll(/\s+/g, ' ');
  return `\`${text.length > QUOTE_MAX ? `${text.slice(0, QUOTE_MAX - 3)}...` : text}\``;
}

/** A fault before it has a file and a line. */
export interface Fault extends Span {
  code: Code;
  what: string;
  instead: string;
  chain: readonly string[];
}

export function spanOf(at: ts.Node | Span): Span {
  return 'getStart' in at ? { start: at.getStart(), end: at.getEnd() } : { start: at.start, end: at.end };
}

export function place(fault: Fault, source: ts.SourceFile, file: string): Diagnostic {
  const start = source.getLineAndCharacterOfPosition(fault.start);
  const end = source.getLineAndCharacterOfPosition(fault.end);
  return {
    code: fault.code,
    file,
    line: start.line + 1,
    column: start.character + 1,
    end_line: end.line + 1,
    end_column: end.character + 1,
    what: fault.what,
    instead: fault.instead,
    chain: fault.chain,
  };
}
