/** What a rule is: a function that looks at one node of the syntax tree, and says so when something is wrong there. */
import type ts from 'typescript';
import type { CycleFunction } from '../cycle/cycle-code.ts';
import type { CallsFrom } from '../loops/called.ts';
import type { Code } from '../codes.ts';
import type { Span } from '../diagnostic.ts';
import type { Zone } from '../zones.ts';

/** What a rule knows of the place that it looks at. */
export interface Spot {
  checker: ts.TypeChecker;
  source: ts.SourceFile;
  /** From the project's root, with slashes. */
  path: string;
  zone: Zone;
  /** The function of the cycle that the node runs in; undefined outside cycle code. */
  cycle: CycleFunction | undefined;
  /** What a function calls, whether or not it is cycle code. */
  callsFrom: CallsFrom;
  /** `what` and `instead` are sentences without their full stops. */
  report: (at: ts.Node | Span, code: Code, what: string, instead: string) => void;
}

export type Rule = (node: ts.Node, spot: Spot) => void;
