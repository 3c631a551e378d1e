/** `npm run bench:federation`: cycles until sites that are joined over a broker agree, in real time. */

import { createCommand, parseCommand } from '../../../tools/cli/commander.ts';
import { Failure, UsageError } from '../../../tools/cli/errors.ts';
import { EXIT_FAILURE, EXIT_INTERRUPTED, EXIT_OK } from '../../../tools/cli/exit-codes.ts';
import { writeAll, type Surroundings } from '../../../tools/cli/surroundings.ts';
import type { FirmwareApi } from '../../core/bundle.ts';
import { startBroker } from '../../mqtt/broker.ts';
import { shownUrl } from '../../mqtt/link.ts';
import { BROKER, type BrokerOptions } from '../../mqtt/options.ts';
import { run, type RunOptions, type RunResult } from './run.ts';

const INTRO =
  'Joins sites of nodes of the firmware bundle over an MQTT broker, with losses within and between, and counts the cycles ' +
  'until all are within 1 % of the global mean. The bound is that of docs/drift.md for sites: 25 in the median, 32 at worst.';

const MEDIAN_MAX = 25;
const WORST_MAX = 32;
/** Runs at the same time: more would wait for a core, and not for each other. */
const TOGETHER = 4;
const BROKER_URL = /^(mqtts?|wss?):\/\/[^/]+/;
const PASSWORD_VARIABLE = 'LVS_BENCH_PASSWORD';

interface Flags {
  runs: string;
  sites: string;
  nodes: string;
  loss: string;
  cycleMs: string;
  cycles: string;
  seed: string;
  broker?: string;
  version: string;
  user: string;
  ca: string;
  json?: boolean;
}

function numberOf(flag: string, text: string, low: number, high: number, whole = true): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (value >= low && value <= high && (!whole || Number.isInteger(value))) return value;
  throw new UsageError(`${flag} ${text}: must be a ${whole ? 'whole ' : ''}number from ${low} to ${high}`);
}

function commandFor(columns: number | undefined): ReturnType<typeof createCommand> {
  return createCommand('npm run bench:federation --', columns)
    .description(INTRO)
    .option('--runs <n>', 'runs, each with a seed of its own', '15')
    .option('--sites <n>', 'sites, 2 to 20', '3')
    .option('--nodes <n>', 'nodes of each site, its gateway among them, 1 to 50', '5')
    .option('--loss <share>', 'share of datagrams lost, within sites and between', '0.6')
    .option('--cycle-ms <ms>', 'length of a cycle', '50')
    .option('--cycles <n>', 'cycles of a run', '80')
    .option('--seed <n>', 'the first seed; inputs and losses follow from it, times do not', '1')
    .option('--broker <url>', 'a broker that runs, such as mqtt://localhost:1883; else one inside this program')
    .option('--version <5|3>', 'of MQTT, with --broker', '5')
    .option('--user <name>', `with --broker; the password is read from ${PASSWORD_VARIABLE}`, '')
    .option('--ca <file>', 'CA of the broker’s certificate, PEM', '')
    .option('--json', 'one run a line, as JSON, and a last line with the whole');
}

function optionsOf(flags: Flags): Omit<RunOptions, 'api' | 'broker' | 'seed'> & { runs: number; seed: number } {
  if (flags.broker !== undefined && !BROKER_URL.test(flags.broker)) {
    throw new UsageError(
      `--broker ${flags.broker}: must be an address such as mqtt://localhost:1883 or mqtts://host:8883`,
    );
  }
  if (!['3', '5'].includes(flags.version)) throw new UsageError(`--version ${flags.version}: must be 5 or 3`);
  return {
    runs: numberOf('--runs', flags.runs, 1, 1000),
    sites: numberOf('--sites', flags.sites, 2, 20),
    nodes: numberOf('--nodes', flags.nodes, 1, 50),
    loss: numberOf('--loss', flags.loss, 0, 0.95, false),
    cycle_ms: numberOf('--cycle-ms', flags.cycleMs, 50, 60_000),
    cycles: numberOf('--cycles', flags.cycles, 10, 10_000),
    seed: numberOf('--seed', flags.seed, 0, 2 ** 31),
  };
}

