/** A value laid over a scenario's file: by a flag, or by a row of a sweep. */
import { UsageError } from '../../tools/cli/errors.ts';
import type { JsonSource } from '../../tools/cli/json-file.ts';
import { pathName, type Path } from '../../tools/cli/json-path.ts';
import type { Problem } from '../../tools/cli/schema.ts';
import { isWithin } from './path.ts';

export interface Setting {
  /** A step '*' stands for every entry of the list. */
  path: Path;
  value: unknown;
  /** Who says so: `--loss 0.6`, or a file and line. */
  place: string;
}

/** Enough to see what is wrong with a file; the rest shows when these are mended. */
const LINES_SHOWN = 8;

function meets(setting: Setting, path: Path): boolean {
  const name = setting.path.map((step, i) => (step === '*' ? (path[i] ?? step) : step));
  return isWithin(path, name) || isWithin(name, path);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** `is 1.4; it must be ...`, or for what is not there only what it must be. */
function sentence(problem: Problem): string {
  const name = pathName(problem.path) || 'the file';
  if (problem.value === undefined) return `${name} ${problem.says}`;
  return `${name} is ${shown(problem.value)}; it ${problem.says}`;
}

export function problemLine(problem: Problem, source: JsonSource, settings: readonly Setting[]): string {
  for (const path of [problem.path, ...(problem.related ?? [])]) {
    const setting = settings.findLast((candidate) => meets(candidate, path));
    if (setting !== undefined) return `${setting.place}: ${sentence(problem)}`;
  }
  return `${source.file}:${source.line(problem.path)}: ${sentence(problem)}`;
}

/** Refuses a scenario in which something is wrong. */
export function refuse(problems: Problem[], source: JsonSource, settings: readonly Setting[]): void {
  if (problems.length === 0) return;
  const lines = problems.slice(0, LINES_SHOWN).map((problem) => problemLine(problem, source, settings));
  if (problems.length > LINES_SHOWN) lines.push(`and ${problems.length - LINES_SHOWN} more wrong fields`);
  throw new UsageError(lines);
}
