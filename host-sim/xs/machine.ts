/**
 * A process that runs one XS machine: `@agoric/xsnap`'s worker, spoken to in its own protocol (netstrings; a letter for what
 * to do, then its argument). The package's JavaScript side is left alone: it answers through promises, and loading it
 * freezes every built-in of the process that does.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../../tools/cli/errors.ts';
import { Pipes } from './pipes.ts';
import { xsWorkerPath } from './worker-path.ts';

/** What the machine tells with each answer. */
export interface Usage {
  /** Bytecode steps that the order took. */
  steps: number;
  /** Slots in use, live or not yet collected. */
  slots: number;
}

const ORDER_EVALUATE = 'e';
const ORDER_MODULE = 'm';
const ORDER_SNAPSHOT = 'w';
const ORDER_COMMAND = '?';
const ANSWER_OK = 0x2e;
/** Between what the machine tells of itself and the answer. */
const METER_END = 1;
const COLON = 0x3a;
const LENGTH_DIGITS_MAX = 9;
const INPUT_BYTES_START = 1 << 16;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class XsMachine {
  private readonly folder: string;
  private readonly pipes: Pipes;
  private readonly child: ChildProcess;
  private input = new Uint8Array(INPUT_BYTES_START);
  private filled = 0;
  private meter = new Uint8Array(0);

  constructor() {
    const worker = xsWorkerPath();
    this.folder = mkdtempSync(join(tmpdir(), 'lvs-xs-'));
    this.pipes = new Pipes(this.folder);
    const { childReads, childWrites } = this.pipes;
    // Detached, or Ctrl-C would end the worker under a world that wants to finish its cycle; it ends with its pipe.
    this.child = spawn(worker, ['lvs'], { stdio: ['ignore', 2, 2, childReads, childWrites], detached: true });
    this.pipes.letGoOfChildEnds();
    if (this.child.pid === undefined) {
      this.child.on('error', () => undefined);
      this.close();
      throw new Failure(`the XS engine cannot be started (${worker}); "npm rebuild @agoric/xsnap" builds it anew`);
    }
    this.child.unref();
  }

  /** Puts a file where the machine can read it, and tells its path. */
  put(name: string, text: string): string {
    mkdirSync(this.folder, { recursive: true });
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }

  /** Forgets all files: what the machine has read it holds itself, and nobody tidies up after a process that just ends. */
  forgetFiles(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Loads an ES module by its path. What it throws is not told: whoever loads one looks whether it did its work. */
  importModule(path: string): void {
    this.exchange(ORDER_MODULE, encoder.encode(path));
  }

  /** Hands the bytes to the machine's `handleCommand` and gives what it returns; valid until the next order. */
  command(bytes: Uint8Array): DataView {
    const answer = this.exchange(ORDER_COMMAND, bytes);
    return new DataView(answer.buffer, answer.byteOffset, answer.byteLength);
  }

  /** The value of an expression, through JSON. */
  evaluate(expression: string): unknown {
    const program = `new TextEncoder().encode(JSON.stringify({ value: ${expression} })).buffer`;
    const answer = decoder.decode(this.exchange(ORDER_EVALUATE, encoder.encode(program)));
    return (JSON.parse(answer) as { value?: unknown }).value;
  }

  /** Writes the machine's whole heap to a file and gives the path. */
  snapshot(name: string): string {
    const path = this.put(name, '');
    this.exchange(ORDER_SNAPSHOT, encoder.encode(path));
    return path;
  }

  /** What the last order took. */
  usage(): Usage {
    const { compute, currentHeapCount } = JSON.parse(decoder.decode(this.meter)) as Record<string, number>;
    return { steps: compute, slots: currentHeapCount };
  }

  close(): void {
    this.pipes.close();
    this.child.kill();
    this.forgetFiles();
  }

  private exchange(order: string, argument: Uint8Array): Uint8Array {
    this.send(order, argument);
    const answer = this.receive();
    if (answer[0] !== ANSWER_OK) throw new Error(`XS: ${decoder.decode(answer.subarray(1))}`);
    const end = answer.indexOf(METER_END);
    this.meter = answer.slice(1, end);
    return answer.subarray(end + 1);
  }

  private send(order: string, argument: Uint8Array): void {
    const head = encoder.encode(`${argument.length + order.length}:${order}`);
    const bytes = new Uint8Array(head.length + argument.length + 1);
    bytes.set(head);
    bytes.set(argument, head.length);
    bytes[bytes.length - 1] = 0x2c;
    this.pipes.write(bytes);
  }

  private receive(): Uint8Array {
    this.filled = 0;
    let colon = -1;
    while (colon < 0) {
      this.fill();
      colon = this.input.subarray(0, Math.min(this.filled, LENGTH_DIGITS_MAX + 1)).indexOf(COLON);
    }
    const length = Number(decoder.decode(this.input.subarray(0, colon)));
    const end = colon + 1 + length;
    if (end + 1 > this.input.length) this.grow(end + 1);
    while (this.filled < end + 1) this.fill();
    return this.input.subarray(colon + 1, end);
  }

  private fill(): void {
    const read = this.pipes.read(this.input, this.filled);
    if (read === 0) throw new Error('the XS engine ended without an answer');
    this.filled += read;
  }

  private grow(bytes: number): void {
    const larger = new Uint8Array(2 * bytes);
    larger.set(this.input);
    this.input = larger;
  }
}