export async function benchFederation(
  argv: string[],
  around: Surroundings,
  loadApi: () => Promise<FirmwareApi>,
): Promise<number> {
  const command = commandFor(around.stdout.columns);
  const help = parseCommand(command, argv);
  if (help !== '') {
    await writeAll(around.stdout, help);
    return EXIT_OK;
  }
  const flags = command.opts<Flags>();
  const { runs, seed, ...shape } = optionsOf(flags);
  const api = await loadApi();
  const inside = flags.broker === undefined ? await embedded() : null;
  const broker = inside === null ? brokerOf(flags, around) : { ...BROKER, url: inside.url, version: 3 as const };
  const interrupt = new AbortController();
  const stopListening = around.onInterrupt(() => interrupt.abort());
  const results: RunResult[] = [];
  try {
    for (let first = 0; first < runs && !interrupt.signal.aborted; first += TOGETHER) {
      const seeds = Array.from({ length: Math.min(TOGETHER, runs - first) }, (_, i) => seed + first + i);
      const done = await Promise.all(seeds.map((each) => run({ ...shape, api, broker, seed: each })));
      results.push(...done);
      for (const result of done) await tell(around, flags.json === true, result);
    }
  } catch (error) {
    throw new Failure(error instanceof Error ? error.message : String(error));
  } finally {
    stopListening();
    await inside?.close();
  }
  if (interrupt.signal.aborted) return EXIT_INTERRUPTED;
  const { line, passed, whole } = summary(
    results,
    shownUrl(broker.url),
    inside === null ? '' : ' (inside this program)',
  );
  await writeAll(around.stdout, flags.json === true ? `${JSON.stringify(whole)}\n` : `${line}\n`);
  return passed ? EXIT_OK : EXIT_FAILURE;
}

function embedded(): ReturnType<typeof startBroker> {
  return startBroker({ bind: '127.0.0.1', port: 0, user: '', password: '', onEvent: () => undefined });
}

function brokerOf(flags: Flags, { env }: Surroundings): Omit<BrokerOptions, 'client_id'> {
  const password = env[PASSWORD_VARIABLE] ?? '';
  const version = flags.version === '5' ? 5 : 3;
  return { ...BROKER, url: flags.broker ?? '', version, user: flags.user, password, ca_file: flags.ca };
}

async function tell({ stdout, stderr }: Surroundings, json: boolean, result: RunResult): Promise<void> {
  if (json) return writeAll(stdout, `${JSON.stringify({ type: 'run', ...result })}\n`);
  const cycles = result.cycles_to_1pct ?? 'never';
  stderr.write(
    `bench:federation: seed ${result.seed}: ${cycles} cycles; at the end ${result.spread_pct.toFixed(3)} % apart, ${result.bias_pct.toFixed(3)} % off\n`,
  );
}

function summary(
  results: readonly RunResult[],
  url: string,
  where: string,
): { line: string; passed: boolean; whole: Record<string, string | number | boolean | null> } {
  const sorted = results.map(({ cycles_to_1pct }) => cycles_to_1pct ?? Infinity).sort((a, b) => a - b);
  const median = sorted[Math.floor((sorted.length - 1) / 2)];
  const worst = sorted[sorted.length - 1];
  const passed = median <= MEDIAN_MAX && worst <= WORST_MAX;
  const word = (cycles: number): string => (cycles === Infinity ? 'never' : `${cycles}`);
  const whole = {
    type: 'summary',
    runs: results.length,
    broker: url,
    median: median === Infinity ? null : median,
    worst: worst === Infinity ? null : worst,
    median_max: MEDIAN_MAX,
    worst_max: WORST_MAX,
    refused: results.reduce((sum, { refused }) => sum + refused, 0),
    passed,
  };
  const line =
    `cycles to 1 % of the global mean over ${url}${where}, ${results.length} runs: median ${word(median)} ` +
    `(at most ${MEDIAN_MAX}), worst ${word(worst)} (at most ${WORST_MAX}): ${passed ? 'pass' : 'FAIL'}`;
  return { line, passed, whole };
}
