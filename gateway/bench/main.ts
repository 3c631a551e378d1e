/** `npm run bench:gateway`: what a gateway costs under a stream of sensor messages, and how soon the swarm has them. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { createCommand, parseCommand } from '../../tools/cli/commander.ts';
import { Failure, UsageError } from '../../tools/cli/errors.ts';
import { EXIT_INTERRUPTED, EXIT_OK } from '../../tools/cli/exit-codes.ts';
import { short } from '../../tools/cli/numbers.ts';
import { writeAll, type Surroundings } from '../../tools/cli/surroundings.ts';
import { textTable } from '../../tools/cli/table.ts';
import type { GatewayConfig } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import { loadBundle } from '../core/bundle.ts';
import { Listener } from './listener.ts';
import { Load } from './load.ts';
import { costOf, type Cost } from '../../tools/cli/process-cost.ts';

const INTRO =
  'Starts a gateway with the broker inside it, gives it sensor messages over MQTT at a steady rate, and measures its processor ' +
  'time, its memory, and how long a message takes until a datagram of the swarm carries its value (Linux).';

/** 31 keys and a probe; three sensors of each key, whose median counts. */
const KEYS = 31;
const SENSORS = 3;
const PROBES_PER_S = 20;
const WARM_UP_S = 5;
const LISTENER_ADDRESS = '127.86.84.2';
const GATEWAY_ADDRESS = '127.86.84.1';
const PROGRAM = fileURLToPath(new URL('gateway.mjs', import.meta.url));

async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function configText(port: number, mqtt_port: number, cycle_ms: number): string {
  const names = Array.from({ length: KEYS }, (_, key) => `room${key}/temp`);
  const sensors = names.flatMap((key) => Array.from({ length: SENSORS }, (_, n) => ({ key, mqtt: `${key}/${n}` })));
  return JSON.stringify({
    swarm: { name: 'bench', port, interface: GATEWAY_ADDRESS, cycle_ms, state: 'state' },
    keys: [{ name: 'probe', range: [0, 32_000], span: 16_000 }, ...names.map((name) => ({ name, unit: '°C' }))],
    sources: [{ key: 'probe', mqtt: 'probe' }, ...sensors].map((one) => ({ ...one, field: 'temperature' })),
    mqtt: { embedded: { port: mqtt_port } },
    http: { enabled: false },
    log: { level: 'warn' },
  });
}

interface Figures {
  messages: number;
  seconds: number;
  cpu_percent: number;
  resident_mb_first: number;
  resident_mb_last: number;
  latency_ms_median: number;
  latency_ms_p99: number;
  latency_ms_max: number;
  probes: number;
}

