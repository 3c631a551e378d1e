/** Compiles pty.c once, and speaks its frames. */
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { errorCode, Failure } from '../../tools/cli/errors.ts';
import { projectRoot } from '../../tools/cli/project-root.ts';

export interface PtyEvents {
  opened: () => void;
  closed: () => void;
  baud: (baud: number) => void;
  data: (bytes: Buffer) => void;
}

const HEAD_BYTES = 5;

/** @returns the path of the program, compiled now if it is not, or older than its source */
function compiled(): string {
  const folder = join(projectRoot(), 'build', 'rom');
  const program = join(folder, 'pty');
  const source = join(projectRoot(), 'test', 'rom', 'pty.c');
  if (existsSync(program) && statSync(program).mtimeMs >= statSync(source).mtimeMs) return program;
  mkdirSync(folder, { recursive: true });
  // Tests run side by side: each compiles its own, and the last one to be ready stays.
  const own = `${program}.${process.pid}.tmp`;
  try {
    execFileSync('gcc', ['-O1', '-Wall', '-o', own, source], { stdio: ['ignore', 'inherit', 'inherit'] });
  } catch (error) {
    const why = errorCode(error) === 'ENOENT' ? 'there is no gcc; apt-get install gcc' : 'gcc has said why';
    throw new Failure(`${source} does not compile: ${why}`);
  }
  renameSync(own, program);
  return program;
}

export class PtyHelper {
  /** Settles with the path of the terminal. */
  readonly path: Promise<string>;
  private readonly child: ChildProcessByStdio<Writable, Readable, null>;
  private readonly events: PtyEvents;
  private buffered = Buffer.alloc(0);
  private hasPath: (path: string) => void = () => undefined;

  constructor(events: PtyEvents) {
    this.events = events;
    this.child = spawn(compiled(), { stdio: ['pipe', 'pipe', 'inherit'] });
    // Gone while we write: its end is what tells.
    this.child.stdin.on('error', () => undefined);
    this.path = new Promise((resolve, reject) => {
      this.hasPath = resolve;
      this.child.once('error', reject);
      this.child.once('exit', (code) => reject(new Error(`no pseudo-terminal: the helper ended with ${code}`)));
    });
    // Whoever does not await the path is told by what awaits it.
    this.path.catch(() => undefined);
    this.child.stdout.on('data', (bytes: Buffer) => this.take(bytes));
  }

  write(bytes: Buffer): void {
    this.child.stdin.write(bytes);
  }

  /** The terminal is gone; a program that has it open is told that it hung up. */
  async close(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.stdin.end();
    await ended;
  }

  private take(bytes: Buffer): void {
    this.buffered = Buffer.concat([this.buffered, bytes]);
    while (this.buffered.length >= HEAD_BYTES) {
      const end = HEAD_BYTES + this.buffered.readUInt32BE(1);
      if (this.buffered.length < end) return;
      this.handle(String.fromCharCode(this.buffered[0]), Buffer.from(this.buffered.subarray(HEAD_BYTES, end)));
      this.buffered = this.buffered.subarray(end);
    }
  }

  private handle(kind: string, body: Buffer): void {
    if (kind === 'P') this.hasPath(body.toString());
    else if (kind === 'O') this.events.opened();
    else if (kind === 'C') this.events.closed();
    else if (kind === 'B') this.events.baud(body.readUInt32BE(0));
    else this.events.data(body);
  }
}
