/**
 * The broker inside the gateway, for a house that has none: aedes, MQTT 3.1.1, on loopback unless told otherwise. It keeps
 * retained messages in memory, so they are gone with the gateway; its own are published again at each start.
 */

import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type AddressInfo, type Server } from 'node:net';
import type { Duplex } from 'node:stream';
import { Aedes } from 'aedes';
import { errorCode, Failure, systemReason } from '../../tools/cli/errors.ts';
import { endpointName, isLoopback } from '../../host-sim/node-platform/address.ts';
import { realTiming, type MqttEvent, type Timing } from './options.ts';
import { Teller } from './teller.ts';

export interface EmbeddedOptions {
  /** An address to listen on. */
  bind: string;
  /** 0 for any that is free. */
  port: number;
  /** '' for none, which only a loopback address may have. */
  user: string;
  password: string;
  onEvent: (event: MqttEvent) => void;
  timing?: Timing;
}

export interface BrokerFacts {
  clients: number;
  /** Connections that ended for something wrong, a password or a malformed packet. */
  refused: number;
  published: number;
}

export interface EmbeddedBroker {
  /** Where clients on this computer reach it. */
  url: string;
  port: number;
  facts(): BrokerFacts;
  close(): Promise<void>;
}

const CONNECTIONS_MAX = 256;
/** Before its password was right: the parser keeps all of a first packet, which may claim 256 MB. */
const STRANGER_MAX_BYTES = 131_072;
/** Messages that wait for one slow client. */
const QUEUE_MAX = 1_000;
const TELL_AGAIN_MS = 600_000;
const SUBJECTS_MAX = 64;
/** MQTT 3.1.1: bad user name or password. */
const BAD_PASSWORD = 4;

/** Compared as hashes: they have the same length whatever was sent. */
function same(a: string, b: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}

function refusal(): Error & { returnCode: number } {
  return Object.assign(new Error('bad user name or password'), { returnCode: BAD_PASSWORD });
}

/** @throws Failure when it may not or cannot listen there: the line says why */
export async function startBroker(options: EmbeddedOptions): Promise<EmbeddedBroker> {
  const { bind, port, user, password } = options;
  const place = endpointName({ host: bind, port });
  if (bind !== 'localhost' && !isLoopback(bind) && password === '') {
    throw new Failure(
      `the broker inside would listen on ${place} without a password; give one, or bind it to 127.0.0.1`,
    );
  }
  const teller = new Teller(options.timing ?? realTiming, TELL_AGAIN_MS, SUBJECTS_MAX);
  const counts = { refused: 0, published: 0 };
  const known = new WeakSet<Duplex>();
  const aedes = await Aedes.createBroker({
    queueLimit: QUEUE_MAX,
    authenticate: ({ conn }, name, secret, done) => {
      const right = same(name ?? '', user) && same(secret?.toString() ?? '', password);
      if (password !== '' && !right) {
        done(refusal(), false);
        return;
      }
      known.add(conn);
      done(null, true);
    },
  });
  const tell = (error: Error, from: string): void => {
    counts.refused++;
    teller.note(error.message, () => {
      const text = `broker inside: a client was turned away: ${error.message} (client id ${from})`;
      options.onEvent({ name: 'broker-client', level: 'warning', text, detail: { client: from } });
    });
  };
  aedes.on('clientError', (client, error) => tell(error, client.id));
  aedes.on('connectionError', (client, error) => tell(error, client.id));
  aedes.on('publish', (_packet, client) => {
    if (client !== null) counts.published++;
  });
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    aedes.handle(socket);
    socket.on('data', () => {
      if (known.has(socket) || socket.bytesRead <= STRANGER_MAX_BYTES || socket.destroyed) return;
      tell(new Error(`more than ${STRANGER_MAX_BYTES} bytes before it has said who it is`), 'unknown');
      socket.destroy();
    });
  });
  server.maxConnections = CONNECTIONS_MAX;
  try {
    await listen(server, bind, port);
  } catch (error) {
    await new Promise<void>((resolve) => aedes.close(resolve));
    throw new Failure(
      errorCode(error) === 'EADDRINUSE'
        ? `the broker inside cannot listen on ${place}: another program does; choose another port, or give that broker's address`
        : `the broker inside cannot listen on ${place}: ${systemReason(error)}`,
    );
  }
  const { port: bound } = server.address() as AddressInfo;
  return {
    port: bound,
    url: `mqtt://${endpointName({ host: reachable(bind), port: bound })}`,
    facts: () => ({ clients: aedes.connectedClients, ...counts }),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await new Promise<void>((resolve) => aedes.close(resolve));
      await closed;
    },
  };
}

function reachable(bind: string): string {
  if (bind === '0.0.0.0') return '127.0.0.1';
  return bind === '::' ? '::1' : bind;
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
