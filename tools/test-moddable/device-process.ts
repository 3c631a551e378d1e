/** The device's main on this computer: a process with a folder of its own, told its settings as a board is by NVS. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface DeviceProcessOptions {
  /** The program and the library that it is started with. */
  command: readonly [string, string];
  folder: string;
  settings: Readonly<Record<string, string | number>>;
}

const PREFERENCES = 'modpreferences.json';

export class DeviceProcess {
  readonly lines: string[] = [];
  readonly #options: DeviceProcessOptions;
  #child: ChildProcess | undefined;
  #ended = false;

  constructor(options: DeviceProcessOptions) {
    this.#options = options;
    mkdirSync(options.folder, { recursive: true });
    writeFileSync(join(options.folder, PREFERENCES), JSON.stringify({ lvs: options.settings }));
  }

  start(): void {
    const { command, folder } = this.#options;
    this.#ended = false;
    this.#child = spawn(command[0], [command[1]], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream !== null) createInterface(stream).on('line', (line) => this.lines.push(line));
    }
    this.#child.on('close', () => (this.#ended = true));
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** As a power cut: at once, and nothing is saved. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || this.#ended) return;
    await new Promise<void>((resolve) => {
      child.once('close', () => resolve());
      child.kill('SIGKILL');
    });
  }

  /** The agreed value in its newest status line, or NaN. */
  value(key: string): number {
    const line = this.lines.findLast((one) => one.startsWith('lvs I status '));
    const text = line?.split(' ').find((word) => word.startsWith(`${key}=`));
    return Number(text?.slice(key.length + 1) ?? NaN);
  }

  says(name: string): boolean {
    return this.lines.some((line) => line.startsWith(`lvs I ${name}`));
  }

  /** True when the state was stored at least once. */
  hasStored(): boolean {
    return readFileSync(join(this.#options.folder, PREFERENCES), 'utf8').includes('"lvs-state"');
  }
}
