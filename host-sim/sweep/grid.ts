/** Reads a grid: which scenarios to run over how many seeds, and what they must keep. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { UsageError } from '../../tools/cli/errors.ts';
import { didYouMean } from '../../tools/cli/nearest.ts';
import { projectRoot } from '../../tools/cli/project-root.ts';
import { readJson, type JsonSource } from '../../tools/cli/json-file.ts';
import type { DataFiles } from '../scenario/data.ts';
import { loadScenario } from '../scenario/load.ts';
import type { Path } from '../../tools/cli/json-path.ts';
import { compileCheck, type Schema } from '../../tools/cli/schema.ts';
import { scenarioProblems } from '../scenario/schema.ts';
import { problemLine, refuse } from '../scenario/setting.ts';
import type { Setting } from '../scenario/setting.ts';
import type { Scenario } from '../world/scenario.ts';
import type { Measure } from './statistics.ts';

const GRID_FOLDER = join(projectRoot(), 'host-sim', 'sweep', 'grids');
const SEEDS = 15;

export interface Row {
  name: string;
  scenario: Scenario;
  seeds: number;
  measure: Measure;
  since_cycle: number;
  median_at_most: number | undefined;
  rms_at_most: number | undefined;
  worst_at_most: number | undefined;
}

export interface Grid {
  name: string;
  rows: Row[];
}

/** A row as its file has it. */
interface RawRow {
  name: string;
  scenario: string;
  set?: Record<string, unknown>;
  seeds?: number;
  measure: Measure;
  since_cycle?: number;
  median_at_most?: number;
  rms_at_most?: number;
  worst_at_most?: number;
}

function gridNames(): string[] {
  const files = readdirSync(GRID_FOLDER).filter((file) => file.endsWith('.json') && file !== 'schema.json');
  return files.map((file) => basename(file, '.json')).sort();
}

function readGrid(nameOrPath: string, cwd: string): JsonSource {
  if (nameOrPath.endsWith('.json') || /[\\/]/.test(nameOrPath))
    return readJson(resolve(cwd, nameOrPath), nameOrPath, 'strict');
  const names = gridNames();
  if (!names.includes(nameOrPath)) {
    const hint = didYouMean(nameOrPath, names) || `; there are ${names.join(', ')}, or give the path of a .json file`;
    throw new UsageError(`there is no grid "${nameOrPath}"${hint}`);
  }
  const file = join(GRID_FOLDER, `${nameOrPath}.json`);
  return readJson(file, relative(cwd, file), 'strict');
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Objects are laid over field by field, so that a row may change one field of the inputs; lists are replaced. */
function settingsOf(set: Record<string, unknown>, at: Path, source: JsonSource): Setting[] {
  return Object.entries(set).flatMap(([field, value]): Setting[] => {
    const place = (path: Path): string => `${source.file}:${source.line([...at, ...path])}`;
    if (!isPlainObject(value)) return [{ path: [field], value, place: place([field]) }];
    return Object.entries(value).map(([inner, each]) => ({
      path: [field, inner],
      value: each,
      place: place([field, inner]),
    }));
  });
}

function readRow(raw: RawRow, at: Path, source: JsonSource, files: DataFiles, cwd: string): Row {
  const set = raw.set ?? {};
  const problems = scenarioProblems(set).map((problem) => ({ ...problem, path: [...at, 'set', ...problem.path] }));
  refuse(problems, source, []);
  const { scenario } = loadScenario(raw.scenario, cwd, settingsOf(set, [...at, 'set'], source), files);
  return {
    name: raw.name,
    scenario,
    seeds: raw.seeds ?? SEEDS,
    measure: raw.measure,
    since_cycle: raw.since_cycle ?? 0,
    median_at_most: raw.median_at_most,
    rms_at_most: raw.rms_at_most,
    worst_at_most: raw.worst_at_most,
  };
}

/** With `only`, other rows are checked but not made, so that they need none of their data. */
export function loadGrid(nameOrPath: string, cwd: string, files: DataFiles, only?: string): Grid {
  const source = readGrid(nameOrPath, cwd);
  const schema = JSON.parse(readFileSync(join(GRID_FOLDER, 'schema.json'), 'utf8')) as Schema;
  refuse(compileCheck(schema)(source.value), source, []);
  const { rows } = source.value as { rows: RawRow[] };
  rows.forEach(({ name }, i) => {
    const first = rows.findIndex((row) => row.name === name);
    if (first === i) return;
    const problem = { path: ['rows', i, 'name'], value: name, says: `must differ from the name of rows[${first}]` };
    throw new UsageError(problemLine(problem, source, []));
  });
  if (only !== undefined && !rows.some(({ name }) => name.includes(only))) {
    const names = rows.map(({ name }) => `"${name}"`).join(', ');
    throw new UsageError(`--only ${only}: must be a part of a row's name; there are ${names}`);
  }
  return {
    name: basename(nameOrPath, '.json'),
    rows: rows.flatMap((row, i) => {
      const skipped = only !== undefined && !row.name.includes(only);
      return skipped ? [] : [readRow(row, ['rows', i], source, files, cwd)];
    }),
  };
}
