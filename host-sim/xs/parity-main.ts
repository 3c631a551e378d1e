/** `npm run parity:xs`: shows for each scenario that XS and Node.js do the very same. */
import { createCommand, parseCommand } from '../../tools/cli/commander.ts';
import { UsageError } from '../../tools/cli/errors.ts';
import { EXIT_FAILURE, EXIT_INTERRUPTED, EXIT_OK } from '../../tools/cli/exit-codes.ts';
import { duration, grouped } from '../../tools/cli/numbers.ts';
import { writeAll } from '../../tools/cli/surroundings.ts';
import type { Surroundings } from '../../tools/cli/surroundings.ts';
import { scenarioList } from '../scenario/catalogue.ts';
import { DataFiles, dataFolder } from '../scenario/data.ts';
import { loadScenario } from '../scenario/load.ts';
import type { Loaded } from '../scenario/load.ts';
import type { Bundle } from '../world/bundle.ts';
import { compareEngines } from './parity.ts';
import type { Parity } from './parity.ts';

/** Larger scenarios are left out unless they are named: they prove nothing more and take long. */
const NODES_MAX = 60;
/** Of a longer scenario so many cycles are run. */
const CYCLES_MAX = 400;

const INTRO =
  `Runs scenarios on Node.js and in XS and compares every node's state after every cycle. Without names: all that ship, ` +
  `up to ${NODES_MAX} nodes.`;

function cyclesOf(text: string): number {
  const cycles = text.trim() === '' ? NaN : Number(text);
  if (Number.isInteger(cycles) && cycles > 0) return cycles;
  throw new UsageError(`--cycles ${text}: must be a whole number above 0`);
}

function verdict({ scenario }: Loaded, cycles: number, { difference, node, xs }: Parity): string {
  const head = `${scenario.name}: ${grouped(scenario.nodes)} nodes, ${grouped(cycles)} cycles`;
  if (difference !== null) return `${head}: DIFFERENT from cycle ${difference.cycle}, node ${difference.node}`;
  const times = `${duration(node.wall_ms)} on Node.js, ${duration(xs.wall_ms)} in XS`;
  return `${head}: the same, trace ${xs.trace_sha256.slice(0, 16)} (${times})`;
}

export async function parity(argv: string[], around: Surroundings, bundle: Bundle): Promise<number> {
  const command = createCommand('npm run parity:xs --', around.stdout.columns)
    .description(INTRO)
    .argument('[scenarios...]', 'names or paths')
    .option('--cycles <n>', 'run at most so many cycles of each', String(CYCLES_MAX))
    .option('--data <dir>', 'folder of the CSV files that scenarios name; otherwise LVS_DATA');
  const help = parseCommand(command, argv);
  if (help !== '') {
    await writeAll(around.stdout, help);
    return EXIT_OK;
  }
  const options = command.opts<{ cycles: string; data?: string }>();
  const most = cyclesOf(options.cycles);
  const files = new DataFiles(dataFolder(options.data, around.env, around.cwd));
  const names = command.args.length > 0 ? command.args : scenarioList(around.cwd).map(({ name }) => name);
  const abort = new AbortController();
  const stop = around.onInterrupt(() => abort.abort());
  let different = 0;
  for (const name of names) {
    const loaded = loadScenario(name, around.cwd, [], files);
    const { scenario, data } = loaded;
    if (command.args.length === 0 && scenario.nodes > NODES_MAX) continue;
    const cycles = Math.min(scenario.cycles, most);
    const result = compareEngines(bundle, { ...scenario, cycles }, data);
    if (result.difference !== null) different++;
    await writeAll(around.stdout, `${verdict(loaded, cycles, result)}\n`);
    await new Promise((resolve) => setImmediate(resolve));
    if (abort.signal.aborted) break;
  }
  stop();
  if (abort.signal.aborted) return EXIT_INTERRUPTED;
  return different === 0 ? EXIT_OK : EXIT_FAILURE;
}
