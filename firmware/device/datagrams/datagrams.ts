/** The datagram port on UDP: each datagram goes to every target, which is one for broadcast and multicast. */

import type { DatagramPort } from '../../platform.ts';
import { sourceOf, type Target } from './address.ts';
import type { DatagramSocket, DatagramSocketOptions } from './socket.ts';

/**
 * Datagrams taken in at one go. What waits beyond them is read, because the stack keeps it in memory until then, and
 * thrown away: a cycle's share of a full table is 4 times 64.
 */
const READ_MAX = 256;

export interface DatagramsOptions {
  open: (options: DatagramSocketOptions) => DatagramSocket;
  port: number;
  group: string;
  targets: readonly Target[];
  onDatagram: (view: DataView, length: number, source: number) => void;
}

export class Datagrams implements DatagramPort {
  readonly #options: DatagramsOptions;
  #socket: DatagramSocket | null = null;
  /** The bytes that were sent last: the node sends the same view each time, and mostly the same length. */
  #bytes: Uint8Array = new Uint8Array(0);

  constructor(options: DatagramsOptions) {
    this.#options = options;
  }

  /** The link is up: sockets work from now on. */
  open(): void {
    this.close();
    const { open, port, group } = this.#options;
    this.#socket = open({ port, group, onReadable: (count) => this.#read(count) });
  }

  close(): void {
    this.#socket?.close();
    this.#socket = null;
  }

  send(view: DataView, length: number): boolean {
    if (this.#socket === null) return false;
    if (this.#bytes.buffer !== view.buffer || this.#bytes.length !== length) {
      this.#bytes = new Uint8Array(view.buffer, view.byteOffset, length);
    }
    let taken = true;
    for (const { address, port } of this.#options.targets) {
      try {
        this.#socket.write(this.#bytes, address, port);
      } catch {
        taken = false;
      }
    }
    return taken;
  }

  #read(count: number): void {
    for (let i = 0; i < count && this.#socket !== null; i++) {
      const datagram = this.#socket.read();
      if (datagram === undefined) return;
      if (i >= READ_MAX) continue;
      this.#options.onDatagram(new DataView(datagram), datagram.byteLength, sourceOf(datagram.address));
    }
  }
}
