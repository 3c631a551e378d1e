/** UDP sockets for one set of addresses: one to hear what is sent to everyone, and one for each address to send from. */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { errorCode, systemReason } from '../../../tools/cli/errors.ts';
import { broadcastOf, isOnLink, type LocalAddress } from '../interfaces.ts';
import { EXIT_FAILURE } from '../../../tools/cli/exit-codes.ts';
import { EXIT_NO_INTERFACE, EXIT_PORT_IN_USE, NodeFailure } from '../failure.ts';
import { Lanes } from './lanes.ts';

/** Room for some thousand datagrams: what a swarm of 1,000 sends while this process waits for the processor. */
const RECEIVE_BUFFER_BYTES = 1 << 20;
/** Where a board's broadcasts go (firmware/device/config/settings.ts). */
const ALL = '255.255.255.255';
/** Datagrams for everyone do not leave the link. */
const TTL = 1;

/** Returns whether it was taken. */
export type OnDatagram = (bytes: Buffer, from: RemoteInfo) => boolean;

export interface SocketsOptions {
  port: number;
  /** Multicast group; '' for broadcast. */
  group: string;
  addresses: readonly LocalAddress[];
  onDatagram: OnDatagram;
  /** After a socket was opened: it goes on working, but something is wrong with the network. */
  onError: (error: Error) => void;
}

/** A socket bound to one of the computer's addresses, so that what it sends has that address. */
export interface Sender {
  local: LocalAddress;
  socket: Socket;
  /** Where everyone on its link hears; '' where there is no such address. */
  everyone: string;
}

function familyOf(addresses: readonly LocalAddress[]): 'udp4' | 'udp6' {
  return addresses[0].family === 'IPv6' ? 'udp6' : 'udp4';
}

function refusal(error: unknown, address: string, port: number): NodeFailure {
  const code = errorCode(error);
  if (code === 'EADDRINUSE') {
    return new NodeFailure(
      EXIT_PORT_IN_USE,
      `UDP port ${port} is taken by another program, which does not share it; stop it, or give the whole swarm another --port`,
    );
  }
  if (code === 'EADDRNOTAVAIL') {
    return new NodeFailure(EXIT_NO_INTERFACE, `--iface ${address}: this computer does not have that address`);
  }
  const why = code === 'EACCES' ? 'permission denied; ports below 1024 need more rights' : systemReason(error);
  return new NodeFailure(EXIT_FAILURE, `UDP port ${port} at ${address} cannot be opened: ${why}`);
}

/** Opens a socket that shares its port with other nodes of this computer. */
async function bound(type: 'udp4' | 'udp6', address: string, options: SocketsOptions): Promise<Socket> {
  const { port, onDatagram, onError } = options;
  const socket = createSocket({
    type,
    reuseAddr: true,
    ipv6Only: type === 'udp6',
    recvBufferSize: RECEIVE_BUFFER_BYTES,
    // Addresses only: names are looked up before, once.
    lookup: (host, _family, done) => done(null, host, type === 'udp6' ? 6 : 4),
  });
  await new Promise<void>((resolve, reject) => {
    const fail = (error: Error): void => {
      socket.close();
      reject(refusal(error, address, port));
    };
    socket.once('error', fail);
    socket.bind({ port, address, exclusive: true }, () => {
      socket.off('error', fail);
      resolve();
    });
  });
  return socket.on('error', onError).on('message', onDatagram);
}

/** `::%eth0` names an interface where an address alone does not. */
function interfaceWord({ family, address, name }: LocalAddress): string {
  return family === 'IPv6' ? `::%${name}` : address;
}

function boundAddress({ family, address, name }: LocalAddress): string {
  return family === 'IPv6' && address.startsWith('fe80:') ? `${address}%${name}` : address;
}

async function openSender(local: LocalAddress, options: SocketsOptions): Promise<Sender> {
  const { group } = options;
  const socket = await bound(familyOf([local]), boundAddress(local), options);
  if (group === '') {
    socket.setBroadcast(true);
    return { local, socket, everyone: local.family === 'IPv4' ? broadcastOf(local) : '' };
  }
  socket.setMulticastTTL(TTL);
  socket.setMulticastInterface(interfaceWord(local));
  return { local, socket, everyone: group };
}

export class Sockets {
  readonly senders: Sender[] = [];
  readonly #options: SocketsOptions;
  readonly #lanes: Lanes;
  #everyone: Socket | null = null;

  constructor(options: SocketsOptions) {
    const { port, onDatagram } = options;
    const noted: OnDatagram = (bytes, from) => {
      const taken = onDatagram(bytes, from);
      this.#lanes.note(from.address, taken);
      return taken;
    };
    this.#options = { ...options, onDatagram: noted };
    this.#lanes = new Lanes({ port, everyone: (peer) => this.#everyoneNear(peer), onDatagram: noted });
  }

  /** What is sent to everyone goes there, when a peer at this address sends it. */
  #everyoneNear(peer: string): string[] {
    const near = this.senders.find(({ local }) => local.family === 'IPv4' && isOnLink(peer, local));
    if (near === undefined) return [];
    return this.#options.group === '' ? [near.everyone, ALL].filter((address) => address !== '') : [near.everyone];
  }

  /** @throws NodeFailure */
  async open(): Promise<void> {
    const { addresses, group } = this.#options;
    try {
      const type = familyOf(addresses);
      const everyone = await bound(type, type === 'udp6' ? '::' : '0.0.0.0', this.#options);
      this.#everyone = everyone;
      for (const local of addresses) {
        if (group !== '') this.#join(everyone, local);
        this.senders.push(await openSender(local, this.#options));
      }
    } catch (error) {
      this.close();
      throw error instanceof NodeFailure ? error : refusal(error, addresses[0].address, this.#options.port);
    }
  }

  /** An interface without multicast is left out: others may have it. */
  #join(socket: Socket, local: LocalAddress): void {
    const { group, onError } = this.#options;
    try {
      socket.addMembership(group, interfaceWord(local));
    } catch (error) {
      onError(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** The socket from which `address` is reached: on its own link from that link's address, else as the system says. */
  towards(address: string): Socket | null {
    const [only] = this.senders;
    if (this.senders.length === 1) return only.socket;
    return this.senders.find(({ local }) => isOnLink(address, local))?.socket ?? this.#everyone;
  }

  close(): void {
    this.#lanes.close();
    for (const { socket } of this.senders) socket.close();
    this.#everyone?.close();
    this.senders.length = 0;
    this.#everyone = null;
  }
}
