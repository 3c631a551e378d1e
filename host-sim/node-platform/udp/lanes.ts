/**
 * A socket of its own for each known peer, while someone floods. Who floods everyone's address fills the room in which the
 * system keeps datagrams until they are read, and members' are lost with the rest. But Linux gives a broadcast to every
 * socket that it fits, and one that is bound to everyone's address and connected to a peer fits that peer's alone: its
 * room is the peer's. What then comes twice is refused as a duplicate. Other systems are not known to do so.
 */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { platform } from 'node:process';

/** Peers at most: the ones heard last. */
const PEERS_MAX = 32;
const LOOK_MS = 1000;
/** Datagrams in a second. A swarm of 1,000 at a cycle a second sends 1,000; the room has some 2,000. */
const FLOOD_PER_S = 2000;
/** Through a lane: who sends more is the one who floods, or has an address that the flood forges. */
const LANE_PER_S = 200;
/** A flood is over when there was none for so many seconds. */
const QUIET_S = 30;

interface Lane {
  sockets: Socket[];
  /** In this second. */
  count: number;
}

export interface LanesOptions {
  port: number;
  /** Where datagrams for everyone come to that a peer at this address sends; none where it is on no link of ours. */
  everyone: (peer: string) => readonly string[];
  onDatagram: (bytes: Buffer, from: RemoteInfo) => void;
}

export class Lanes {
  readonly #options: LanesOptions;
  readonly #timer: NodeJS.Timeout | undefined;
  /** In which second something was taken from a peer last. */
  readonly #peers = new Map<string, number>();
  readonly #lanes = new Map<string, Lane>();
  /** They get no lane as long as the flood lasts. */
  readonly #greedy = new Set<string>();
  #count = 0;
  #second = 0;
  #quiet_s = QUIET_S;

  constructor(options: LanesOptions) {
    this.#options = options;
    if (platform === 'linux') this.#timer = setInterval(() => this.#look(), LOOK_MS).unref();
  }

  /** @param taken whether the node took what came from there */
  note(address: string, taken: boolean): void {
    this.#count++;
    if (!taken) return;
    // Nothing is taken out and put in again for each datagram: that is garbage which makes a process grow.
    if (!this.#peers.has(address) && this.#peers.size === PEERS_MAX) this.#forgetOldest();
    this.#peers.set(address, this.#second);
  }

  #forgetOldest(): void {
    const [oldest] = [...this.#peers].reduce((old, one) => (one[1] < old[1] ? one : old));
    this.#peers.delete(oldest);
  }

  #look(): void {
    this.#second++;
    this.#quiet_s = this.#count > FLOOD_PER_S ? 0 : this.#quiet_s + 1;
    this.#count = 0;
    if (this.#quiet_s >= QUIET_S) {
      this.#closeAll();
      this.#greedy.clear();
      return;
    }
    for (const [address, lane] of this.#lanes) {
      if (lane.count > LANE_PER_S) this.#greedy.add(address);
      lane.count = 0;
      if (this.#greedy.has(address) || !this.#peers.has(address)) this.#close(address, lane);
    }
    for (const address of this.#peers.keys()) {
      if (!this.#lanes.has(address) && !this.#greedy.has(address)) this.#open(address);
    }
  }

  #open(peer: string): void {
    const { port, everyone, onDatagram } = this.#options;
    const lane: Lane = { sockets: [], count: 0 };
    for (const address of everyone(peer)) {
      const socket = createSocket({
        type: 'udp4',
        reuseAddr: true,
        lookup: (host, _family, done) => done(null, host, 4),
      });
      // Without a lane the peer is heard as before.
      socket.on('error', () => undefined);
      socket.on('message', (bytes, from) => {
        // Until it is connected, it hears everyone.
        if (from.address !== peer) return;
        lane.count++;
        onDatagram(bytes, from);
      });
      socket.bind({ port, address, exclusive: true }, () => socket.connect(port, peer));
      lane.sockets.push(socket);
    }
    this.#lanes.set(peer, lane);
  }

  #close(peer: string, { sockets }: Lane): void {
    for (const socket of sockets) socket.close();
    this.#lanes.delete(peer);
  }

  #closeAll(): void {
    for (const [peer, lane] of this.#lanes) this.#close(peer, lane);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#closeAll();
  }
}
