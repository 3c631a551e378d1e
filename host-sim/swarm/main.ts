/** `npm run swarm`: a whole swarm of real processes on this computer, for a look at it. */
import { resolve } from 'node:path';
import process from 'node:process';
import { Failure } from '../../tools/cli/errors.ts';
import { EXIT_FAILURE, EXIT_INTERRUPTED, EXIT_OK } from '../../tools/cli/exit-codes.ts';
import { writeAll } from '../../tools/cli/surroundings.ts';
import { readKeys } from '../node/keys.ts';
import type { NodeSurroundings } from '../node/surroundings.ts';
import { parseOptions, type SwarmOptions } from './options.ts';
import { Swarm, type SwarmReport } from './swarm.ts';
import { createSwarmView } from './view.ts';

type Ending = 'interrupted' | 'terminated' | 'done' | Failure;

/** A cycle's figures are told once a cycle, but no more often than a terminal is worth drawing. */
const TELL_MIN_MS = 200;

function exitCode(ending: Ending, options: SwarmOptions, report: SwarmReport): number {
  if (ending === 'interrupted') return EXIT_INTERRUPTED;
  return ending === 'done' && options.cycles > 0 && report.cycles_to_1pct === null ? EXIT_FAILURE : EXIT_OK;
}

async function run(options: SwarmOptions, around: NodeSurroundings): Promise<number> {
  let finish: (ending: Ending) => void = () => undefined;
  const ended = new Promise<Ending>((resolve) => (finish = resolve));
  const swarm = new Swarm(options, around.now_ms, (failure) => finish(failure));
  const stopInterrupt = around.onInterrupt(() => finish('interrupted'));
  const stopTerminate = around.onTerminate(() => finish('terminated'));
  const stopHangup = around.onHangup(() => finish('terminated'));
  const view = createSwarmView(around, options);
  let ticker: NodeJS.Timeout | undefined;
  try {
    await swarm.start();
    ticker = setInterval(
      () => {
        const report = swarm.report();
        view.cycle(report);
        if (options.cycles > 0 && report.cycle >= options.cycles) finish('done');
      },
      Math.max(TELL_MIN_MS, options.cycle_ms),
    );
    const ending = await ended;
    clearInterval(ticker);
    const last = swarm.report();
    await swarm.end();
    if (ending instanceof Failure) throw ending;
    const { passed, dropped } = swarm.report();
    view.end({ ...last, passed, dropped });
    return exitCode(ending, options, last);
  } finally {
    clearInterval(ticker);
    await swarm.end();
    for (const stop of [stopInterrupt, stopTerminate, stopHangup]) stop();
  }
}

export async function swarmMain(argv: string[], around: NodeSurroundings): Promise<number> {
  const options = parseOptions(argv, around.stdout.columns);
  if (options.help !== '') {
    await writeAll(around.stdout, options.help);
    return EXIT_OK;
  }
  if (process.platform === 'darwin') {
    throw new Failure(
      'macOS has no address but 127.0.0.1 on its loopback, and each node needs its own: run it on Linux',
    );
  }
  const key_file = options.key_file === undefined ? undefined : resolve(around.cwd, options.key_file);
  // Each node would say it for itself, after all of them have begun.
  readKeys(options.key_file, undefined, around.cwd);
  return await run({ ...options, key_file }, around);
}
