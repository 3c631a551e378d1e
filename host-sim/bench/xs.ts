/** `npm run bench:xs`: what the firmware costs inside the chips' engine. Steps do not depend on the machine. */
import { readFileSync } from 'node:fs';
import { createCommand, parseCommand } from '../../tools/cli/commander.ts';
import { Failure, systemReason } from '../../tools/cli/errors.ts';
import { EXIT_OK } from '../../tools/cli/exit-codes.ts';
import { grouped, percent } from '../../tools/cli/numbers.ts';
import { writeAll, type Surroundings } from '../../tools/cli/surroundings.ts';
import { textTable } from '../../tools/cli/table.ts';
import { bytesOf, LAYOUT_32 } from '../memory/layout.ts';
import { reckon } from '../memory/reckon.ts';
import type { Bundle } from '../world/bundle.ts';
import { flatten } from '../xs/flat.ts';
import {
  bytecodeBytes,
  measureCycles,
  measureGrowth,
  measureHeap,
  NOISE_LSB,
  openProbe,
  QUIET,
  RELAYING,
} from '../xs/measure.ts';
import type { CycleCost } from '../xs/measure.ts';
import { PHASES } from '../xs/phases.ts';
import { settingsFor } from '../xs/probe/settings.ts';
import type { SwarmCase } from '../xs/probe/swarm.ts';
import { profile } from '../xs/profile.ts';
import type { Profile } from '../xs/profile.ts';
import { DEFAULT_BUNDLE } from '../xs/session.ts';

export interface StepsRow extends Profile {
  type: 'steps';
  case: string;
  peers: number;
  keys: number;
  cost: CycleCost;
}

export interface MemoryRow {
  type: 'memory';
  peers: number;
  keys: number;
  /** Live slots, measured. */
  node_slots: number;
  settings_slots: number;
  /** Chunks of both in the chips' layout, reckoned. */
  chunk_bytes: number;
  bytes: number;
}

export interface GarbageRow {
  type: 'garbage';
  cycles: number;
  slots_a_cycle: number;
  live_slots_more: number;
}

export interface BytecodeRow {
  type: 'bytecode';
  bytes: number;
}

type Row = StepsRow | MemoryRow | GarbageRow | BytecodeRow;

const CASES: readonly { name: string; one: SwarmCase }[] = [
  { name: 'no relayed entries', one: QUIET },
  { name: 'no relayed entries, noise on every reading', one: { ...QUIET, noise_lsb: NOISE_LSB } },
  { name: 'four relayed entries in every datagram', one: RELAYING },
  {
    name: 'four relayed entries in every datagram, noise on every reading',
    one: { ...RELAYING, noise_lsb: NOISE_LSB },
  },
];
/** The largest configuration that the memory budget speaks of. */
const MEMORY = { peers: 32, keys: 16 };
const STEADY_CYCLES = 10_000;
const FUNCTIONS_SHOWN = 15;

const INTRO =
  'Runs the firmware inside XS, the engine of the chips, and counts: bytecode steps a cycle with 16 peers and 8 keys, by ' +
  'phase and by function; slots and bytes that a node holds with 32 peers and 16 keys; garbage; bytes of bytecode.';

function sourceMap(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Failure(`${path} cannot be read (${systemReason(error)}); build it with "npm run build"`);
  }
}

async function* measure(bundle: Bundle): AsyncGenerator<Row, void> {
  const flat = await flatten(bundle.code);
  const map = sourceMap(`${DEFAULT_BUNDLE}.map`);
  const session = openProbe(flat);
  try {
    for (const { name, one } of CASES) {
      const cost = measureCycles(session, one);
      const { phases, functions } = await profile(bundle.code, map, one);
      yield { type: 'steps', case: name, peers: one.peers, keys: one.keys, cost, phases, functions };
    }
    const { live, garbage_a_cycle } = measureGrowth(session, QUIET, STEADY_CYCLES);
    yield { type: 'garbage', cycles: STEADY_CYCLES, slots_a_cycle: garbage_a_cycle, live_slots_more: live };
    const { peers, keys } = MEMORY;
    const held = measureHeap(session, keys, peers);
    const chunks = reckon(bundle.api, settingsFor(bundle.api, keys, peers), false, LAYOUT_32);
    const chunk_bytes = chunks.node.chunk_bytes + chunks.settings.chunk_bytes;
    const [node_slots, settings_slots] = [held.node.slots, held.settings.slots];
    const bytes = bytesOf({ slots: node_slots + settings_slots, chunk_bytes }, LAYOUT_32);
    yield { type: 'memory', peers, keys, node_slots, settings_slots, chunk_bytes, bytes };
  } finally {
    session.close();
  }
  yield { type: 'bytecode', bytes: bytecodeBytes(flat) };
}

function stepsText({ case: name, peers, keys, cost, phases, functions }: StepsRow): string {
  const counted = PHASES.reduce((sum, phase) => sum + phases[phase], 0);
  const share = (steps: number): string => percent((100 * steps) / counted);
  const rows = PHASES.map((phase) => [phase, grouped(phases[phase]), share(phases[phase])]);
  const dearest = functions.slice(0, FUNCTIONS_SHOWN);
  return [
    `Steps a cycle with ${peers} peers and ${keys} keys, ${name}: ${grouped(cost.steps)} on average, ${grouped(cost.worst)} in the dearest cycle`,
    textTable({ columns: ['phase', 'steps', 'share'], rows }),
    textTable({
      columns: ['function', 'file', 'calls', 'own steps', 'share'],
      rows: dearest.map(({ name: one, file, calls, steps }) => [
        one,
        file,
        grouped(calls, 1),
        grouped(steps),
        share(steps),
      ]),
    }),
  ].join('\n');
}

function text(row: Row): string {
  switch (row.type) {
    case 'steps':
      return stepsText(row);
    case 'garbage':
      return (
        `Garbage: ${grouped(row.slots_a_cycle, 2)} slots a cycle on average; ${grouped(row.live_slots_more)} live slots more ` +
        `after ${grouped(row.cycles)} steady cycles\n`
      );
    case 'memory':
      return (
        `Memory with ${row.peers} peers and ${row.keys} keys: ${grouped(row.node_slots)} slots for the node, ` +
        `${grouped(row.settings_slots)} for its settings, ${grouped(row.chunk_bytes)} bytes of chunks: ` +
        `${grouped(row.bytes)} bytes on a chip\n`
      );
    case 'bytecode':
      return `Bytecode, with its constants: ${grouped(row.bytes)} bytes\n`;
  }
}

export async function benchXs(argv: string[], around: Surroundings, bundle: Bundle): Promise<number> {
  const command = createCommand('npm run bench:xs --', around.stdout.columns)
    .description(INTRO)
    .option('--json', 'one row a line, as JSON');
  const help = parseCommand(command, argv);
  if (help !== '') {
    await writeAll(around.stdout, help);
    return EXIT_OK;
  }
  const { json } = command.opts<{ json?: boolean }>();
  for await (const row of measure(bundle)) {
    const line = json === true ? JSON.stringify({ ...row, bundle_sha256: bundle.sha256 }) : text(row);
    await writeAll(around.stdout, `${line}\n`);
  }
  if (json !== true) await writeAll(around.stdout, `firmware bundle ${bundle.sha256.slice(0, 16)}\n`);
  return EXIT_OK;
}
