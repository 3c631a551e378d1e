/**
 * Datagrams over TCP, for networks that drop what is sent to everyone: a connection to each other node, and each
 * datagram to all of them. One peer is enough to begin with: members tell each other where the others listen.
 */
import { connect, createServer, isIP, type Server, type Socket } from 'node:net';
import { errorCode, systemReason } from '../../../tools/cli/errors.ts';
import { EXIT_FAILURE } from '../../../tools/cli/exit-codes.ts';
import { endpointName, hostGroup, isLoopback, type Endpoint } from '../address.ts';
import { noFacts, type Carrier, type CarrierFacts, type CarrierOptions } from '../carrier.ts';
import { EXIT_NO_INTERFACE, EXIT_PORT_IN_USE, NodeFailure } from '../failure.ts';
import { checkInterface, chooseAddresses, NetworkWatch } from '../interfaces.ts';
import { AddressBook, type Target } from './book.ts';
import { Connection } from './connection.ts';
import { helloBytes } from './control.ts';
import { CONTROL, frameOf } from './frames.ts';
import { Mesh } from './mesh.ts';

export interface TcpOptions extends CarrierOptions {
  peers: readonly Endpoint[];
  /** False for a node that only dials. */
  listen: boolean;
  cycle_ms: number;
  /** From 0 up to 1. */
  random: () => number;
}

const SWEEP_MS = 250;
const CONNECT_MS = 10_000;
const CONNECTIONS_MAX = 256;
/** From one host: several nodes may share it, a flood may not fill the table. */
const PER_HOST_MAX = 32;
/** Who has not shown yet that it is a member. Members keep the rest of the table. */
const STRANGERS_MAX = 64;
/** Silence after which a connection is given up, in cycles: in low power a node sends one in eight. */
const SILENT_CYCLES = 24;
const SILENT_MIN_MS = 20_000;
const END_MS = 500;

