/** A node in a process of its own, to be looked at from outside; and the tool that looks, in this one. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { KeySettings, Settings } from '../../../firmware/node.ts';
import { complianceMain } from '../../../tools/compliance/main.ts';
import { type KeptSurroundings, keepSurroundings } from '../around.ts';

const ONE = 65_536;
const BUNDLE = fileURLToPath(new URL('../../../build/firmware/node.mjs', import.meta.url));
const CHILD = fileURLToPath(new URL('node-child.mjs', import.meta.url));
/** Twice as long as the shortest: other tests run beside this one. */
const CYCLE_MS = 100;

export const KEYS = [
  { name: 'room1/temp', floor: 0.05, span: 16, range: [0, 100], reference: 20 },
  { name: 'room1/hum', floor: 0.1, span: 16, range: [0, 100], reference: 0 },
] as const;

function keySettings({ name, floor, span, range, reference }: (typeof KEYS)[number]): KeySettings {
  const [low, high] = range;
  return {
    name,
    floor: Math.round(floor * ONE),
    span: span * ONE,
    low: low * ONE,
    high: high * ONE,
    reference: reference * ONE,
    guard: true,
    estimator: 0,
    scope: 0,
  };
}

/** Nobody has it, so each test has a swarm of its own. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    const socket = createSocket('udp4');
    const bound = await new Promise<boolean>((resolve) => {
      socket.once('error', () => resolve(false));
      socket.bind({ port, address: '0.0.0.0', exclusive: true }, () => resolve(true));
    });
    socket.close();
    if (bound) return port;
  }
}

export interface NodeOptions {
  /** What is wrong with it: node-child.mjs knows them. */
  mutant?: string;
  /** base64url */
  key?: string;
  settings?: Partial<Settings>;
}

export class NodeProcess {
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(port: number, child: ChildProcess) {
    this.port = port;
    this.#child = child;
  }

  static async start({ mutant = '', key = '', settings = {} }: NodeOptions = {}): Promise<NodeProcess> {
    const port = await freePort();
    const options = {
      bundle: BUNDLE,
      address: '127.0.0.1',
      port,
      value: 21.5 * ONE,
      mutant,
      key,
      settings: { swarm: 'test', cycle_ms: CYCLE_MS, keys: KEYS.map(keySettings), ...settings },
    };
    const child = spawn(process.execPath, [CHILD, JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    return new NodeProcess(port, child);
  }

  restart(): void {
    this.#child.kill('SIGHUP');
  }

  async stop(): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }
}

export function folder(): string {
  return mkdtempSync(join(tmpdir(), 'lvs-compliance-'));
}

export function keysFile(content: unknown = { swarm: 'test', keys: KEYS }): string {
  const path = join(folder(), 'keys.json');
  writeFileSync(path, JSON.stringify(content));
  return path;
}

export interface Verdicts {
  code: number;
  around: KeptSurroundings;
  /** By name. */
  verdict: Record<string, string>;
  evidence: Record<string, string>;
}

interface Line {
  type: string;
  name: string;
  verdict: string;
  evidence: string;
}

/** Runs the command with --json. */
export async function comply(flags: readonly string[], onInterrupt?: (stop: () => void) => void): Promise<Verdicts> {
  const around = keepSurroundings();
  around.now_ms = () => performance.now();
  if (onInterrupt !== undefined) {
    around.onInterrupt = (stop) => {
      onInterrupt(stop);
      return () => undefined;
    };
  }
  const code = await complianceMain([...flags, '--json'], around);
  const lines = around
    .out()
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line)
    .filter(({ type }) => type === 'clause');
  return {
    code,
    around,
    verdict: Object.fromEntries(lines.map(({ name, verdict }) => [name, verdict])),
    evidence: Object.fromEntries(lines.map(({ name, evidence }) => [name, evidence])),
  };
}
