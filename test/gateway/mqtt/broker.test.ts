/** The broker inside against who reaches its port and has no password. */
import { connect } from 'node:net';
import { connectAsync } from 'mqtt';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startBroker, type EmbeddedBroker } from '../../../gateway/mqtt/broker.ts';
import type { MqttEvent } from '../../../gateway/mqtt/options.ts';
import { until } from '../support/wait.ts';

let broker: EmbeddedBroker;
const events: MqttEvent[] = [];
beforeEach(async () => {
  events.length = 0;
  const onEvent = (event: MqttEvent): void => void events.push(event);
  broker = await startBroker({ bind: '127.0.0.1', port: 0, user: 'house', password: 'right', onEvent });
});
afterEach(async () => {
  await broker.close();
});

/** Sends and sends. Resolves with the bytes that went out before the other side ended it, at most `limit_bytes`. */
function pour(first: Buffer, limit_bytes: number): Promise<number> {
  return new Promise((resolve) => {
    const socket = connect(broker.port, '127.0.0.1');
    const chunk = Buffer.alloc(65_536);
    let sent = 0;
    const more = (): void => {
      while (sent < limit_bytes && !socket.destroyed) {
        sent += chunk.length;
        if (!socket.write(chunk)) return void socket.once('drain', more);
      }
    };
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(sent));
    socket.write(first, more);
  });
}

it('cuts off who sends without an end before it has said who it is', async () => {
  // The head of a CONNECT that claims to be 256 MB long.
  const sent = await pour(Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f]), 200_000_000);
  expect(sent).toBeLessThan(20_000_000);
  expect(events.map(({ text }) => text)).toEqual([
    'broker inside: a client was turned away: more than 131072 bytes before it has said who it is (client id unknown)',
  ]);
  expect(broker.facts()).toMatchObject({ clients: 0, refused: 1 });
});

it('takes long messages of who has the password, and nothing of who has not', async () => {
  const options = { protocolVersion: 4, username: 'house', reconnectPeriod: 0 } as const;
  await expect(connectAsync(broker.url, { ...options, password: 'wrong' })).rejects.toThrow(/password/);
  const client = await connectAsync(broker.url, { ...options, password: 'right' });
  const lengths: number[] = [];
  client.on('message', (_topic, payload) => lengths.push(payload.length));
  await client.subscribeAsync('long');
  for (let i = 0; i < 3; i++) await client.publishAsync('long', Buffer.alloc(1_000_000), { qos: 1 });
  await until('all three', () => lengths.length === 3);
  expect(lengths).toEqual([1_000_000, 1_000_000, 1_000_000]);
  await client.endAsync();
});
