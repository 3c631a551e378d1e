/** `npm run check`: from the words on the command line to diagnostics and an exit code. */
import ts from 'typescript';
import { createColours, wantsColour } from '../cli/colour.ts';
import { Failure } from '../cli/errors.ts';
import { EXIT_FAILURE, EXIT_OK } from '../cli/exit-codes.ts';
import { grouped } from '../cli/numbers.ts';
import type { Surroundings } from '../cli/surroundings.ts';
import { writeAll } from '../cli/surroundings.ts';
import { check } from './check.ts';
import type { CheckResult } from './check.ts';
import type { Diagnostic } from './diagnostic.ts';
import { chooseFiles } from './files.ts';
import { parseOptions } from './options.ts';
import type { CheckOptions } from './options.ts';
import { openProjects } from './projects.ts';
import { humanText } from './report/human.ts';
import { annotation, jsonLine } from './report/machine.ts';
import { pathFrom } from './zones.ts';

function counted(count: number, one: string): string {
  return `${grouped(count)} ${one}${count === 1 ? '' : 's'}`;
}

/** All projects as one result: a function of the cycle that two of them share is counted in the larger one. */
function checkAll(files: readonly string[], root: string): CheckResult {
  const results = openProjects(files, root).map((project) => check(project.program, project.files, root));
  return {
    diagnostics: results.flatMap(({ diagnostics }) => diagnostics),
    roots: Math.max(...results.map(({ roots }) => roots)),
    cycle_functions: Math.max(...results.map(({ cycle_functions }) => cycle_functions)),
  };
}

/** Reads each file once, however many diagnostics it has. */
function linesReader(root: string): (file: string) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (file) => {
    const lines = known.get(file) ?? (ts.sys.readFile(`${root}/${file}`) ?? '').split(/\r?\n/);
    known.set(file, lines);
    return lines;
  };
}

function reporter({ json, github }: CheckOptions, around: Surroundings, root: string): (one: Diagnostic) => string {
  if (json) return jsonLine;
  const colours = createColours(wantsColour(around.stdout, around.env));
  const linesOf = linesReader(root);
  return (one) => `${humanText(one, linesOf(one.file), colours)}${github ? annotation(one) : ''}`;
}

async function reportEnd(result: CheckResult, files: number, json: boolean, around: Surroundings): Promise<void> {
  const { diagnostics, roots, cycle_functions } = result;
  if (json) {
    const summary = { type: 'summary', files, faults: diagnostics.length, roots, cycle_functions };
    await writeAll(around.stdout, `${JSON.stringify(summary)}\n`);
    return;
  }
  const cycle = `${counted(cycle_functions, 'function')} of cycle code`;
  const found = diagnostics.length === 0 ? 'nothing found' : counted(diagnostics.length, 'fault');
  await writeAll(around.stderr, `check: ${found} in ${counted(files, 'file')}, ${cycle}\n`);
}

/** Where nothing is marked, nothing is held to the rules of the cycle: all would seem well. */
function refuseNoCycle({ roots }: CheckResult, files: readonly string[], root: string): void {
  if (roots > 0 || !files.some((file) => pathFrom(root, file).startsWith('firmware/'))) return;
  throw new Failure(
    'no function in firmware/ is marked @cycle, so nothing was checked as cycle code; ' +
      'put `@cycle` into the doc comments of the functions that run in every cycle (docs/subset.md)',
  );
}

export async function checkMain(argv: readonly string[], around: Surroundings, root: string): Promise<number> {
  const options = parseOptions(argv, around.env, around.stdout.columns);
  if (options.help !== '') {
    await writeAll(around.stdout, options.help);
    return EXIT_OK;
  }
  const files = chooseFiles(options.files, around.cwd, root);
  const result = checkAll(files, root);
  const textOf = reporter(options, around, root);
  for (const diagnostic of result.diagnostics) await writeAll(around.stdout, textOf(diagnostic));
  await reportEnd(result, files.length, options.json, around);
  refuseNoCycle(result, files, root);
  return result.diagnostics.length === 0 ? EXIT_OK : EXIT_FAILURE;
}
