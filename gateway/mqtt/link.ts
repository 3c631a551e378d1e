/** One connection of the `mqtt` package, opened and ended. Whether to try again is not its business. */

import { readFileSync } from 'node:fs';
import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import { systemReason } from '../../tools/cli/errors.ts';
import { faultOf, fileFault, type Fault } from './fault.ts';
import type { BrokerOptions } from './options.ts';

/** Until the broker has answered the first packet. */
const CONNECT_TIMEOUT_MS = 10_000;

/** The address for a log: without user and password. */
export function shownUrl(url: string): string {
  try {
    const { protocol, host } = new URL(url);
    return `${protocol}//${host}`;
  } catch {
    return url.replace(/\/\/[^@/]*@/, '//');
  }
}

class FileProblem extends Error {}

function readPem(file: string, what: string): Buffer | undefined {
  if (file === '') return undefined;
  try {
    return readFileSync(file);
  } catch (error) {
    throw new FileProblem(`${what} ${file} cannot be read: ${systemReason(error)}`);
  }
}

export interface Will {
  topic: string;
  payload: string;
}

function clientOptions(broker: BrokerOptions, will: Will | null): IClientOptions {
  const ca = readPem(broker.ca_file, 'CA file');
  const cert = readPem(broker.cert_file, 'certificate');
  const key = readPem(broker.key_file, 'key of the certificate');
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(broker.user === '' ? {} : { username: broker.user, password: broker.password }),
    clientId: broker.client_id,
    protocolVersion: broker.version === 5 ? 5 : 4,
    keepalive: broker.keepalive_s,
    clean: true,
    // Connecting again is the connection's own business, with back-off; 0 switches the package's off.
    reconnectPeriod: 0,
    connectTimeout: CONNECT_TIMEOUT_MS,
    resubscribe: false,
    queueQoSZero: false,
    rejectUnauthorized: true,
    ...(will === null ? {} : { will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: true } }),
  };
}

/** Begins to connect. A fault at once where its files cannot be used or the address is none. */
export function openLink(broker: BrokerOptions, will: Will | null): MqttClient | Fault {
  try {
    return connect(broker.url, clientOptions(broker, will));
  } catch (error) {
    const shown = shownUrl(broker.url);
    return error instanceof FileProblem ? fileFault(shown, error.message) : faultOf(error, shown);
  }
}

/** Ends a link: with a word of goodbye, or at once. What it says while it ends is for its listeners to ignore. */
export async function hangUp(link: MqttClient, atOnce: boolean): Promise<void> {
  await new Promise<void>((resolve) => {
    link.end(atOnce, {}, () => resolve());
  });
}
