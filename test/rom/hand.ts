/** The serial protocol by hand: one command, its answers, and nothing that a client would smooth over. */
import type { BindingPortInterface } from '@serialport/bindings-interface' with { 'resolution-mode': 'require' };
import { setTimeout as sleep } from 'node:timers/promises';
import { Board } from './board.ts';
import type { BoardOptions } from './board.ts';
import { romBinding } from './binding.ts';
import { checksumOf, COMMAND } from './packets.ts';
import { slipFrame, SlipReader } from './slip.ts';

export interface Reply {
  command: number;
  value: number;
  /** With the status bytes. */
  body: Buffer;
}

/** Longer than the model takes to hand over what it has. */
const TURNS = 4;

export class Hand {
  readonly board: Board;
  readonly port: BindingPortInterface;
  /** All that has come, framing and text and all, since `text` was taken. */
  private raw = '';
  private packets: Buffer[] = [];
  private readonly slip = new SlipReader();

  private constructor(board: Board, port: BindingPortInterface) {
    this.board = board;
    this.port = port;
    void this.readOn();
  }

  /** A board in its loader, its port open. */
  static async on(options: BoardOptions, baudRate = 115200): Promise<Hand> {
    const board = new Board({ startsInDownloadMode: true, ...options });
    const port = await romBinding([board]).open({ path: board.path, baudRate });
    return new Hand(board, port);
  }

  async send(bytes: Uint8Array): Promise<void> {
    await this.port.write(Buffer.from(bytes));
    await turns();
  }

  /** @returns all packets that have come since the last call */
  async command(command: number, data: Uint8Array = Buffer.alloc(0), checksum = 0): Promise<Reply[]> {
    await this.send(slipFrame(request(command, data, checksum)));
    // OHAI is shorter than any answer.
    const answers = this.takePackets().filter(({ length }) => length >= 8);
    return answers.map((packet) => ({
      command: packet[1],
      value: packet.readUInt32LE(4),
      body: packet.subarray(8),
    }));
  }

  /** One of the commands with data: length, number, two zeros, and what is to be written. */
  data(command: number, block: number, body: Uint8Array, checksum = checksumOf(body)): Promise<Reply[]> {
    return this.command(command, Buffer.concat([words(body.length, block, 0, 0), body]), checksum);
  }

  sync(): Promise<Reply[]> {
    return this.command(COMMAND.SYNC, Buffer.from([7, 7, 0x12, 0x20, ...Array.from({ length: 32 }, () => 0x55)]));
  }

  /** Loads something to RAM that the model takes for the stub. */
  async startStub(): Promise<void> {
    const address = this.board.chip.ram[this.board.chip.ram.length - 1][0];
    await this.command(COMMAND.MEM_BEGIN, words(64, 1, 64, address));
    await this.data(COMMAND.MEM_DATA, 0, Buffer.alloc(64, 0x11));
    await this.command(COMMAND.MEM_END, words(0, address));
  }

  attach(): Promise<Reply[]> {
    return this.command(COMMAND.SPI_ATTACH, Buffer.alloc(8));
  }

  takePackets(): Buffer[] {
    const { packets } = this;
    this.packets = [];
    return packets;
  }

  /** What has come since the last call, as text. */
  async text(wait_ms = 0): Promise<string> {
    if (wait_ms > 0) await sleep(wait_ms);
    await turns();
    const { raw } = this;
    this.raw = '';
    return raw;
  }

  private async readOn(): Promise<void> {
    const buffer = Buffer.alloc(65536);
    try {
      for (;;) {
        const { bytesRead } = await this.port.read(buffer, 0, buffer.length);
        this.raw += buffer.toString('latin1', 0, bytesRead);
        this.slip.read(buffer.subarray(0, bytesRead), (packet) => this.packets.push(packet));
      }
    } catch {
      // Closed or gone: there is nothing more to read.
    }
  }
}

export function request(command: number, data: Uint8Array, checksum = 0): Buffer {
  const head = Buffer.alloc(8);
  head[1] = command;
  head.writeUInt16LE(data.length, 2);
  head.writeUInt32LE(checksum, 4);
  return Buffer.concat([head, data]);
}

export async function turns(): Promise<void> {
  for (let i = 0; i < TURNS; i++) await new Promise((resolve) => setImmediate(resolve));
}

export function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => bytes.writeUInt32LE(value >>> 0, i * 4));
  return bytes;
}
