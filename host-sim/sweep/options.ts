/** The words behind `npm run sweep --`. */
import { availableParallelism } from 'node:os';
import { createCommand, parseCommand } from '../../tools/cli/commander.ts';
import { UsageError } from '../../tools/cli/errors.ts';

export interface SweepOptions {
  /** Not empty: print it and end. */
  help: string;
  grid: string;
  /** Instead of each row's own. */
  seeds: number | undefined;
  seed_base: number | undefined;
  workers: number;
  out: string;
  /** Only rows with this in their name. */
  only: string | undefined;
  data: string | undefined;
  json: boolean;
}

interface Parsed {
  seeds?: string;
  seed?: string;
  workers?: string;
  out: string;
  only?: string;
  data?: string;
  json?: boolean;
}

const OUT = 'build/sweep';
const SEEDS_MAX = 100_000;
const WORKERS_MAX = 256;

const INTRO =
  'Runs a grid of scenarios over many seeds, holds the results against their bounds, and writes a table as CSV and ' +
  'Markdown. Exit 0 when every row passes, 1 when one does not.';

function whole(flag: string, text: string | undefined, low: number, high: number): number | undefined {
  if (text === undefined) return undefined;
  const value = text.trim() === '' ? NaN : Number(text);
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw new UsageError(`${flag} ${text}: must be a whole number from ${low} to ${high}`);
}

export function parseSweepOptions(argv: readonly string[], width: number | undefined): SweepOptions {
  const command = createCommand('npm run sweep --', width)
    .usage('NAME|FILE.json [flags]')
    .description(INTRO)
    .argument('<grid>', 'a file of host-sim/sweep/grids without its .json, or the path of another')
    .option('--seeds <n>', 'seeds for every row, instead of what the grid says')
    .option(
      '--seed <base>',
      "the first seed; by default the first four bytes of the firmware bundle's SHA-256, so fresh with every change of the firmware",
    )
    .option('--workers <n>', 'worker threads; by default one for each core. The result is the same')
    .option('--out <dir>', 'where the tables go', OUT)
    .option('--only <text>', 'only the rows with this in their name')
    .option('--data <dir>', 'folder of the CSV files that scenarios name; otherwise LVS_DATA')
    .option('--json', 'one event a line: start, each row, and last the summary')
    .helpOption('-h, --help', 'this text');
  const help = parseCommand(command, argv);
  const parsed = command.opts<Parsed>();
  return {
    help,
    grid: command.args[0] ?? '',
    seeds: whole('--seeds', parsed.seeds, 1, SEEDS_MAX),
    seed_base: whole('--seed', parsed.seed, 0, 2 ** 32 - 1),
    workers: whole('--workers', parsed.workers, 1, WORKERS_MAX) ?? availableParallelism(),
    out: parsed.out,
    only: parsed.only,
    data: parsed.data,
    json: parsed.json === true,
  };
}
