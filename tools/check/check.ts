/** The check itself: walks files of a program once, asks every rule that applies, and gathers what they say. */
import ts from 'typescript';
import type { CycleCode, CycleFunction } from './cycle/cycle-code.ts';
import { findCycleCode, lostCallFaults } from './cycle/cycle-code.ts';
import { markFaults } from './cycle/marks.ts';
import { findRecursion } from './cycle/recursion.ts';
import type { Diagnostic, Fault } from './diagnostic.ts';
import { place, spanOf } from './diagnostic.ts';
import { suspended } from './rules/control.ts';
import { EVERYWHERE, IN_CYCLE } from './rules/index.ts';
import type { Spot } from './rules/rule.ts';
import { applyAllowances } from './suppress.ts';
import { isFunctionNode } from './syntax.ts';
import type { FunctionNode } from './syntax.ts';
import { pathFrom, zoneOf } from './zones.ts';

export interface CheckResult {
  diagnostics: readonly Diagnostic[];
  /** Functions marked `@cycle`, in the whole program. */
  roots: number;
  /** Those and all that they reach. */
  cycle_functions: number;
}

interface Scope {
  root: string;
  checker: ts.TypeChecker;
  code: CycleCode;
  recursion: ReadonlyMap<FunctionNode, readonly Fault[]>;
}

/** What the rules see in one function, or outside all that are cycle code. */
function spotIn(source: ts.SourceFile, cycle: CycleFunction | undefined, faults: Fault[], scope: Scope): Spot {
  const path = pathFrom(scope.root, source.fileName);
  const chain = cycle?.chain ?? [];
  return {
    checker: scope.checker,
    source,
    path,
    zone: zoneOf(path),
    cycle,
    callsFrom: scope.code.callsFrom,
    report: (at, code, what, instead) => {
      faults.push({ ...spanOf(at), code, what, instead, chain });
    },
  };
}

function walk(source: ts.SourceFile, scope: Scope): Fault[] {
  const faults: Fault[] = [];
  const outside = spotIn(source, undefined, faults, scope);

  const enterFunction = (node: FunctionNode): Spot => {
    const cycle = scope.code.functions.get(node);
    if (cycle === undefined) return outside;
    const spot = spotIn(source, cycle, faults, scope);
    suspended(node, spot);
    faults.push(...lostCallFaults(cycle), ...(scope.recursion.get(node) ?? []));
    return spot;
  };
  const visit = (node: ts.Node, around: Spot): void => {
    for (const rule of EVERYWHERE) rule(node, around);
    // Types are gone before anything runs.
    const spot = ts.isTypeNode(node) ? outside : around;
    if (spot.cycle !== undefined) for (const rule of IN_CYCLE) rule(node, spot);
    const below = isFunctionNode(node) ? enterFunction(node) : spot;
    ts.forEachChild(node, (child) => visit(child, below));
  };
  visit(source, outside);
  return faults;
}

function checkFile(source: ts.SourceFile, scope: Scope): Diagnostic[] {
  const faults = [...walk(source, scope), ...markFaults(source)];
  return applyAllowances(source, faults)
    .sort((a, b) => a.start - b.start || a.code.localeCompare(b.code))
    .map((fault) => place(fault, source, pathFrom(scope.root, source.fileName)));
}

/** @param files those to speak of; what they call and who calls them is looked for in the whole program */
export function check(program: ts.Program, files: readonly string[], root: string): CheckResult {
  const checker = program.getTypeChecker();
  const sources = program.getSourceFiles().filter(({ isDeclarationFile }) => !isDeclarationFile);
  const isPorts = (source: ts.SourceFile): boolean => zoneOf(pathFrom(root, source.fileName)) === 'ports';
  const code = findCycleCode(sources, checker, isPorts);
  const scope: Scope = { root, checker, code, recursion: findRecursion(code) };
  const diagnostics = files.flatMap((file) => {
    const source = program.getSourceFile(file);
    return source === undefined ? [] : checkFile(source, scope);
  });
  return { diagnostics, roots: code.roots.length, cycle_functions: code.functions.size };
}
