/**
 * The SDK's MQTT client (examples/io/tcp/mqttclient, MQTT 3.1.1), over TCP. It must not be asked anything while it looks
 * up its host, not even to close: so the look-up is ours, and forgets what was closed meanwhile.
 */

import Client from 'embedded:network/mqtt/client';
import TCP from 'embedded:io/socket/tcp';
import Net from 'net';
import type { MqttClient, MqttClientOptions } from './client.ts';

const KEEPALIVE_MS = 60_000;
/** Longer messages are nothing that anyone waits for. */
const TEXT_MAX = 64;

interface Lookup {
  closed: boolean;
}

interface Question {
  host: string;
  onResolved: (host: string, address: string) => void;
  onError: () => void;
}

class Resolver {
  readonly #lookup: Lookup;

  constructor({ lookup }: { lookup: Lookup }) {
    this.#lookup = lookup;
  }

  resolve({ host, onResolved, onError }: Question): void {
    Net.resolve(host, (_name, address) => {
      if (this.#lookup.closed) return;
      if (address === undefined) onError();
      else onResolved(host, address);
    });
  }
}

export function openMqtt(options: MqttClientOptions): MqttClient {
  return new SdkClient(options);
}

class SdkClient implements MqttClient {
  writable = 0;
  readonly #lookup: Lookup = { closed: false };
  readonly #client: Client;

  constructor(options: MqttClientOptions) {
    const lookup = this.#lookup;
    this.#client = new Client({
      host: options.host,
      port: options.port,
      id: options.id,
      user: options.user === '' ? undefined : options.user,
      password: options.password === '' ? undefined : options.password,
      keepAlive: KEEPALIVE_MS,
      will: { topic: options.will_topic, message: 'offline', QoS: 1, retain: true },
      dns: { io: Resolver, lookup },
      socket: { io: TCP },
      onControl: ({ operation }) => {
        if (operation === Client.CONNACK) options.onConnected();
      },
      onWritable: (count) => {
        this.writable = count;
        options.onWritable();
      },
      onReadable: (count, { topic, more }) => {
        const bytes = new Uint8Array(this.#client.read(count));
        if (topic !== undefined && !more && count <= TEXT_MAX) options.onText(topic, String.fromCharCode(...bytes));
      },
      onError: () => {
        if (lookup.closed) return;
        lookup.closed = true;
        options.onEnd();
      },
    });
  }

  begin(topic: string, length_bytes: number, bytes: Uint8Array): void {
    this.writable = this.#client.write(bytes, { topic, byteLength: length_bytes, retain: true });
  }

  more(bytes: Uint8Array): void {
    this.writable = this.#client.write(bytes);
  }

  subscribe(topic: string): void {
    this.writable = this.#client.write(null, { operation: Client.SUBSCRIBE, items: [{ topic }] });
  }

  close(): void {
    if (this.#lookup.closed) return;
    this.#lookup.closed = true;
    this.#client.close();
  }
}
