/** A whole swarm of real processes: started, watched, ended. */
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import type { Failure } from '../../tools/cli/errors.ts';
import { createRandom } from '../world/random.ts';
import { agreementOf, AgreementWatch, type Agreement } from './agreement.ts';
import type { SwarmOptions } from './options.ts';
import { nodeAddress } from './places.ts';
import { endOf, programPath, SwarmProcess } from './processes.ts';

/** The simulator's inputs (host-sim/scenarios/schema.json): uniform from 20 to 30. */
const INPUT_LOW = 20;
const INPUT_WIDTH = 10;
const KEY = 'demo/temp';
const READY_MS = 20_000;

export interface NodeRow {
  address: string;
  pid: number;
  input: number;
  agreed: number | null;
  peers: number;
  cycle: number;
  up: boolean;
}

export interface SwarmReport {
  nodes: NodeRow[];
  up: number;
  agreement: Agreement | null;
  /** From the start of the last node on. */
  cycle: number;
  cycles_to_1pct: number | null;
  passed: number;
  dropped: number;
}

/** A port that is free for both transports, and the one behind it too. */
export async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, nodeAddress(0), () => {
        const address = server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
    await new Promise((resolve) => server.close(resolve));
    const socket = createSocket('udp4');
    const free = await new Promise<boolean>((resolve) => {
      socket.once('error', () => resolve(false));
      socket.bind({ port, exclusive: true }, () => resolve(true));
    });
    socket.close();
    if (free && port < 65_535) return port;
  }
}

export class Swarm {
  readonly #options: SwarmOptions;
  readonly #now_ms: () => number;
  readonly #onFailure: (failure: Failure) => void;
  readonly #processes: (SwarmProcess | null)[] = [];
  readonly #rows: NodeRow[];
  readonly #watch = new AgreementWatch();
  readonly #counts = { passed: 0, dropped: 0 };
  #relay: SwarmProcess | null = null;
  #port = 0;
  #started = 0;
  #complete_ms = Infinity;

  constructor(options: SwarmOptions, now_ms: () => number, onFailure: (failure: Failure) => void) {
    this.#options = options;
    this.#now_ms = now_ms;
    this.#onFailure = onFailure;
    const random = createRandom(options.seed);
    this.#rows = Array.from({ length: options.nodes }, (_, node) => ({
      address: nodeAddress(node),
      pid: 0,
      // As many places as a reading has: the same number on its way to the process and back.
      input: Math.round(65_536 * (INPUT_LOW + INPUT_WIDTH * random.uniform())) / 65_536,
      agreed: null,
      peers: 0,
      cycle: 0,
      up: false,
    }));
  }

  async start(): Promise<void> {
    const { port, loss, nodes } = this.#options;
    this.#port = port === 0 ? await freePort() : port;
    if (loss > 0) await this.#startRelay();
    for (let node = 0; node < nodes; node++) this.#startNode(node);
  }

  async #startRelay(): Promise<void> {
    const { transport, nodes, loss, seed } = this.#options;
    const numbers = [nodes, this.#port, this.#port + 1, loss, seed].map(String);
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(endOf('the relay', -1, 'it does not answer')), READY_MS);
      this.#relay = new SwarmProcess({
        program: programPath('swarm-relay'),
        args: [transport, ...numbers],
        onLine: (line) => {
          if (line.type === 'ready') resolve();
          else Object.assign(this.#counts, { passed: line.passed, dropped: line.dropped });
          clearTimeout(timer);
        },
        onEnd: (code, said) => {
          clearTimeout(timer);
          const failure = endOf('the relay', code, said);
          reject(failure);
          this.#onFailure(failure);
        },
      });
    });
  }

  /** Whom a node is told of: nobody where it can broadcast, one where members tell it the rest, the relay where that stands between. */
  #networkFlags(node: number): string[] {
    const { transport, loss, nodes } = this.#options;
    const relay_port = this.#port + 1;
    if (transport === 'udp') {
      if (loss === 0) return ['--transport', 'udp'];
      return ['--transport', 'peers', '--peer', `${nodeAddress(node)}:${relay_port}`];
    }
    if (loss === 0) return ['--transport', 'tcp', ...(node === 0 ? [] : ['--peer', nodeAddress(0)])];
    const others = Array.from({ length: nodes - 1 - node }, (_, i) => `${nodeAddress(node + 1 + i)}:${relay_port}`);
    return ['--transport', 'tcp', ...others.flatMap((peer) => ['--peer', peer])];
  }

  #startNode(node: number): void {
    const { cycle_ms, key_file, private: hidden } = this.#options;
    const row = this.#rows[node];
    const process = new SwarmProcess({
      program: programPath('node'),
      args: [
        ...['--swarm', `local-${this.#port}`, '--json', '--status-cycles', '1'],
        ...['--iface', row.address, '--port', String(this.#port), '--cycle-ms', String(cycle_ms)],
        ...['--sensor', `${KEY}=${row.input}`],
        ...(key_file === undefined ? [] : ['--key-file', key_file]),
        ...(hidden ? ['--private'] : []),
        ...this.#networkFlags(node),
      ],
      onLine: (line) => this.#hear(row, line),
      onEnd: (code, said) => {
        row.up = false;
        this.#onFailure(endOf(`node ${node + 1} (${row.address})`, code, said));
      },
    });
    this.#processes[node] = process;
    row.pid = process.pid;
  }

  #hear(row: NodeRow, line: Readonly<Record<string, unknown>>): void {
    if (line.type === 'started') {
      row.up = true;
      if (++this.#started === this.#options.nodes) this.#complete_ms = this.#now_ms();
      return;
    }
    if (line.type !== 'status' || !Array.isArray(line.keys)) return;
    const [key] = line.keys as { agreed: number | null }[];
    row.agreed = key.agreed;
    row.peers = Number(line.peers);
    row.cycle = Number(line.cycle);
    this.#watch.note(this.#now_ms(), agreementOf(this.#rows));
  }

  report(): SwarmReport {
    const { cycle_ms } = this.#options;
    const passed_ms = this.#now_ms() - this.#complete_ms;
    return {
      nodes: this.#rows.map((row) => ({ ...row })),
      up: this.#rows.filter(({ up }) => up).length,
      agreement: agreementOf(this.#rows),
      cycle: Math.max(0, Math.floor(passed_ms / cycle_ms)),
      cycles_to_1pct: this.#watch.cycles(this.#complete_ms, cycle_ms),
      ...this.#counts,
    };
  }

  /** Every node takes leave, then the relay goes; none is left behind. */
  async end(): Promise<void> {
    await Promise.all(this.#processes.filter((process) => process !== null).map((process) => process.end()));
    await this.#relay?.end();
  }
}
