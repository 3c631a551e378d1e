/**
 * Datagrams over UDP: to everyone on the link (broadcast, or a multicast group), to a list of peers, or both. Keeps up
 * with the computer's addresses: when they change, the sockets are opened anew and groups are joined again.
 */
import type { RemoteInfo, Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { endpointName, isLoopback, sourceOf, type Endpoint } from '../address.ts';
import { noFacts, type Carrier, type CarrierFacts, type CarrierOptions } from '../carrier.ts';
import { EXIT_NO_INTERFACE, NodeFailure } from '../failure.ts';
import { checkInterface, chooseAddresses, isOnLink, NetworkWatch, type LocalAddress } from '../interfaces.ts';
import { Sockets } from './sockets.ts';

export interface UdpOptions extends CarrierOptions {
  /** Multicast group, whose family is that of all sockets; '' for broadcast, over IPv4. */
  group: string;
  /** False: to the peers only. */
  everyone: boolean;
  peers: readonly Endpoint[];
}

/** Names of peers are looked up this often: an address behind a name may change. */
const LOOKUP_MS = 60_000;
/** A change of addresses comes in several steps (address gone, link up, new address): the sockets wait for the last. */
const SETTLE_MS = 200;
const RETRY_MS = 5000;
const NOT_READY_MS = 500;
/** So long may the last datagrams, the farewell among them, take to leave. */
const FLUSH_MS = 500;

export class UdpCarrier implements Carrier {
  readonly #options: UdpOptions;
  readonly #watch: NetworkWatch;
  readonly #facts: CarrierFacts = noFacts();
  readonly #resolved = new Map<Endpoint, string>();
  #sockets: Sockets | null = null;
  #reopening: NodeJS.Timeout | undefined;
  #lookups: NodeJS.Timeout | undefined;
  #closed = false;
  /** Whether an address leads outside this computer. */
  #reaches = false;
  /** Sends on their way; and of the last datagram, to how many it went and how many of those the system refused. */
  #pending = 0;
  #asked = 0;
  #refused = 0;

  constructor(options: UdpOptions) {
    this.#options = options;
    const { iface, list } = options;
    const family = isIP(options.group) === 6 ? 'IPv6' : 'IPv4';
    this.#watch = new NetworkWatch({
      list,
      choose: (all) => chooseAddresses(all, iface, family),
      onChange: () => this.#reopenSoon(SETTLE_MS),
    });
  }

  async open(): Promise<void> {
    checkInterface(this.#options.iface, this.#options.list());
    await this.#lookUp();
    const addresses = this.#watch.start();
    this.#reaches = addresses.some(({ internal }) => !internal);
    const waits = addresses.length === 0 || !(await this.#tryAddresses(addresses));
    if (waits) this.#options.onEvent({ name: 'network-down', detail: 'there is no address to send from yet' });
    this.#lookups = setInterval(() => void this.#lookUp(), LOOKUP_MS);
  }

  /** False for an address that is listed and not ready: for a second or two IPv6 asks the link whether it is free. */
  async #tryAddresses(addresses: readonly LocalAddress[]): Promise<boolean> {
    try {
      await this.#openSockets(addresses);
      return true;
    } catch (error) {
      const listed = this.#options.list();
      const known = addresses.every(({ address }) => listed.some((one) => one.address === address));
      if (!known || !(error instanceof NodeFailure) || error.exit_code !== EXIT_NO_INTERFACE) throw error;
      this.#reaches = false;
      this.#reopenSoon(NOT_READY_MS);
      return false;
    }
  }

  async #openSockets(addresses: readonly LocalAddress[]): Promise<void> {
    const { port, group } = this.#options;
    const sockets = new Sockets({
      port,
      group,
      addresses,
      onDatagram: (bytes, from) => this.#take(bytes, from),
      onError: () => {
        this.#facts.send_errors++;
      },
    });
    await sockets.open();
    if (this.#closed) sockets.close();
    else this.#sockets = sockets;
  }

  #reopenSoon(wait_ms: number): void {
    clearTimeout(this.#reopening);
    this.#reopening = setTimeout(() => void this.#reopen(), wait_ms);
  }

  async #reopen(): Promise<void> {
    const { onEvent } = this.#options;
    const before = this.#reaches;
    this.#sockets?.close();
    this.#sockets = null;
    const addresses = this.#watch.chosen;
    this.#reaches = addresses.some(({ internal }) => !internal);
    const detail = addresses.map(({ address }) => address).join(', ');
    if (addresses.length === 0) {
      onEvent({ name: 'network-down', detail: 'every address is gone' });
      return;
    }
    try {
      if (!(await this.#tryAddresses(addresses)) || this.#closed) return;
      const name = before === this.#reaches ? 'network-changed' : this.#reaches ? 'network-up' : 'network-down';
      onEvent({ name, detail });
    } catch (error) {
      if (!(error instanceof NodeFailure)) throw error;
      onEvent({ name: 'port-lost', detail: error.message });
      this.#reopenSoon(RETRY_MS);
    }
  }

  /** An address stands for itself; a name that cannot be looked up now keeps the address that it had. */
  async #lookUp(): Promise<void> {
    const family = isIP(this.#options.group) === 6 ? 6 : 4;
    await Promise.all(
      this.#options.peers.map(async (peer) => {
        if (isIP(peer.host) !== 0) {
          this.#resolved.set(peer, peer.host);
          return;
        }
        try {
          this.#resolved.set(peer, (await lookup(peer.host, { family })).address);
        } catch {
          this.#facts.send_errors++;
        }
      }),
    );
  }

  send(view: DataView, length: number): boolean {
    const sockets = this.#sockets;
    if (sockets === null) return false;
    const { port, everyone, peers } = this.#options;
    // The view is written again next cycle, and a socket may send later.
    const bytes = Buffer.from(new Uint8Array(view.buffer, view.byteOffset, length));
    const nobody = this.#asked > 0 && this.#refused === this.#asked;
    this.#asked = 0;
    this.#refused = 0;
    if (everyone) {
      for (const { socket, everyone: address } of sockets.senders) {
        if (address !== '') this.#write(socket, bytes, port, address);
      }
    }
    for (const peer of peers) {
      const address = this.#resolved.get(peer);
      const socket = address === undefined ? null : sockets.towards(address);
      if (address === undefined || socket === null) continue;
      this.#write(socket, bytes, peer.port, address);
    }
    // The system tells later: what it refused of the datagram before is what the node hears now.
    return !nobody;
  }

  #write(socket: Socket, bytes: Buffer, port: number, address: string): void {
    this.#pending++;
    this.#asked++;
    socket.send(bytes, port, address, (error) => {
      this.#pending--;
      if (error === null) {
        this.#facts.sent_bytes += bytes.length;
        return;
      }
      this.#refused++;
      this.#facts.send_errors++;
      // An address that has just gone shows here first.
      if (this.#watch.look()) this.#reopenSoon(SETTLE_MS);
    });
  }

  #take(bytes: Buffer, { address }: RemoteInfo): boolean {
    const { iface, take } = this.#options;
    // A socket for everyone hears all interfaces; one that was not chosen is not listened to.
    if (iface !== '' && !this.#isFromChosen(address)) return false;
    this.#facts.received++;
    this.#facts.received_bytes += bytes.length;
    return take(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), bytes.length, sourceOf(address)) === 0;
  }

  #isFromChosen(address: string): boolean {
    if (this.#watch.chosen.some((local) => isOnLink(address, local))) return true;
    for (const known of this.#resolved.values()) if (known === address) return true;
    return isLoopback(address) && this.#watch.chosen.some((local) => isLoopback(local.address));
  }

  facts(): CarrierFacts {
    const { port, everyone, peers } = this.#options;
    const senders = this.#sockets?.senders ?? [];
    const all = everyone ? senders.map((sender) => sender.everyone).filter((address) => address !== '') : [];
    return {
      ...this.#facts,
      addresses: senders.map(({ local }) => local.address),
      targets: [...new Set([...all.map((host) => endpointName({ host, port })), ...peers.map(endpointName)])],
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#watch.stop();
    clearTimeout(this.#reopening);
    clearInterval(this.#lookups);
    const until_ms = performance.now() + FLUSH_MS;
    while (this.#pending > 0 && performance.now() < until_ms) await new Promise((resolve) => setTimeout(resolve, 5));
    this.#sockets?.close();
    this.#sockets = null;
  }
}
