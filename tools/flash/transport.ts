/**
 * esptool-js's transport, with what a program needs of it: nothing on the console, an answer as soon as it is there
 * instead of a look each millisecond, an end when the port goes away, and a trace for a bug report.
 */
import { Transport } from 'esptool-js';
import type { WebPort } from './web-port.ts';

/** A packet that has begun ends within this time: 4 KB take 0.4 s at 115,200 baud. */
const PACKET_TIMEOUT_MS = 3000;

export interface TransportOptions {
  port: WebPort;
  /** Stretches or shrinks every wait for an answer; 1 but in tests. */
  patience: number;
  /** Takes each line of the trace; undefined for none. */
  trace: ((line: string) => void) | undefined;
}

export class BoardTransport extends Transport {
  readonly port: WebPort;
  private readonly patience: number;
  private readonly traceTo: ((line: string) => void) | undefined;

  constructor({ port, patience, trace }: TransportOptions) {
    super(port, trace !== undefined);
    this.port = port;
    this.patience = patience;
    this.traceTo = trace;
  }

  override trace(message: string): void {
    this.traceTo?.(message);
  }

  override async read(timeout_ms: number): Promise<Uint8Array> {
    const there = await this.port.waitFor(() => this.inWaiting() > 0, timeout_ms * this.patience);
    return await super.read(there ? Math.min(timeout_ms, PACKET_TIMEOUT_MS) * this.patience : 0);
  }

  override async write(data: Uint8Array): Promise<void> {
    if (this.port.lost !== undefined) throw this.port.lost;
    await super.write(data);
  }

  override async drainInput(quiet_ms = 100, max_ms = 400): Promise<void> {
    await super.drainInput(quiet_ms * this.patience, max_ms * this.patience);
  }

  /** The library waits for its own locks, which a failed write never gives back. */
  override async disconnect(): Promise<void> {
    await this.port.close();
  }
}
