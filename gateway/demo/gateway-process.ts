/** A gateway of the demo, in a process of its own, which writes its log beside its configuration. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

export interface GatewayProcessOptions {
  program: string;
  folder: string;
  /** Configuration, inside the folder. */
  file: string;
  /** Called when it ends though nobody asked it to, with the last line that it wrote. */
  onGone: (why: string) => void;
}

/** A gateway saves its state and takes leave in a fraction of that. */
const STOP_MS = 8000;

export class GatewayProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #kill: () => void;
  #stopping = false;

  constructor({ program, folder, file, onGone }: GatewayProcessOptions) {
    const log_file = join(folder, `${file}.log`);
    const log = openSync(log_file, 'a');
    // The channel tells it when this process is gone.
    const stdio: ['ignore', number, number, 'ipc'] = ['ignore', log, log, 'ipc'];
    const child = spawn(process.execPath, [program, join(folder, file)], { cwd: folder, stdio });
    closeSync(log);
    this.#child = child;
    this.#kill = () => child.kill('SIGKILL');
    process.once('exit', this.#kill);
    this.#ended = new Promise((resolve) => {
      const end = (why: string): void => {
        resolve();
        if (!this.#stopping) onGone(why);
      };
      child.once('error', (error) => end(error.message));
      child.once('exit', (code, signal) => {
        const last = readFileSync(log_file, 'utf8').trimEnd().split('\n').at(-1) ?? '';
        end(`it ended with ${signal ?? `code ${code ?? -1}`}; its last line: ${last}`);
      });
    });
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#child.connected) this.#child.disconnect();
    const late = setTimeout(this.#kill, STOP_MS);
    await this.#ended;
    clearTimeout(late);
    process.off('exit', this.#kill);
  }
}
