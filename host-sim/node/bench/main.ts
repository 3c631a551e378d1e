/** `npm run bench:node`: what a real node on a real network costs and withstands. */
import process from 'node:process';
import { createCommand, parseCommand } from '../../../tools/cli/commander.ts';
import { Failure, UsageError } from '../../../tools/cli/errors.ts';
import { EXIT_INTERRUPTED, EXIT_OK } from '../../../tools/cli/exit-codes.ts';
import { didYouMean } from '../../../tools/cli/nearest.ts';
import { writeAll, type Surroundings } from '../../../tools/cli/surroundings.ts';
import { textTable } from '../../../tools/cli/table.ts';
import { convergence } from './convergence.ts';
import { cost } from './cost.ts';
import { flood } from './flood.ts';
import { kills } from './kills.ts';
import type { BenchOptions, Row } from './rows.ts';
import { soak } from './soak.ts';

const PARTS = { convergence, cost, flood, kills, soak } as const;
type PartName = keyof typeof PARTS;

const INTRO =
  'Measures real nodes on the loopback of this computer (Linux): convergence of 8 processes at 60 % loss; the cost of a node ' +
  'with 32 peers and 16 keys; a flood of hostile datagrams; kills of each member while it saves its state; a soak. Without a part: all but the soak, about a quarter of an hour.';

const NAMES = Object.keys(PARTS) as PartName[];
const USUAL = NAMES.filter((name) => name !== 'soak');

function isPart(name: string): name is PartName {
  return (NAMES as string[]).includes(name);
}

function whole(flag: string, text: string, high: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= 1 && value <= high) return value;
  throw new UsageError(`${flag} ${text}: must be a whole number from 1 to ${high}`);
}

export async function benchNode(argv: string[], around: Surroundings): Promise<number> {
  const command = createCommand('npm run bench:node --', around.stdout.columns)
    .usage('[part...] [flags]')
    .description(INTRO)
    .argument('[part...]', NAMES.join(', '))
    .helpOption('-h, --help', 'this text')
    .option('--datagrams <n>', 'of the flood', '10000000')
    .option('--minutes <n>', 'of the soak', '30')
    .option('--kills <n>', 'of each member, and of a process that only saves', '200')
    .option('--runs <n>', 'of each convergence', '5')
    .option('--seed <n>', 'of inputs, losses and moments', '1')
    .option('--json', 'a row a line, as JSON');
  const help = parseCommand(command, argv);
  if (help !== '') {
    await writeAll(around.stdout, help);
    return EXIT_OK;
  }
  const flags = command.opts<
    Record<'datagrams' | 'minutes' | 'kills' | 'runs' | 'seed', string> & { json?: boolean }
  >();
  for (const name of command.args) {
    if (!isPart(name)) throw new UsageError(`${name}: must be one of ${NAMES.join(', ')}${didYouMean(name, NAMES)}`);
  }
  const options: BenchOptions = {
    datagrams: whole('--datagrams', flags.datagrams, 1e9),
    minutes: whole('--minutes', flags.minutes, 10_000),
    kills: whole('--kills', flags.kills, 1e6),
    runs: whole('--runs', flags.runs, 1000),
    seed: whole('--seed', flags.seed, 2 ** 32 - 1),
  };
  if (process.platform !== 'linux') throw new Failure('it counts what processes cost in /proc, which Linux alone has');
  return await measure(
    command.args.length === 0 ? USUAL : command.args.filter(isPart),
    options,
    around,
    flags.json === true,
  );
}

async function measure(
  parts: readonly PartName[],
  options: BenchOptions,
  around: Surroundings,
  json: boolean,
): Promise<number> {
  const rows: Row[] = [];
  const interrupt = new AbortController();
  const stop = around.onInterrupt(() => interrupt.abort());
  for (const part of parts) {
    if (!json) around.stderr.write(`bench:node: ${part} ...\n`);
    try {
      for await (const row of PARTS[part](options)) {
        rows.push(row);
        if (json) await writeAll(around.stdout, `${JSON.stringify(row)}\n`);
      }
    } catch (error) {
      // Ctrl-C reaches the nodes too.
      if (!interrupt.signal.aborted) throw error;
    }
    if (interrupt.signal.aborted) break;
  }
  stop();
  if (!json) {
    const cells = rows.map(({ part, what, figure, asked }) => [part, what, figure, asked]);
    await writeAll(around.stdout, textTable({ columns: ['part', 'what', 'measured', 'asked for'], rows: cells }));
  }
  return interrupt.signal.aborted ? EXIT_INTERRUPTED : EXIT_OK;
}
