/**
 * The lossy relay: a process between the nodes that drops datagrams at random, each on each link by itself, and passes the
 * others on. A node binds its peers to their addresses, so what the relay passes on has to come from the address of the
 * node that sent it: on 127.0.0.0/8 it can, from a port of its own beside the node's.
 */
import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { frameOf, FrameReader } from '../node-platform/tcp/frames.ts';
import type { Random } from '../world/random.ts';
import { nodeAddress } from './places.ts';

export interface RelayOptions {
  nodes: number;
  /** The nodes' port, and the relay's own. */
  port: number;
  relay_port: number;
  /** Share of the datagrams that is dropped on each link, 0 to 1. */
  loss: number;
  random: Random;
}

export interface RelayCounts {
  passed: number;
  dropped: number;
}

export interface Relay {
  readonly counts: RelayCounts;
  open(): Promise<void>;
  close(): void;
}

/** True when this one gets through. */
function passes({ loss, random }: RelayOptions, counts: RelayCounts): boolean {
  const through = random.uniform() >= loss;
  if (through) counts.passed++;
  else counts.dropped++;
  return through;
}

/** Each node sends to the relay's port at its own address; the socket there sends on, from that address, to the others. */
export class UdpRelay implements Relay {
  readonly counts: RelayCounts = { passed: 0, dropped: 0 };
  readonly #options: RelayOptions;
  readonly #sockets: DatagramSocket[] = [];

  constructor(options: RelayOptions) {
    this.#options = options;
  }

  async open(): Promise<void> {
    const { nodes, relay_port } = this.#options;
    for (let node = 0; node < nodes; node++) {
      const socket = createSocket({ type: 'udp4', lookup: (host, _family, done) => done(null, host, 4) });
      this.#sockets.push(socket);
      await new Promise<void>((resolve, reject) => {
        socket.once('error', reject);
        socket.bind(relay_port, nodeAddress(node), resolve);
      });
      // A node that is not up yet answers with "port unreachable": to a datagram that is lost, not to a fault.
      socket.removeAllListeners('error').on('error', () => undefined);
      socket.on('message', (bytes, { address }) => {
        if (address === nodeAddress(node)) this.#pass(node, bytes);
      });
    }
  }

  #pass(from: number, bytes: Buffer): void {
    const { nodes, port } = this.#options;
    for (let to = 0; to < nodes; to++) {
      if (to === from || !passes(this.#options, this.counts)) continue;
      this.#sockets[from].send(bytes, port, nodeAddress(to), () => undefined);
    }
  }

  close(): void {
    for (const socket of this.#sockets) socket.close();
  }
}

/** A node dials another one's address at the relay's port; the relay dials that one from the first one's address. */
export class TcpRelay implements Relay {
  readonly counts: RelayCounts = { passed: 0, dropped: 0 };
  readonly #options: RelayOptions;
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();

  constructor(options: RelayOptions) {
    this.#options = options;
  }

  async open(): Promise<void> {
    const { nodes, relay_port, port } = this.#options;
    for (let node = 0; node < nodes; node++) {
      const server = createServer((inside) => {
        const outside = connect({ host: nodeAddress(node), port, localAddress: inside.remoteAddress });
        this.#join(inside, outside);
        this.#join(outside, inside);
      });
      this.#servers.push(server);
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(relay_port, nodeAddress(node), resolve);
      });
    }
  }

  /** One way. Control frames stop here: they would tell the nodes how to reach each other without the relay. */
  #join(from: Socket, to: Socket): void {
    const reader = new FrameReader();
    this.#sockets.add(from);
    from.setNoDelay(true);
    from.on('data', (piece: Buffer) => {
      const fine = reader.push(piece, (bytes, control) => {
        if (!control && passes(this.#options, this.counts)) to.write(frameOf(bytes, 0));
      });
      if (!fine) from.destroy();
    });
    from.on('error', () => undefined);
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
  }

  close(): void {
    for (const server of this.#servers) server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}
