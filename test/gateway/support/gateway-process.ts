/** A gateway as its users run it: the built program in a process of its own, with a folder of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../../tools/cli/project-root.ts';
import { until } from './wait.ts';

export interface LogLine {
  level: number;
  event?: string;
  msg: string;
  [name: string]: unknown;
}

/** A port that nobody uses now. */
export async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

export class GatewayProcess {
  readonly folder = mkdtempSync(join(tmpdir(), 'lvs-gateway-run-'));
  readonly file = join(this.folder, 'gateway.yaml');
  log: LogLine[] = [];
  stderr = '';
  #child: ChildProcess | null = null;
  #ended: Promise<number> = Promise.resolve(-1);

  write(text: string): void {
    writeFileSync(this.file, text);
  }

  start(...args: string[]): void {
    this.log = [];
    const program = join(projectRoot(), 'build/bin/gateway.mjs');
    const child = spawn(process.execPath, [program, this.file, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = `${rest}${text}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.log.push(JSON.parse(line) as LogLine);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.#ended = new Promise((resolve) => child.once('exit', (code) => resolve(code ?? -1)));
  }

  get running(): boolean {
    return this.#child !== null && this.#child.exitCode === null;
  }

  async until(event: string, count = 1): Promise<LogLine> {
    const found = (): LogLine[] => this.log.filter((line) => line.event === event);
    await until(`${event} in the log; there is ${JSON.stringify(this.log.slice(-5))} ${this.stderr}`, () => {
      return found().length >= count;
    });
    return found()[count - 1];
  }

  signal(name: NodeJS.Signals): void {
    this.#child?.kill(name);
  }

  async ended(): Promise<number> {
    return await this.#ended;
  }

  async end(): Promise<void> {
    if (this.running) this.signal('SIGKILL');
    await this.#ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
