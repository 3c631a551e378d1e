/** A world that only pretends, and a terminal that only remembers: for tests of everything around the simulator. */
import { Writable } from 'node:stream';
import type { Surroundings } from '../../tools/cli/surroundings.ts';
import type { Engine } from '../../host-sim/engine.ts';
import type { CycleReport, KeyReport, Summary } from '../../host-sim/world/report.ts';
import type { Scenario } from '../../host-sim/world/scenario.ts';
import type { World } from '../../host-sim/world/world.ts';

export const FAKE_SHA256 = 'c0ffee00'.repeat(8);

const INPUTS_SPREAD_LSB = 10 * 65_536;

/** Spread halves each second cycle from all of the inputs' spread on; the seed sets the bias. */
function keyReport(cycle: number, seed: number): KeyReport {
  const share = 0.5 ** (cycle / 2);
  return {
    spread_lsb: INPUTS_SPREAD_LSB * share,
    bias_lsb: (INPUTS_SPREAD_LSB * share * (seed % 10)) / -100,
    true_mean_lsb: 25 * 65_536,
    inputs_spread_lsb: INPUTS_SPREAD_LSB,
    worst_node: (cycle + seed) % 7,
    worst_error_lsb: (INPUTS_SPREAD_LSB * share) / 2,
  };
}

export function fakeSummary(over: Partial<Summary> = {}): Summary {
  return {
    type: 'summary',
    scenario: 'fake',
    seed: 1,
    nodes: 3,
    keys: 1,
    cycles: 20,
    cycles_to_1pct: 14,
    cycles_to_2pct: 12,
    cycles_to_4lsb: null,
    bias_pct: -0.01,
    spread_pct: 0.2,
    worst_error_pct: 0.1,
    spread_lsb: 640,
    datagrams_sent: 60,
    datagrams_delivered: 48,
    bytes_per_node_per_minute: 5300,
    relayed_entries_per_datagram: 0.5,
    false_verdicts: 0,
    drops: { duplicate: 3, range: 0 },
    wall_ms: 12,
    node_cycles_per_second: 5000,
    datagrams_per_second: 4000,
    bundle_sha256: FAKE_SHA256,
    trace_sha256: '7'.repeat(64),
    ...over,
  };
}

export interface FakeFaults {
  /** From this cycle on, this node's state differs from that of other runs. */
  strays?: { cycle: number; node: number };
  /** Called at the start of each step. */
  onStep?: (cycle: number) => void;
}

export function fakeWorld(scenario: Scenario, { strays, onStep }: FakeFaults = {}): World {
  let cycle = 0;
  const digests = new Int32Array(scenario.nodes);
  return {
    get cycle() {
      return cycle;
    },
    step(): CycleReport {
      cycle++;
      onStep?.(cycle);
      digests.forEach((_, node) => (digests[node] = Math.imul(cycle * 31 + node, 0x9e3779b1) ^ scenario.seed));
      if (strays !== undefined && cycle >= strays.cycle) digests[strays.node] ^= 1;
      const keys = scenario.keys.map(() => keyReport(cycle, scenario.seed));
      const pct = (lsb: number): number => (lsb / INPUTS_SPREAD_LSB) * 100;
      return {
        cycle,
        keys,
        spread_pct: pct(keys[0].spread_lsb),
        bias_pct: pct(keys[0].bias_lsb),
        worst_error_pct: pct(keys[0].worst_error_lsb),
        nodes_up: scenario.nodes,
        datagrams_sent: cycle * scenario.nodes,
        datagrams_delivered: cycle * scenario.nodes * 2,
        bytes_sent: cycle * scenario.nodes * 40,
        node_digests: digests,
      };
    },
    summary: () => {
      const { name, seed, nodes } = scenario;
      return fakeSummary({ scenario: name, seed, nodes, cycles: cycle, keys: scenario.keys.length });
    },
  };
}

export function fakeEngine(faults: FakeFaults = {}, sha256 = FAKE_SHA256): Engine {
  return {
    sha256,
    createWorld: (scenario) => fakeWorld(scenario, faults),
    memory: ({ nodes }) => ({ slots: 500, chunk_bytes: 10_000, table: nodes }),
  };
}

export class FakeOutput extends Writable {
  text = '';
  isTTY: boolean;
  columns: number | undefined;
  rows: number | undefined;

  constructor(tty?: { columns: number; rows: number }) {
    super({ decodeStrings: false });
    this.isTTY = tty !== undefined;
    this.columns = tty?.columns;
    this.rows = tty?.rows;
  }

  override _write(chunk: string | Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

export interface FakeSurroundings extends Surroundings {
  stdout: FakeOutput;
  stderr: FakeOutput;
  /** As Ctrl-C does. */
  interrupt(): void;
}

export function fakeSurroundings(cwd: string, tty?: { columns: number; rows: number }): FakeSurroundings {
  let callback = (): void => undefined;
  let clock_ms = 0;
  return {
    stdout: new FakeOutput(tty),
    stderr: new FakeOutput(),
    env: { TERM: 'xterm', NO_COLOR: '1' },
    cwd,
    // Time passes whenever someone looks: enough for every picture of a live view to be drawn.
    now_ms: () => (clock_ms += 50),
    onInterrupt: (given) => {
      callback = given;
      return () => undefined;
    },
    interrupt: () => callback(),
  };
}
