/** One TCP connection to another node: frames in, frames out, and a queue that forgets the oldest when it is full. */
import type { Socket } from 'node:net';
import { endpointName, hostGroup, plainAddress, sourceOf, type Endpoint } from '../address.ts';
import { FrameReader, type OnFrame } from './frames.ts';

/** A datagram that waited this many cycles is old news: the newest one of a sender says everything. */
const QUEUE_FRAMES = 16;
/** Finds a computer that has vanished without a word, where nothing is sent that would find it. */
const KEEP_ALIVE_MS = 15_000;

export interface ConnectionOptions {
  socket: Socket;
  /** Where it was dialed; null for one that came in. */
  dialed: Endpoint | null;
  onFrame: (from: Connection, bytes: Buffer, control: boolean) => void;
  onClose: (gone: Connection, why: string) => void;
}

export class Connection {
  readonly address: string;
  /** Several addresses may be one host's. */
  readonly host: string;
  readonly local_address: string;
  readonly source: number;
  readonly dialed: Endpoint | null;
  readonly opened_ms = performance.now();
  heard_ms = performance.now();
  /** True once the node took a datagram from it: only a member can send one in a swarm with a key. */
  member = false;
  /** Members were told of it. */
  announced = false;
  /** Where it can be dialed, as far as known. */
  listening: Endpoint | null;
  /** What it said of others before it was known as a member. */
  hearsay: Endpoint[] = [];
  dropped = 0;
  sent_bytes = 0;
  readonly #socket: Socket;
  readonly #reader = new FrameReader();
  readonly #queue: Buffer[] = [];
  #why = 'closed by the other side';

  constructor({ socket, dialed, onFrame, onClose }: ConnectionOptions) {
    this.#socket = socket;
    this.dialed = dialed;
    this.address = plainAddress(socket.remoteAddress ?? '');
    this.host = hostGroup(this.address);
    this.local_address = plainAddress(socket.localAddress ?? '');
    this.source = sourceOf(this.address);
    this.listening = dialed === null ? null : { host: this.address, port: dialed.port };
    const take: OnFrame = (bytes, control) => onFrame(this, bytes, control);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    socket.on('data', (piece: Buffer) => {
      this.heard_ms = performance.now();
      if (!this.#reader.push(piece, take)) this.close('what came was no frame');
    });
    socket.on('drain', () => this.#drain());
    socket.on('error', (error) => (this.#why = error.message));
    socket.on('close', () => onClose(this, this.#why));
  }

  get name(): string {
    return this.listening === null ? this.address : endpointName(this.listening);
  }

  send(frame: Buffer): void {
    if (!this.#socket.writable) return;
    if (!this.#socket.writableNeedDrain) {
      this.#write(frame);
      return;
    }
    if (this.#queue.length === QUEUE_FRAMES) {
      this.#queue.shift();
      this.dropped++;
    }
    this.#queue.push(frame);
  }

  #write(frame: Buffer): void {
    this.sent_bytes += frame.length;
    this.#socket.write(frame);
  }

  #drain(): void {
    while (!this.#socket.writableNeedDrain) {
      const frame = this.#queue.shift();
      if (frame === undefined) return;
      this.#write(frame);
    }
  }

  close(why: string): void {
    this.#why = why;
    this.#socket.destroy();
  }

  /** Lets what was written leave first. */
  async end(wait_ms: number): Promise<void> {
    if (this.#socket.destroyed) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => this.#socket.destroy(), wait_ms);
      this.#socket.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
      this.#why = 'this node ends';
      this.#socket.end();
    });
  }
}