export class TcpCarrier implements Carrier {
  readonly #options: TcpOptions;
  readonly #book: AddressBook;
  readonly #watch: NetworkWatch;
  readonly #facts: CarrierFacts = noFacts();
  readonly #connections = new Set<Connection>();
  readonly #mesh: Mesh;
  readonly #dialing = new Set<Socket>();
  #server: Server | null = null;
  #sweeper: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: TcpOptions) {
    this.#options = options;
    this.#book = new AddressBook(options.peers, options.random);
    this.#mesh = new Mesh({
      connections: this.#connections,
      port: options.port,
      isOwn: (endpoint) => this.#isOwn(endpoint),
      learn: (endpoint) => this.#book.learn(endpoint, performance.now()),
    });
    const family = isIP(options.iface) === 6 ? 'IPv6' : 'IPv4';
    this.#watch = new NetworkWatch({
      list: options.list,
      choose: (all) => chooseAddresses(all, options.iface, family),
      onChange: () => void this.#readdress(),
    });
  }

  async open(): Promise<void> {
    const { iface, list, onEvent } = this.#options;
    checkInterface(iface, list());
    this.#watch.start();
    if (iface !== '' && this.#watch.chosen.length === 0) {
      onEvent({ name: 'network-down', detail: `${iface} has no address yet` });
    } else {
      await this.#listen();
    }
    this.#sweeper = setInterval(() => this.#sweep(), SWEEP_MS);
    this.#sweep();
  }

  /** The chosen interface's address; undefined for all. */
  #localAddress(): string | undefined {
    return this.#options.iface === '' ? undefined : this.#watch.chosen.at(0)?.address;
  }

  async #listen(): Promise<void> {
    const { listen, port } = this.#options;
    if (!listen) return;
    const host = this.#localAddress();
    const server = createServer((socket) => this.#accept(socket));
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => reject(refusal(error, host, port)));
      server.listen({ port, host, exclusive: true }, resolve);
    });
    // What goes wrong with one who knocks does not end the server.
    server.on('error', () => this.#facts.send_errors++);
    if (this.#closed) server.close();
    else this.#server = server;
  }

  /** Connections of an address that is gone are gone, though nobody says so; a server bound to it is too. */
  async #readdress(): Promise<void> {
    const { list, iface, onEvent } = this.#options;
    const here = new Set(list().map(({ address }) => address));
    for (const connection of this.#connections) {
      const { local_address } = connection;
      if (!here.has(local_address) && !isLoopback(local_address)) connection.close('this computer lost the address');
    }
    const { chosen } = this.#watch;
    const detail = chosen.map(({ address }) => address).join(', ');
    onEvent(chosen.length === 0 ? { name: 'network-down', detail: iface } : { name: 'network-changed', detail });
    if (iface === '' || chosen.length === 0) return;
    this.#server?.close();
    this.#server = null;
    try {
      await this.#listen();
    } catch (error) {
      if (!(error instanceof NodeFailure)) throw error;
      onEvent({ name: 'port-lost', detail: error.message });
    }
  }

  #accept(socket: Socket): void {
    const host = hostGroup(socket.remoteAddress ?? '');
    const same = [...this.#connections].filter((connection) => connection.host === host).length;
    if (this.#connections.size >= CONNECTIONS_MAX || same >= PER_HOST_MAX) {
      socket.on('error', () => undefined).destroy();
      return;
    }
    const strangers = [...this.#connections].filter(({ member, dialed }) => !member && dialed === null);
    if (strangers.length >= STRANGERS_MAX) oldestOfMost(strangers).close('too many strangers knock');
    this.#begin(socket, null);
  }

  #begin(socket: Socket, dialed: Endpoint | null): void {
    const connection = new Connection({
      socket,
      dialed,
      onFrame: (from, bytes, control) => this.#take(from, bytes, control),
      onClose: (gone, why) => this.#ended(gone, why),
    });
    this.#connections.add(connection);
    connection.send(frameOf(helloBytes(this.#options.listen ? this.#options.port : 0), CONTROL));
  }

  #ended(gone: Connection, why: string): void {
    this.#connections.delete(gone);
    this.#facts.queue_drops += gone.dropped;
    this.#facts.sent_bytes += gone.sent_bytes;
    if (gone.dialed !== null) this.#book.failed(gone.dialed, performance.now());
    if (gone.member) this.#options.onEvent({ name: 'disconnected', detail: `${gone.name}: ${why}` });
  }

  #take(from: Connection, bytes: Buffer, control: boolean): void {
    if (control) {
      this.#mesh.take(from, bytes);
      return;
    }
    this.#facts.received++;
    this.#facts.received_bytes += bytes.length;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const taken = this.#options.take(view, bytes.length, from.source) === 0;
    if (!taken || from.member) return;
    from.member = true;
    if (from.dialed !== null) this.#book.worked(from.dialed);
    this.#options.onEvent({ name: 'connected', detail: from.name });
    this.#mesh.welcome(from);
  }

  #isOwn({ host, port }: Endpoint): boolean {
    const { list, listen } = this.#options;
    if (!listen || port !== this.#options.port) return false;
    const local = this.#localAddress();
    if (local !== undefined) return host === local;
    return isLoopback(host) || list().some(({ address }) => address === host);
  }

  #sweep(): void {
    const now_ms = performance.now();
    const silent_ms = Math.max(SILENT_MIN_MS, SILENT_CYCLES * this.#options.cycle_ms);
    const reached = new Set<string>();
    for (const connection of this.#connections) {
      if (now_ms - connection.heard_ms > silent_ms) connection.close('it fell silent');
      else if (!connection.member && now_ms - connection.opened_ms > silent_ms) connection.close('it is no member');
      if (connection.member) reached.add(connection.name);
      if (connection.dialed !== null) reached.add(endpointName(connection.dialed));
    }
    if (this.#options.iface !== '' && this.#watch.chosen.length === 0) return;
    for (const target of this.#book.due(now_ms)) {
      if (reached.has(endpointName(target.endpoint)) || this.#isOwn(target.endpoint)) continue;
      if (this.#connections.size + this.#dialing.size < CONNECTIONS_MAX) this.#dial(target);
    }
  }

  #dial(target: Target): void {
    const { endpoint } = target;
    target.dialing = true;
    const socket = connect({ ...endpoint, localAddress: this.#localAddress() });
    this.#dialing.add(socket);
    const failed = (): void => {
      socket.destroy();
      this.#dialing.delete(socket);
      this.#book.failed(endpoint, performance.now());
    };
    socket.once('error', failed).setTimeout(CONNECT_MS, failed);
    socket.once('connect', () => {
      this.#dialing.delete(socket);
      socket.off('error', failed).setTimeout(0);
      socket.removeAllListeners('timeout');
      target.dialing = false;
      this.#begin(socket, endpoint);
    });
  }

  /** That nobody is connected yet is no failure: over UDP nobody may be listening either. */
  send(view: DataView, length: number): boolean {
    const frame = frameOf(new Uint8Array(view.buffer, view.byteOffset, length), 0);
    for (const connection of this.#connections) connection.send(frame);
    return true;
  }

  facts(): CarrierFacts {
    const open = [...this.#connections];
    const sum = (of: (connection: Connection) => number): number => open.reduce((all, one) => all + of(one), 0);
    return {
      ...this.#facts,
      addresses: this.#watch.chosen.map(({ address }) => address),
      targets: this.#book.names(),
      connections: open.filter(({ member }) => member).length,
      queue_drops: this.#facts.queue_drops + sum(({ dropped }) => dropped),
      sent_bytes: this.#facts.sent_bytes + sum(({ sent_bytes }) => sent_bytes),
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#sweeper);
    this.#watch.stop();
    this.#server?.close();
    for (const socket of this.#dialing) socket.destroy();
    await Promise.all([...this.#connections].map((connection) => connection.end(END_MS)));
  }
}

/** Of the host with the most connections the oldest: who knocks once is never turned out for those who knock often. */
function oldestOfMost(connections: readonly Connection[]): Connection {
  const byHost = new Map<string, Connection[]>();
  for (const one of connections) byHost.set(one.host, [...(byHost.get(one.host) ?? []), one]);
  return [...byHost.values()].reduce((most, one) => (one.length > most.length ? one : most))[0];
}

function refusal(error: unknown, host: string | undefined, port: number): NodeFailure {
  const code = errorCode(error);
  if (code === 'EADDRINUSE') {
    const line = `TCP port ${port} is taken; nodes that share an address each need a --port of their own`;
    return new NodeFailure(EXIT_PORT_IN_USE, line);
  }
  if (code === 'EADDRNOTAVAIL') {
    return new NodeFailure(EXIT_NO_INTERFACE, `--iface ${host ?? ''}: this computer does not have that address`);
  }
  return new NodeFailure(EXIT_FAILURE, `TCP port ${port} cannot be opened: ${systemReason(error)}`);
}
