/** `npm run bench`: the node beside the algorithms that it is compared with, its speed, its traffic and its memory. */
import { createCommand, parseCommand } from '../../tools/cli/commander.ts';
import { UsageError } from '../../tools/cli/errors.ts';
import { EXIT_INTERRUPTED, EXIT_OK } from '../../tools/cli/exit-codes.ts';
import { grouped, percent, short } from '../../tools/cli/numbers.ts';
import { writeAll, type Surroundings } from '../../tools/cli/surroundings.ts';
import { textTable } from '../../tools/cli/table.ts';
import type { Engine } from '../engine.ts';
import { dataFolder, DataFiles } from '../scenario/data.ts';
import { benchNode, type NodeRow } from './node-rows.ts';
import { benchPeers, PEER_CASES, type PeerRow } from './peers.ts';
import { benchSpeed, SPEED_CASES, type SpeedRow } from './speed.ts';
import { benchMemory, benchTraffic, type MemoryRow, TRAFFIC_CASES, type TrafficRow } from './traffic.ts';

type Event =
  | ({ type: 'convergence' } & (PeerRow | NodeRow))
  | ({ type: 'speed' } & SpeedRow)
  | ({ type: 'traffic' } & TrafficRow)
  | ({ type: 'memory' } & MemoryRow);

const INTRO =
  'Measures, side by side: cycles to 1 % and bias of this node and of four published algorithms under the same losses; ' +
  'delivered datagrams and node cycles a second; bytes a node sends a minute; memory of a simulated node. About two minutes.';

const SEED_MAX = 2 ** 32 - 1;

function seedOf(text: string): number {
  const seed = text.trim() === '' ? NaN : Number(text);
  if (Number.isInteger(seed) && seed >= 0 && seed <= SEED_MAX) return seed;
  throw new UsageError(`--seed ${text}: must be a whole number from 0 to ${SEED_MAX}`);
}

export async function bench(argv: string[], around: Surroundings, loadEngine: () => Promise<Engine>): Promise<number> {
  const command = createCommand('npm run bench --', around.stdout.columns)
    .description(INTRO)
    .option('--seed <n>', 'the first seed of each row', '1')
    .option('--json', 'one row a line, as JSON');
  const help = parseCommand(command, argv);
  if (help !== '') {
    await writeAll(around.stdout, help);
    return EXIT_OK;
  }
  const { seed, json } = command.opts<{ seed: string; json?: boolean }>();
  const engine = await (seedOf(seed), loadEngine());
  const events = measure(seedOf(seed), engine, around.cwd);
  const interrupt = new AbortController();
  const stop = around.onInterrupt(() => {
    interrupt.abort();
  });
  const all: Event[] = [];
  for (const event of events) {
    all.push(event);
    if (json === true) await writeAll(around.stdout, `${JSON.stringify({ ...event, bundle_sha256: engine.sha256 })}\n`);
    else around.stderr.write(`bench: ${progressOf(event)}\n`);
    await new Promise((resolve) => setImmediate(resolve));
    if (interrupt.signal.aborted) break;
  }
  stop();
  if (json !== true) await writeAll(around.stdout, report(all, engine.sha256));
  return interrupt.signal.aborted ? EXIT_INTERRUPTED : EXIT_OK;
}

function* measure(seed: number, engine: Engine, cwd: string): Generator<Event, void> {
  const files = new DataFiles(dataFolder(undefined, {}, cwd));
  for (const one of SPEED_CASES) yield { type: 'speed', ...benchSpeed(one, seed, engine, files, cwd) };
  for (const one of TRAFFIC_CASES) yield { type: 'traffic', ...benchTraffic(one, seed, engine, files, cwd) };
  const memory = benchMemory(seed, engine, files, cwd);
  if (memory !== null) yield { type: 'memory', ...memory };
  for (const condition of PEER_CASES) {
    yield { type: 'convergence', ...benchNode(condition, seed, engine, files, cwd) };
    for (const row of benchPeers(seed, [condition])) yield { type: 'convergence', ...row };
  }
}

function progressOf(event: Event): string {
  switch (event.type) {
    case 'convergence':
      return `${event.algorithm}, ${placeOf(event)}`;
    case 'speed':
      return `speed, ${event.case}`;
    case 'traffic':
      return `traffic at ${percent(100 * event.loss)} loss`;
    case 'memory':
      return 'memory';
  }
}

function placeOf(row: PeerRow | NodeRow): string {
  const where = row.topology === 'sites' ? `${row.sites} sites of ${row.nodes / row.sites}` : `LAN of ${row.nodes}`;
  const medium = row.topology === 'sites' ? ` / ${percent(100 * row.medium_loss)}` : '';
  return `${where}, ${percent(100 * row.loss)}${medium} loss`;
}

function cyclesOf(cycles: number | null): string {
  return cycles === null ? 'never' : grouped(cycles);
}

function report(events: readonly Event[], sha256: string): string {
  const convergence = events.filter((event) => event.type === 'convergence');
  const speed = events.filter((event) => event.type === 'speed');
  const traffic = events.filter((event) => event.type === 'traffic');
  const memory = events.filter((event) => event.type === 'memory');
  const tables = [
    "Cycles to 1 % of the true mean, and bias at the end in per cent of the inputs' spread (guard off; medians and worst over the seeds)",
    textTable({
      columns: ['where', 'algorithm', 'cycles', 'worst', 'bias', 'worst bias', 'seeds'],
      rows: convergence.map((row) => [
        placeOf(row),
        row.algorithm,
        cyclesOf(row.cycles_to_1pct),
        cyclesOf(row.cycles_to_1pct_worst),
        percent(row.bias_pct),
        percent(row.bias_pct_worst),
        String(row.seeds),
      ]),
    }),
    'Speed on one core, with real encoding and decoding',
    textTable({
      columns: ['where', 'keys', 'loss', 'datagrams/s', 'node cycles/s', 'x real time', 'of bare gossip'],
      rows: speed.map((row) => [
        row.case,
        String(row.keys),
        percent(100 * row.loss),
        grouped(row.datagrams_per_second),
        grouped(row.node_cycles_per_second),
        short(row.times_real_time),
        percent((100 * row.datagrams_per_second) / row.gossip_deliveries_per_second),
      ]),
    }),
    'Traffic, LAN of 50 at one cycle a second',
    textTable({
      columns: ['keys', 'loss', 'bytes/node/minute', 'at most', 'relayed/datagram'],
      rows: traffic.map((row) => [
        String(row.keys),
        percent(100 * row.loss),
        grouped(row.bytes_per_node_per_minute),
        grouped(row.at_most),
        short(row.relayed_entries_per_datagram),
      ]),
    }),
    ...memory.map(
      (row) =>
        `Memory: ${grouped(row.bytes_per_node)} bytes a simulated node (${row.keys} keys, a table of ${row.table} peers)\n`,
    ),
    `Firmware bundle ${sha256}.\n`,
  ];
  return tables.join('\n');
}
