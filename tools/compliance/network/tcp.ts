/**
 * TCP, for targets that listen there: a connection for each peer, a length of 16 bits before each datagram. Frames whose
 * length has its highest bit are for nodes that look for each other, and are skipped.
 */
import { connect, type Socket } from 'node:net';
import { Failure, systemReason } from '../../cli/errors.ts';
import { EXIT_NO_ANSWER } from '../exit-codes.ts';
import { DATAGRAM_MAX } from '../wire/format.ts';
import type { Channel, ChannelOptions } from './channel.ts';

const HEAD_BYTES = 2;
const CONTROL = 0x8000;
const CONNECT_MS = 5000;
const RECONNECT_MS = 200;

function readFrames(socket: Socket, onDatagram: (bytes: Buffer) => void): void {
  let rest: Buffer = Buffer.alloc(0);
  socket.on('data', (piece: Buffer) => {
    let bytes = Buffer.concat([rest, piece]);
    while (bytes.length >= HEAD_BYTES) {
      const word = bytes.readUInt16BE(0);
      const end = HEAD_BYTES + (word & ~CONTROL);
      if (bytes.length < end) break;
      if ((word & CONTROL) === 0) onDatagram(Buffer.from(bytes.subarray(HEAD_BYTES, end)));
      bytes = bytes.subarray(end);
    }
    rest = Buffer.from(bytes);
  });
}

class Line {
  #socket: Socket | null = null;
  #closed = false;
  #timer: NodeJS.Timeout | undefined;
  readonly #address: string;
  readonly #options: ChannelOptions;

  constructor(address: string, options: ChannelOptions) {
    this.#address = address;
    this.#options = options;
  }

  async open(): Promise<void> {
    const { target, onDatagram } = this.#options;
    const localAddress = this.#address === '0.0.0.0' ? undefined : this.#address;
    const socket = connect({ host: target.address, port: target.port, localAddress, noDelay: true });
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => socket.destroy(new Error('nobody answered')), CONNECT_MS);
      socket.once('error', reject).once('connect', () => {
        clearTimeout(timer);
        socket.off('error', reject);
        resolve();
      });
    });
    readFrames(socket, (bytes) => onDatagram(bytes, target));
    socket.on('error', () => undefined).on('close', () => this.#again());
    this.#socket = socket;
  }

  /** The target closed the connection: it was restarted, or did not like what it was sent. */
  #again(): void {
    this.#socket = null;
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      this.open().catch(() => this.#again());
    }, RECONNECT_MS);
  }

  send(bytes: Buffer): void {
    if (bytes.length === 0 || bytes.length > DATAGRAM_MAX || this.#socket?.writable !== true) return;
    const head = Buffer.alloc(HEAD_BYTES);
    head.writeUInt16BE(bytes.length);
    this.#socket.write(Buffer.concat([head, bytes]));
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#socket?.destroy();
  }
}

/** @throws Failure when the target does not take a connection */
export async function openTcp(options: ChannelOptions): Promise<Channel> {
  const { target, addresses } = options;
  const warnings: string[] = [];
  const lines: { address: string; line: Line }[] = [];
  for (const address of addresses) {
    const line = new Line(address, options);
    try {
      await line.open();
      lines.push({ address, line });
    } catch (error) {
      line.close();
      warnings.push(`no connection from ${address}: ${systemReason(error)}`);
    }
  }
  if (lines.length === 0)
    throw new Failure(`${target.address}:${target.port} takes no TCP connection; ${warnings[0] ?? ''}`, EXIT_NO_ANSWER);
  return {
    addresses: lines.map(({ address }) => address),
    warnings,
    send: (from, bytes) => lines[from].line.send(bytes),
    close: () => {
      for (const { line } of lines) line.close();
    },
  };
}
