/** Surroundings of a monitor: a terminal that keeps what it shows, keys that a test presses, a clock that a test moves. */
import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Environment } from '../../../tools/cli/colour.ts';
import type { KeyInput } from '../../../tools/monitor/live/keys.ts';
import { monitorMain, type MonitorPorts } from '../../../tools/monitor/main.ts';
import type { MonitorSurroundings } from '../../../tools/monitor/surroundings.ts';
import type { SerialBinding } from '../../../tools/serial/binding.ts';
import type { SerialMachine } from '../../../tools/serial/machine.ts';
import { type KeptSurroundings, keepSurroundings } from '../around.ts';

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** A keyboard: `press` is a key, `raw` how the terminal is set. */
export class Keyboard extends EventEmitter implements KeyInput {
  isTTY = true;
  isRaw = false;
  paused = true;

  setRawMode(raw: boolean): void {
    this.isRaw = raw;
  }

  resume(): void {
    this.paused = false;
  }

  pause(): void {
    this.paused = true;
  }

  press(keys: string): void {
    this.emit('data', Buffer.from(keys));
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    await Promise.reject(new Error('a keyboard is read by its events'));
    yield Buffer.alloc(0);
  }
}

export interface KeptMonitor extends MonitorSurroundings, Pick<KeptSurroundings, 'out' | 'err'> {
  interrupt: () => void;
  terminate: (code: number) => void;
  /** Moves the clock on. */
  pass: (ms: number) => void;
}

export function keepMonitor(stdin: MonitorSurroundings['stdin'], env: Environment = {}): KeptMonitor {
  const interrupts = new Set<() => void>();
  const endings = new Set<(code: number) => void>();
  const listen = <Listener>(all: Set<Listener>, one: Listener): (() => void) => {
    all.add(one);
    return () => all.delete(one);
  };
  let now_ms = 0;
  return {
    ...keepSurroundings(env, ROOT),
    stdin,
    date: () => new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 6) + now_ms),
    now_ms: () => now_ms,
    wait: () => Promise.resolve(),
    onInterrupt: (callback) => listen(interrupts, callback),
    onTerminate: (callback) => listen(endings, callback),
    interrupt: () => interrupts.forEach((callback) => callback()),
    terminate: (code) => endings.forEach((callback) => callback(code)),
    pass: (ms) => (now_ms += ms),
  };
}

/** A computer without anything under /dev. */
export const EMPTY_MACHINE: SerialMachine = {
  platform: 'linux',
  pid: 1,
  user: 'someone',
  groups: [],
  list: () => [],
  readLink: () => '',
  readText: () => '',
  realPath: (path) => path,
  groupOf: () => -1,
};

export function portsOf(binding: SerialBinding): MonitorPorts {
  return { binding: () => Promise.resolve(binding), machine: EMPTY_MACHINE };
}

const NO_PORTS: MonitorPorts = {
  binding: () => Promise.reject(new Error('no port is to be opened')),
  machine: EMPTY_MACHINE,
};

/** Runs the command over a log that is piped in. */
export async function monitorText(
  text: string | readonly Uint8Array[],
  argv: readonly string[] = [],
): Promise<{ out: string; err: string; code: number }> {
  const pieces = typeof text === 'string' ? [Buffer.from(text)] : text;
  const piped = Object.assign(Readable.from(pieces), { isTTY: false }) as unknown as MonitorSurroundings['stdin'];
  const around = keepMonitor(piped);
  const code = await monitorMain(['--input', '-', '--timestamps', 'none', ...argv], around, ROOT, NO_PORTS);
  return { out: around.out(), err: around.err(), code };
}

/** The events of a log, as --json writes them. */
export async function monitorEvents(
  text: string | readonly Uint8Array[],
  argv: readonly string[] = [],
): Promise<Record<string, unknown>[]> {
  const { out } = await monitorText(text, ['--json', ...argv]);
  return out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
