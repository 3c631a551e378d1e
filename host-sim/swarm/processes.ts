/** The swarm's processes: started together, heard line by line, and ended to the last one. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { Failure } from '../../tools/cli/errors.ts';

/** Time to save and to take leave; then it is killed. */
const LEAVE_MS = 5000;
/** The end of what a process says on stderr, for the error. */
const SAID_MAX = 2000;

/** Programs stand beside each other in build/bin/. */
export function programPath(name: string): string {
  return fileURLToPath(new URL(`${name}.mjs`, import.meta.url));
}

export type OnLine = (value: Readonly<Record<string, unknown>>) => void;

export interface ProcessOptions {
  /** The file of the program. */
  program: string;
  args: readonly string[];
  onLine: OnLine;
  /** It ended without having been asked to. */
  onEnd: (code: number, said: string) => void;
}

function readLine(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}

export class SwarmProcess {
  readonly #child: ChildProcess;
  readonly #gone: Promise<NodeJS.Signals | null>;
  #ending = false;

  constructor({ program, args, onLine, onEnd }: ProcessOptions) {
    // Its standard input is ours to hold open: when this process dies, however that may be, it closes, and the relay ends;
    // a node ends when nobody reads its events any more.
    const child = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child = child;
    let said = '';
    createInterface({ input: child.stdout }).on('line', (line) => {
      const value = readLine(line);
      if (value !== null) onLine(value);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-SAID_MAX)));
    child.stdin.on('error', () => undefined);
    this.#gone = new Promise((resolve) => {
      child.once('error', (error) => {
        onEnd(-1, error.message);
        resolve(null);
      });
      child.once('close', (code, signal) => {
        if (!this.#ending) onEnd(code ?? -1, said.trim());
        resolve(signal);
      });
    });
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  /** Asks it to leave, and kills it when it has not within the time. Returns the signal that ended it; null when it left. */
  async end(leave_ms = LEAVE_MS): Promise<NodeJS.Signals | null> {
    this.#ending = true;
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), leave_ms);
    const signal = await this.#gone;
    clearTimeout(timer);
    return signal;
  }
}

/** The line that belongs to the user, of what a program said before it gave up. */
export function endOf(name: string, code: number, said: string): Failure {
  const last = said.split('\n').at(-1) ?? '';
  return new Failure(`${name} ended with code ${code}${last === '' ? '' : `: ${last}`}`);
}
