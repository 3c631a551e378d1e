/** `npm run sim`: from the words on the command line to a run that is shown, recorded, compared and drawn. */
import { resolve } from 'node:path';
import { EXIT_FAILURE, EXIT_INTERRUPTED, EXIT_OK } from '../../tools/cli/exit-codes.ts';
import { isLive } from '../../tools/cli/surroundings.ts';
import type { Surroundings } from '../../tools/cli/surroundings.ts';
import { textTable } from '../../tools/cli/table.ts';
import type { Engine, EngineName } from '../engine.ts';
import { checkFit } from '../memory/fit.ts';
import { scenarioList } from '../scenario/catalogue.ts';
import { DataFiles, dataFolder } from '../scenario/data.ts';
import { loadScenario } from '../scenario/load.ts';
import type { Scenario } from '../world/scenario.ts';
import { createJsonView } from './json.ts';
import { createLiveView } from './live.ts';
import { parseOptions } from './options.ts';
import type { SimOptions } from './options.ts';
import { createPlainView } from './plain.ts';
import { createPlotter } from './plot.ts';
import { createRecorder, RECORD_FORMAT } from './record.ts';
import { dataDigests, loadRecorded, originWarnings } from './origin.ts';
import { createComparer, readRecord } from './replay.ts';
import { runWorld } from './runner.ts';
import type { Watcher } from './runner.ts';
import type { View } from './view.ts';

/** As fast as an eye can follow: a LAN agrees within a second. */
const LIVE_CYCLES_PER_SECOND = 20;

/** The command that gives the same run: a seed makes it so even where the scenario's file changes its own. */
function againText(argv: readonly string[], { seed }: Scenario): string {
  const words = argv.map((word) => (/^[\w./:,=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`));
  const seeded = words.some((word) => word === '--seed' || word.startsWith('--seed='));
  return ['npm run sim --', ...words, ...(seeded ? [] : ['--seed', String(seed)])].join(' ');
}

function createView(options: SimOptions, around: Surroundings): View {
  if (options.json) return createJsonView(around);
  return isLive(around.stdout, around.env) ? createLiveView(around) : createPlainView(around);
}

function paceOf(options: SimOptions, around: Surroundings): number {
  if (options.pace !== undefined) return options.pace;
  return !options.json && isLive(around.stdout, around.env) ? LIVE_CYCLES_PER_SECOND : Infinity;
}

async function simulate(
  options: SimOptions,
  argv: readonly string[],
  around: Surroundings,
  engine: Engine,
): Promise<number> {
  const files = new DataFiles(dataFolder(options.data, around.env, around.cwd));
  const record = options.replay === undefined ? null : readRecord(options.replay, around.cwd);
  const { scenario, data } =
    record === null ? loadScenario(options.scenario, around.cwd, options.settings, files) : loadRecorded(record, files);
  if (options.chip !== undefined) {
    around.stderr.write(`sim: ${checkFit(scenario, options.chip, (one) => engine.memory(one))}\n`);
  }
  const data_sha256 = dataDigests(scenario, files);
  if (record !== null)
    for (const line of originWarnings(record, engine.sha256, data_sha256))
      around.stderr.write(`sim: warning: ${line}\n`);

  const comparer = record === null ? null : createComparer(record);
  const plotter = options.plot === undefined ? null : createPlotter(resolve(around.cwd, options.plot));
  const header = {
    type: 'header',
    format: RECORD_FORMAT,
    bundle_sha256: engine.sha256,
    data_sha256,
    scenario,
  } as const;
  const recorder = options.record === undefined ? null : createRecorder(resolve(around.cwd, options.record), header);
  const view = createView(options, around);
  const watchers: Watcher[] = [comparer, plotter, recorder, view].filter((watcher) => watcher !== null);

  const abort = new AbortController();
  const stopListening = around.onInterrupt(() => abort.abort());
  const world = engine.createWorld(scenario, data);
  const pace = { cycles_per_second: paceOf(options, around), now_ms: around.now_ms };
  try {
    await view.start({ scenario, bundle_sha256: engine.sha256, again: againText(argv, scenario) });
    const ending = await runWorld(world, scenario.cycles, watchers, pace, abort.signal);
    const summary = world.summary();
    const difference = comparer?.difference() ?? null;
    await view.end({ summary, interrupted: ending === 'interrupted', difference, replayed: record !== null });
    plotter?.write(scenario, summary);
    if (ending === 'interrupted') return EXIT_INTERRUPTED;
    return difference === null ? EXIT_OK : EXIT_FAILURE;
  } finally {
    stopListening();
    recorder?.close();
    view.close();
  }
}

export async function sim(
  argv: readonly string[],
  around: Surroundings,
  loadEngine: (name: EngineName) => Promise<Engine>,
): Promise<number> {
  const options = parseOptions(argv, around.cwd, around.stdout.columns);
  if (options.action === 'help') {
    around.stdout.write(options.help);
    return EXIT_OK;
  }
  if (options.action === 'list') {
    const scenarios = scenarioList(around.cwd);
    const rows = scenarios.map(({ name, description }) => [name, description]);
    const lines = scenarios.map((one) => `${JSON.stringify({ type: 'scenario', ...one })}\n`);
    around.stdout.write(options.json ? lines.join('') : textTable({ columns: ['scenario', 'what it is'], rows }));
    return EXIT_OK;
  }
  return simulate(options, argv, around, await loadEngine(options.engine));
}