function rank(sorted: readonly number[], share: number): number {
  return sorted.length === 0 ? NaN : sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

async function sleep(seconds: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, 1000 * seconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function summary(first: Cost, last: Cost, messages: number, latencies_ms: number[]): Figures {
  const seconds = (last.at_ms - first.at_ms) / 1000;
  const sorted = [...latencies_ms].sort((a, b) => a - b);
  return {
    messages,
    seconds,
    cpu_percent: (100 * (last.cpu_s - first.cpu_s)) / seconds,
    resident_mb_first: first.resident_kb / 1024,
    resident_mb_last: last.resident_kb / 1024,
    latency_ms_median: rank(sorted, 0.5),
    latency_ms_p99: rank(sorted, 0.99),
    latency_ms_max: sorted.at(-1) ?? NaN,
    probes: sorted.length,
  };
}

async function measure(
  folder: string,
  rate: number,
  seconds: number,
  cycle_ms: number,
  signal: AbortSignal,
): Promise<Figures> {
  const [port, mqtt_port] = [await freePort(), await freePort()];
  writeFileSync(join(folder, 'bench.yaml'), configText(port, mqtt_port, cycle_ms));
  const { config, faults } = loadConfig('bench.yaml', { cwd: folder, env: {} });
  if (config === null) throw new Error(JSON.stringify(faults));
  const child = spawn(process.execPath, [PROGRAM, join(folder, 'bench.yaml')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  try {
    return await run(config, child.pid ?? 0, { rate, seconds, url: `mqtt://127.0.0.1:${mqtt_port}` }, signal);
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

async function run(
  config: GatewayConfig,
  pid: number,
  { rate, seconds, url }: { rate: number; seconds: number; url: string },
  signal: AbortSignal,
): Promise<Figures> {
  const listener = new Listener(await loadBundle(), config, LISTENER_ADDRESS);
  await listener.start();
  const load = new Load({
    url,
    rate,
    topics: config.sources.flatMap(({ input, key }) => (input.kind === 'mqtt' && key !== 'probe' ? [input.topic] : [])),
    probe_topic: 'probe',
    probe_rate: PROBES_PER_S,
    onProbe: (probe) => listener.sent(probe),
  });
  try {
    // Until the gateway and its broker are up.
    await sleep(WARM_UP_S, signal);
    await load.start();
    await sleep(WARM_UP_S, signal);
    listener.latencies_ms.length = 0;
    const [first, before] = [costOf(pid), load.sent];
    await sleep(seconds, signal);
    return summary(first, costOf(pid), load.sent - before, listener.latencies_ms);
  } finally {
    await load.stop();
    await listener.stop();
  }
}

function whole(flag: string, text: string, low: number, high: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= low && value <= high) return value;
  throw new UsageError(`${flag} ${text}: must be a whole number from ${low} to ${high}`);
}

export async function benchGateway(argv: string[], around: Surroundings): Promise<number> {
  const command = createCommand('npm run bench:gateway --', around.stdout.columns)
    .usage('[flags]')
    .description(INTRO)
    .helpOption('-h, --help', 'this text')
    .option('--seconds <n>', 'how long', '60')
    .option('--rate <n>', 'messages a second', '1000')
    .option('--cycle-ms <ms>', 'length of a cycle', '1000')
    .option('--json', 'the figures as JSON');
  const help = parseCommand(command, argv);
  if (help !== '') {
    await writeAll(around.stdout, help);
    return EXIT_OK;
  }
  const flags = command.opts<{ seconds: string; rate: string; cycleMs: string; json?: boolean }>();
  const seconds = whole('--seconds', flags.seconds, 1, 86_400);
  const rate = whole('--rate', flags.rate, PROBES_PER_S + 1, 100_000);
  const cycle_ms = whole('--cycle-ms', flags.cycleMs, 50, 60_000);
  if (process.platform !== 'linux') throw new Failure('it counts what processes cost in /proc, which Linux alone has');
  const folder = mkdtempSync(join(tmpdir(), 'lvs-bench-gateway-'));
  const interrupt = new AbortController();
  const stop = around.onInterrupt(() => interrupt.abort());
  try {
    around.stderr.write(`bench:gateway: ${rate} messages a second for ${seconds} s ...\n`);
    const figures = await measure(folder, rate, seconds, cycle_ms, interrupt.signal);
    await writeAll(around.stdout, flags.json === true ? `${JSON.stringify(figures)}\n` : table(figures, cycle_ms));
  } finally {
    stop();
    rmSync(folder, { recursive: true, force: true });
  }
  return interrupt.signal.aborted ? EXIT_INTERRUPTED : EXIT_OK;
}

function table(figures: Figures, cycle_ms: number): string {
  const { messages, seconds, cpu_percent, resident_mb_first, resident_mb_last, probes } = figures;
  const { latency_ms_median, latency_ms_p99, latency_ms_max } = figures;
  const rows = [
    ['messages a second', short(messages / seconds)],
    ['processor, one core, broker inside', `${short(cpu_percent)} %`],
    ['resident memory at the start', `${short(resident_mb_first)} MB`],
    ['resident memory at the end', `${short(resident_mb_last)} MB`],
    [`latency to the swarm, median (cycle ${cycle_ms} ms)`, `${short(latency_ms_median)} ms`],
    ['latency to the swarm, 99 %', `${short(latency_ms_p99)} ms`],
    ['latency to the swarm, worst', `${short(latency_ms_max)} ms`],
    ['messages whose latency was measured', short(probes)],
  ];
  return textTable({ columns: ['what', 'measured'], rows });
}
