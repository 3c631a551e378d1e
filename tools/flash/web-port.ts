/**
 * A serial port of Node.js in the shape of a browser's (Web Serial), which is what esptool-js takes: `getInfo`, `open`,
 * `close`, `readable`, `writable`, `setSignals`, and `setBaudRate` so that a new rate does not reopen the port, for that
 * can reset the board.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SerialBinding } from '../serial/binding.ts';
import type { SerialMachine } from '../serial/machine.ts';
import { closeSerial, isLineless, openSerial, type SerialStream, setLines } from '../serial/open.ts';
import type { SerialPortFound } from '../serial/ports.ts';

/** The port went away, or takes no more bytes. */
export class PortLost extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'PortLost';
  }
}

export interface WebPortOptions {
  binding: SerialBinding;
  machine: SerialMachine;
  path: string;
  found: SerialPortFound | undefined;
  onWarning: (text: string) => void;
}

interface Signals {
  dataTerminalReady?: boolean;
  requestToSend?: boolean;
  break?: boolean;
}

/** A write that the system does not take in this time meets a port that is stuck; esptool waits as long. */
const WRITE_TIMEOUT_MS = 10_000;

export class WebPort {
  readable: ReadableStream<Uint8Array> | null = null;
  writable: WritableStream<Uint8Array> | null = null;
  /** Follows the board when it comes back under another name. */
  path: string;
  /** Why the port cannot be used any more; undefined while it can. */
  lost: Error | undefined;
  /** Bytes that came from the board, whatever they were. */
  heard_bytes = 0;
  /** Whether DTR and RTS reach anything; a pseudo-terminal has none. */
  hasLines = true;

  private readonly options: WebPortOptions;
  private stream: SerialStream | undefined;
  private controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  private lines = { dtr: false, rts: false };
  private wake: () => void = () => undefined;

  constructor(options: WebPortOptions) {
    this.options = options;
    this.path = options.path;
  }

  getInfo(): { usbVendorId: number | undefined; usbProductId: number | undefined } {
    const { vendorId = '', productId = '' } = this.options.found ?? {};
    const number = (hex: string): number | undefined => (hex === '' ? undefined : Number.parseInt(hex, 16));
    return { usbVendorId: number(vendorId), usbProductId: number(productId) };
  }

  /** @throws Failure that says who holds the port, which right is missing, or which ports there are */
  async open({ baudRate }: { baudRate: number }): Promise<void> {
    const { binding, machine, onWarning } = this.options;
    const stream = await openSerial({ binding, machine, path: this.path, baudRate, onWarning });
    this.stream = stream;
    this.lost = undefined;
    this.readable = new ReadableStream({ start: (controller) => (this.controller = controller) });
    this.writable = new WritableStream({ write: async (chunk) => await this.send(chunk) });
    stream.on('data', (data: Uint8Array) => {
      this.heard_bytes += data.length;
      this.controller?.enqueue(data);
      this.wake();
    });
    stream.on('error', (error: Error) => this.end(new PortLost(error.message)));
    stream.on('close', (error: Error | null) => {
      if (error !== null) this.end(new PortLost('the port went away'));
    });
  }

  async close(): Promise<void> {
    const { stream } = this;
    this.stream = undefined;
    this.endReading();
    this.readable = null;
    this.writable = null;
    if (stream !== undefined) await closeSerial(stream);
  }

  /** From now on every read and write fails with this: the port is gone, or the user has had enough. */
  end(reason: Error): void {
    this.lost ??= reason;
    this.endReading();
    this.wake();
  }

  async setSignals({ dataTerminalReady, requestToSend, break: brk = false }: Signals): Promise<void> {
    if (this.lost !== undefined) throw this.lost;
    if (this.stream === undefined || !this.hasLines) return;
    // The system takes both lines at once, and whoever changes one means the other to stay.
    this.lines = { dtr: dataTerminalReady ?? this.lines.dtr, rts: requestToSend ?? this.lines.rts };
    try {
      await setLines(this.stream, { ...this.lines, brk });
    } catch (error) {
      if (!isLineless(error)) throw new PortLost(error instanceof Error ? error.message : String(error));
      this.hasLines = false;
      this.options.onWarning(
        `${this.path} has no DTR and RTS lines, so the board cannot be reset from here: ` +
          'it must be in its download mode already, and needs a reset by hand afterwards',
      );
    }
  }

  async setBaudRate(baudRate: number): Promise<void> {
    const { stream } = this;
    if (stream === undefined) throw new PortLost('the port is closed');
    await new Promise<void>((resolve, reject) => {
      stream.update({ baudRate }, (error) => (error === null ? resolve() : reject(error)));
    });
  }

  /** Waits until `there` holds, for at most so long; says whether it does. */
  async waitFor(there: () => boolean, timeout_ms: number): Promise<boolean> {
    const late = new AbortController();
    const timeout = sleep(timeout_ms, 'late', { signal: late.signal }).catch(() => 'late');
    try {
      for (;;) {
        const woken = new Promise<string>((resolve) => (this.wake = () => resolve('woken')));
        if (there()) return true;
        if (this.lost !== undefined) throw this.lost;
        if ((await Promise.race([woken, timeout])) === 'late') return there();
        // What has arrived is still on its way through the stream to the one who asks.
        await new Promise((resolve) => setImmediate(resolve));
      }
    } finally {
      late.abort();
    }
  }

  private endReading(): void {
    const { controller } = this;
    this.controller = undefined;
    controller?.close();
  }

  private async send(chunk: Uint8Array): Promise<void> {
    const { stream } = this;
    if (this.lost !== undefined) throw this.lost;
    if (stream === undefined) throw new PortLost('the port is closed');
    const late = new AbortController();
    const stuck = sleep(WRITE_TIMEOUT_MS, undefined, { signal: late.signal }).then(() => {
      throw new PortLost('the port takes no more bytes');
    });
    const written = new Promise<void>((resolve, reject) => {
      stream.write(Buffer.from(chunk), undefined, (error) =>
        error === null || error === undefined ? resolve() : reject(new PortLost(error.message)),
      );
    });
    try {
      await Promise.race([written, stuck]);
    } finally {
      late.abort();
      stuck.catch(() => undefined);
    }
  }
}
