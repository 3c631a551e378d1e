/**
 * One run of the bench: sites joined over a broker that runs, until their nodes agree. Measured as the simulator measures
 * (docs/drift.md): cycles until the spread of all agreed values and their bias both stay within 1 % of the inputs' spread.
 */

import type { DatagramPort, Settings } from '../../../firmware/node.ts';
import type { FirmwareApi } from '../../core/bundle.ts';
import type { BackOffOptions } from '../../mqtt/back-off.ts';
import { Connection } from '../../mqtt/connection.ts';
import { CONNECTION, type BrokerOptions } from '../../mqtt/options.ts';
import { createMedium, MEDIUM, type FederationMedium } from '../medium.ts';
import { createUniform, type Uniform } from './random.ts';
import { Site } from './site.ts';

const ONE = 65_536;
/** The simulator's own inputs and key (host-sim/scenarios/schema.json). */
const LOW = 20;
const HIGH = 30;
const KEY = {
  name: 'value',
  floor: 655,
  span: 16 * ONE,
  low: 0,
  high: 100 * ONE,
  reference: 25 * ONE,
  guard: true,
  estimator: 0,
  scope: 1,
};
const WITHIN = 0.01;
/** Bytes of a federation key. */
const KEY_BYTES = 32;

export interface RunOptions {
  api: FirmwareApi;
  broker: Omit<BrokerOptions, 'client_id'>;
  sites: number;
  nodes: number;
  loss: number;
  cycle_ms: number;
  cycles: number;
  seed: number;
  /** How soon a lost broker is tried again; the gateway's own waits unless given. */
  back_off?: BackOffOptions;
  /** Called once when the run has come so far. */
  at?: { cycle: number; call: () => void };
}

export interface RunResult {
  seed: number;
  /** Null when it did not come to stay within 1 %. */
  cycles_to_1pct: number | null;
  /** At the end, in per cent of the inputs' spread. */
  spread_pct: number;
  bias_pct: number;
  /** Messages between sites, and those that were lost on purpose. */
  sent: number;
  taken: number;
  refused: number;
}

interface Member {
  site: Site;
  medium: FederationMedium;
  connection: Connection;
}

function settingsOf(api: FirmwareApi, site: number, { nodes, cycle_ms }: RunOptions): Settings {
  return {
    ...api.defaultSettings(),
    swarm: 'bench',
    keys: [KEY],
    cycle_ms,
    table: nodes,
    nodes_per_address: 1,
    site: `site ${site + 1}`,
  };
}

function join(options: RunOptions, index: number, base: string, readings: readonly number[], uniform: Uniform): Member {
  const { api, broker, loss, cycle_ms, seed } = options;
  const settings = settingsOf(api, index, options);
  const onEvent = (): void => undefined;
  const client_id = `lvs-bench-${process.pid}-${seed}-${index}`;
  const back_off = options.back_off ?? CONNECTION.back_off;
  const connection = new Connection({
    ...CONNECTION,
    back_off,
    broker: { ...broker, client_id },
    status_topic: '',
    onEvent,
  });
  const medium = createMedium({
    ...MEDIUM,
    site: settings.site,
    base,
    link: connection,
    keys: [new Uint8Array(KEY_BYTES).fill(seed & 0xff)],
    seal: null,
    cycle_ms,
    settings: settings.keys,
    // A broker loses nothing: the medium's losses of the acceptance table are made here, for each listener.
    deliver: (view, length, source) => (uniform() < loss ? 0 : site.gateway.receiveMedium(view, length, source)),
    onEvent,
    timing: CONNECTION.timing,
  });
  const port: DatagramPort = medium;
  const site = new Site({ api, settings, readings, loss, uniform, medium: port });
  return { site, medium, connection };
}

export async function run(options: RunOptions): Promise<RunResult> {
  const { sites, nodes, cycle_ms, cycles, seed } = options;
  const uniform = createUniform(seed);
  const readings = Array.from({ length: sites }, () =>
    Array.from({ length: nodes }, () => Math.round((LOW + (HIGH - LOW) * uniform()) * ONE)),
  );
  const base = `lvs-bench/${process.pid}-${seed}`;
  const members = readings.map((each, index) => join(options, index, base, each, uniform));
  try {
    for (const { connection } of members) await connected(connection);
    for (const { site } of members) site.start();
    const all = members.flatMap(({ site }) => site.nodes);
    const watch = new Watch(readings.flat());
    let { at } = options;
    while (watch.cycle < cycles) {
      await pause(cycle_ms);
      watch.look(
        Math.max(...all.map(({ parts }) => parts.transport.cycle)),
        all.map(({ parts }) => parts.state.b[0]),
      );
      if (at === undefined || watch.cycle < at.cycle) continue;
      at.call();
      at = undefined;
    }
    const facts = members.map(({ medium }) => medium.facts());
    return {
      seed,
      cycles_to_1pct: watch.since,
      spread_pct: 100 * watch.spread,
      bias_pct: 100 * watch.bias,
      sent: facts.reduce((sum, each) => sum + each.sent, 0),
      taken: facts.reduce((sum, each) => sum + each.taken, 0),
      refused: facts.reduce((sum, each) => sum + Object.values(each.refused).reduce((a, b) => a + b, 0), 0),
    };
  } finally {
    for (const { site, medium, connection } of members) {
      site.stop();
      medium.close();
      await connection.close();
    }
  }
}

/** Follows what the nodes hold: since which cycle both bounds have held. */
class Watch {
  since: number | null = null;
  cycle = 0;
  /** As shares of the inputs' spread. */
  spread = Infinity;
  bias = Infinity;
  readonly #mean: number;
  readonly #inputs_spread: number;

  constructor(inputs: readonly number[]) {
    this.#mean = inputs.reduce((sum, input) => sum + input, 0) / inputs.length;
    this.#inputs_spread = Math.max(...inputs) - Math.min(...inputs);
  }

  look(cycle: number, values: readonly number[]): void {
    this.cycle = cycle;
    const held = values.filter((value) => value >= 0);
    if (held.length < values.length) return;
    this.spread = (Math.max(...held) - Math.min(...held)) / this.#inputs_spread;
    this.bias = Math.abs(held.reduce((sum, value) => sum + value, 0) / held.length - this.#mean) / this.#inputs_spread;
    this.since = this.spread <= WITHIN && this.bias <= WITHIN ? (this.since ?? cycle) : null;
  }
}

const CONNECT_LIMIT_MS = 15_000;

/** @throws Error with the broker's fault when it cannot be reached in time */
async function connected(connection: Connection): Promise<void> {
  const end_ms = Date.now() + CONNECT_LIMIT_MS;
  while (!connection.state().connected) {
    const { fault } = connection.state();
    if (fault !== null && (fault.slow || Date.now() > end_ms)) throw new Error(fault.text);
    await pause(10);
  }
  // The broker has taken the subscription, too, once it answers something after it.
  await pause(50);
}

function pause(delay_ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delay_ms));
}
