/** `npm run sweep`: a grid of scenarios and seeds, run on all cores, to a table of verdicts. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { Failure, UsageError, writeReason } from '../../tools/cli/errors.ts';
import { EXIT_FAILURE, EXIT_INTERRUPTED, EXIT_OK } from '../../tools/cli/exit-codes.ts';
import type { Surroundings } from '../../tools/cli/surroundings.ts';
import { textTable } from '../../tools/cli/table.ts';
import { DataFiles, dataFolder } from '../scenario/data.ts';
import type { Summary } from '../world/report.ts';
import type { Scenario } from '../world/scenario.ts';
import { loadGrid } from './grid.ts';
import type { Grid } from './grid.ts';
import { plan, seedBase } from './jobs.ts';
import { parseSweepOptions } from './options.ts';
import type { SweepOptions } from './options.ts';
import { createProgress } from './progress.ts';
import type { PoolOptions } from './pool.ts';
import { judge } from './statistics.ts';
import { fitted, originText, passedText, runsCsv, sweepCsv, sweepMarkdown, verdictTable } from './tables.ts';
import type { SweepResult } from './tables.ts';

/** What runs the jobs: the pool of worker threads, or a test's own. */
export interface Runner {
  bundle_sha256: string;
  run(jobs: readonly Scenario[], options: Omit<PoolOptions, 'program'>): Promise<Summary[]>;
}

function withSeeds(grid: Grid, { seeds }: SweepOptions): Grid {
  return { ...grid, rows: grid.rows.map((row) => ({ ...row, seeds: seeds ?? row.seeds })) };
}

/** Before the work, so that hours of it are not lost to a folder that cannot be written. */
function makeFolder(out: string, cwd: string): string {
  const folder = resolve(cwd, out);
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new UsageError(`--out ${out}: cannot be made: ${writeReason(error)}`);
  }
  return folder;
}

function writeTables(result: SweepResult, folder: string): string[] {
  const files: [string, string][] = [
    [`${result.grid}.md`, sweepMarkdown(result)],
    [`${result.grid}.csv`, sweepCsv(result)],
    [`${result.grid}-runs.csv`, runsCsv(result)],
  ];
  return files.map(([name, text]) => {
    const file = join(folder, name);
    try {
      writeFileSync(file, text);
    } catch (error) {
      throw new Failure(`${file}: cannot be written: ${writeReason(error)}`);
    }
    return file;
  });
}

/** One event for each row: `null` stands for never, as JSON has no infinity. */
function rowEvents(result: SweepResult): object[] {
  return result.rows.map(({ row, runs, median, rms, worst, worst_seed, pass }) => {
    const { name, measure, median_at_most, rms_at_most, worst_at_most } = row;
    return {
      type: 'row',
      name,
      measure,
      runs,
      median,
      median_at_most,
      rms,
      rms_at_most,
      worst,
      worst_at_most,
      worst_seed,
      pass,
    };
  });
}

function print(result: SweepResult, json: boolean, { stdout }: Surroundings): void {
  if (!json) {
    const table = fitted(verdictTable(result), stdout.columns ?? Infinity);
    stdout.write(`${textTable(table)}\n${originText(result)} ${passedText(result)}.\n`);
    return;
  }
  const { grid, seed_base, bundle_sha256, rows } = result;
  const passed = rows.filter(({ pass }) => pass).length;
  const summary = {
    type: 'summary',
    grid,
    seed_base,
    bundle_sha256,
    rows: rows.length,
    passed,
    failed: rows.length - passed,
  };
  for (const event of [...rowEvents(result), summary]) stdout.write(`${JSON.stringify(event)}\n`);
}

export async function sweep(
  argv: readonly string[],
  around: Surroundings,
  loadRunner: () => Promise<Runner>,
): Promise<number> {
  const options = parseSweepOptions(argv, around.stdout.columns);
  if (options.help !== '') {
    around.stdout.write(options.help);
    return EXIT_OK;
  }
  const data_folder = dataFolder(options.data, around.env, around.cwd);
  const grid = withSeeds(loadGrid(options.grid, around.cwd, new DataFiles(data_folder), options.only), options);
  const folder = makeFolder(options.out, around.cwd);
  const runner = await loadRunner();
  const { bundle_sha256 } = runner;
  const seed_base = options.seed_base ?? seedBase(bundle_sha256);
  const { jobs, rows } = plan(grid.rows, seed_base);
  if (options.json) {
    const start = { type: 'start', grid: grid.name, seed_base, bundle_sha256, rows: rows.length, runs: jobs.length };
    around.stdout.write(`${JSON.stringify(start)}\n`);
  }

  const abort = new AbortController();
  const stopListening = around.onInterrupt(() => abort.abort());
  const progress = createProgress(jobs.length, around);
  let all: Summary[];
  try {
    progress.done(0);
    const { signal } = abort;
    all = await runner.run(jobs, { setup: { data_folder }, workers: options.workers, onDone: progress.done, signal });
  } finally {
    progress.close();
    stopListening();
  }
  if (abort.signal.aborted) {
    const count = all.filter((summary: Summary | undefined) => summary !== undefined).length;
    around.stderr.write(`sweep: interrupted after ${count} of ${jobs.length} runs; nothing was written\n`);
    return EXIT_INTERRUPTED;
  }
  const summaries = rows.map((indices) => indices.map((index) => all[index]));
  const results = grid.rows.map((row, i) => judge(row, summaries[i]));
  const result: SweepResult = { grid: grid.name, bundle_sha256, seed_base, rows: results, summaries };
  print(result, options.json, around);
  for (const file of writeTables(result, folder)) around.stderr.write(`sweep: wrote ${relative(around.cwd, file)}\n`);
  return results.every(({ pass }) => pass) ? EXIT_OK : EXIT_FAILURE;
}
