/** A node on Node.js, as little of one as this test needs: the bundle, a UDP socket, a constant sensor. */
import { createSocket, type Socket } from 'node:dgram';
import { randomBytes } from 'node:crypto';
import type * as Firmware from '../../firmware/node.ts';

export interface UdpNodeOptions {
  firmware: typeof Firmware;
  settings: Firmware.Settings;
  /** Its input, Q16.16. */
  value: number;
  port: number;
  /** Ports of all nodes, its own among them. */
  ports: readonly number[];
}

const HOST = '127.0.0.1';
/** 127.0.0.1 as the number that stands for a sender. */
const SOURCE = 0x7f000001;

export class UdpNode {
  readonly #options: UdpNodeOptions;
  readonly #socket: Socket;
  readonly #node: Firmware.LvsNode;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: UdpNodeOptions) {
    this.#options = options;
    this.#socket = createSocket('udp4');
    this.#node = options.firmware.createNode(this.#platform(), options.settings);
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#socket.once('error', reject);
      this.#socket.bind(this.#options.port, HOST, resolve);
    });
    this.#socket.on('message', (bytes) => {
      this.#node.receive(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), bytes.length, SOURCE);
    });
    this.#node.start();
    this.#wait();
  }

  /** The agreed value, or NaN. */
  value(): number {
    const b = this.#node.parts.state.b[0];
    return b < 0 ? NaN : b / 65536;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#socket.close();
  }

  #wait(): void {
    this.#timer = setTimeout(() => {
      this.#node.wake();
      this.#wait();
    }, this.#node.untilDue());
  }

  #platform(): Firmware.Platform {
    const { value, port, ports } = this.#options;
    return {
      clock: { ticks_ms: () => performance.now() | 0, epoch_ms: () => Date.now() },
      datagrams: {
        send: (view, length) => {
          // The view is written again next cycle, and the socket sends later.
          const bytes = Buffer.from(new Uint8Array(view.buffer, view.byteOffset, length));
          for (const other of ports) if (other !== port) this.#socket.send(bytes, other, HOST);
          return true;
        },
      },
      medium: null,
      store: { read: () => 0, write: () => true },
      random: { word: () => randomBytes(4).readInt32BE() },
      sensors: { read: () => value },
      seal: null,
      vitals: { battery: () => -1, load: () => -1 },
      log: { event: () => undefined },
    };
  }
}
