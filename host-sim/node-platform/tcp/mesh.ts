/** How nodes on TCP become known to each other: what is told to whom, and who is believed. */
import { endpointName, isLoopback, type Endpoint } from '../address.ts';
import type { Connection } from './connection.ts';
import { peersBytes, readControl } from './control.ts';
import { CONTROL, frameOf } from './frames.ts';

const HEARSAY_MAX = 64;

export interface MeshOptions {
  connections: ReadonlySet<Connection>;
  /** On which this node listens. */
  port: number;
  isOwn: (endpoint: Endpoint) => boolean;
  /** Somebody may listen there. */
  learn: (endpoint: Endpoint) => void;
}

export class Mesh {
  readonly #options: MeshOptions;

  constructor(options: MeshOptions) {
    this.#options = options;
  }

  /** A connection has shown that it is a member's. */
  welcome(newcomer: Connection): void {
    this.#leaveDouble(newcomer);
    this.#introduce(newcomer);
    this.#learn(newcomer, newcomer.hearsay);
    newcomer.hearsay = [];
  }

  /** A control frame; what is none is nothing. */
  take(from: Connection, bytes: Buffer): void {
    const control = readControl(bytes);
    if (control === null) return;
    if (control.type === 'peers') {
      if (from.member) this.#learn(from, control.endpoints);
      else from.hearsay = control.endpoints.slice(0, HEARSAY_MAX);
      return;
    }
    if (control.port > 0) from.listening ??= { host: from.address, port: control.port };
    this.#leaveDouble(from);
    if (from.member) this.#introduce(from);
  }

  /** Two nodes that dialed each other at once keep one connection: the one with the lower address gives its own up. */
  #leaveDouble(one: Connection): void {
    if (one.listening === null) return;
    const { name } = one;
    const own = endpointName({ host: one.local_address, port: this.#options.port });
    for (const other of this.#options.connections) {
      if (other === one || other.listening === null || other.name !== name) continue;
      const [mine, kept] = one.dialed === null ? [other, one] : [one, other];
      // Only for a member's: a stranger on the same computer may claim any port.
      if (own < name && mine.dialed !== null && kept.member) mine.close('there is another connection to it');
      return;
    }
  }

  /** Tells a new member of the others, and the others of it: members only, so that a stranger learns no address. */
  #introduce(newcomer: Connection): void {
    const others = [...this.#options.connections].filter((other) => other.member && other !== newcomer);
    if (!newcomer.announced) {
      const known = others.map(({ listening }) => listening).filter((endpoint) => endpoint !== null);
      newcomer.send(frameOf(peersBytes(known), CONTROL));
    }
    if (newcomer.listening === null || newcomer.announced) return;
    newcomer.announced = true;
    const frame = frameOf(peersBytes([newcomer.listening]), CONTROL);
    for (const other of others) other.send(frame);
  }

  #learn(from: Connection, endpoints: readonly Endpoint[]): void {
    const { isOwn, learn } = this.#options;
    for (const endpoint of endpoints) {
      // Another computer's loopback is not this one's.
      if (isLoopback(endpoint.host) && !isLoopback(from.address)) continue;
      if (!isOwn(endpoint)) learn(endpoint);
    }
  }
}
