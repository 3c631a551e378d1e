/** A connection to brokers that refuse, vanish and return. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startBroker, type EmbeddedBroker } from '../../../gateway/mqtt/broker.ts';
import type { Connection } from '../../../gateway/mqtt/connection.ts';
import { makeCertificates, type Certificates } from '../support/certificates.ts';
import { freePort, hasMosquitto, Mosquitto, type MosquittoOptions } from '../support/mosquitto.ts';
import { testConnection, type TestConnection } from '../support/mqtt.ts';
import { until } from '../support/wait.ts';

const open: Connection[] = [];
const ends: (() => Promise<void>)[] = [];

function connected(...args: Parameters<typeof testConnection>): TestConnection {
  const made = testConnection(...args);
  open.push(made.connection);
  return made;
}

async function mosquitto(options: MosquittoOptions = {}): Promise<Mosquitto> {
  const broker = await (await Mosquitto.create(options)).start();
  ends.push(() => broker.remove());
  return broker;
}

async function embedded(password = ''): Promise<EmbeddedBroker> {
  const user = password === '' ? '' : 'house';
  const broker = await startBroker({ bind: '127.0.0.1', port: 0, user, password, onEvent: () => undefined });
  ends.push(() => broker.close());
  return broker;
}

afterEach(async () => {
  for (const connection of open.splice(0)) await connection.close();
  for (const end of ends.splice(0)) await end();
});

/** What a client of its own hears under a filter, newest last. */
async function listen(
  url: string,
  version: 5 | 3,
  filter: string,
): Promise<{ topic: string; text: string; retained: boolean }[]> {
  const heard: { topic: string; text: string; retained: boolean }[] = [];
  const { connection } = connected({ url, version });
  connection.subscribe(filter, (topic, payload, retained) => heard.push({ topic, text: payload.toString(), retained }));
  await until('the listener', () => connection.state().connected);
  return heard;
}

describe('with the broker inside', () => {
  it('publishes what waited, the newest state of each topic and every event', async () => {
    const port = await freePort();
    const { connection } = connected({ url: `mqtt://127.0.0.1:${port}`, version: 3 });
    for (const payload of ['1', '2', '3']) {
      connection.publish({ topic: 'a/state', payload, retain: true });
      connection.publish({ topic: 'a/event', payload, retain: false });
    }
    expect(connection.state()).toMatchObject({ connected: false, queued: 4 });
    const broker = await startBroker({ bind: '127.0.0.1', port, user: '', password: '', onEvent: () => undefined });
    ends.push(() => broker.close());
    const heard = await listen(broker.url, 3, 'a/#');
    await until('all of it', () => connection.state().published === 4);
    await until('the state', () => heard.some(({ topic }) => topic === 'a/state'));
    expect(heard.filter(({ topic }) => topic === 'a/state').map(({ text }) => text)).toEqual(['3']);
  });

  it('says "online", and "offline" when it goes, also by a last will', async () => {
    const broker = await embedded();
    const heard = await listen(broker.url, 3, 'x/status');
    const { connection } = testConnection({ url: broker.url, version: 3 }, { status_topic: 'x/status' });
    await until('online', () => heard.at(-1)?.text === 'online');
    await connection.close();
    await until('offline', () => heard.at(-1)?.text === 'offline');
  });

  it('turns a wrong password away, which is told once and tried again slowly', async () => {
    const broker = await embedded('right');
    const { connection, events } = connected({ url: broker.url, version: 3, user: 'house', password: 'wrong' });
    await until('the refusal', () => connection.state().fault !== null);
    expect(connection.state().fault).toMatchObject({ code: 'password', slow: true });
    expect(events).toHaveLength(1);
    expect(events[0].text).toContain('does not accept the user name or the password');
    expect(events[0].text).not.toContain('wrong');
    expect(broker.facts().refused).toBe(1);
  });

  it('does not listen beyond this computer without a password, nor where another program does', async () => {
    const options = { user: '', password: '', onEvent: () => undefined };
    await expect(startBroker({ ...options, bind: '0.0.0.0', port: 0 })).rejects.toThrow('without a password');
    const broker = await embedded();
    await expect(startBroker({ ...options, bind: '127.0.0.1', port: broker.port })).rejects.toThrow('another program');
  });

  it('says that a broker without MQTT 5 needs version 3', async () => {
    const broker = await embedded();
    const { connection } = connected({ url: broker.url, version: 5 });
    await until('the refusal', () => connection.state().fault !== null);
    expect(connection.state().fault).toMatchObject({ code: 'version', slow: true });
  });

  it('goes on when a listener fails', async () => {
    const broker = await embedded();
    const { connection, events } = connected({ url: broker.url, version: 3 });
    const heard: string[] = [];
    connection.subscribe('t', () => {
      throw new Error('no number');
    });
    connection.subscribe('t', (_topic, payload) => heard.push(payload.toString()));
    await until('the connection', () => connection.state().connected);
    for (let i = 0; i < 50; i++) connection.publish({ topic: 't', payload: `${i}`, retain: false });
    await until('all', () => heard.length === 50);
    expect(events.filter(({ name }) => name === 'mqtt-message-failed')).toHaveLength(1);
    expect(connection.state().connected).toBe(true);
  });
});

describe('without a broker', () => {
  it('tries again and again, and tells it once', async () => {
    const { connection, events } = connected({ url: `mqtt://127.0.0.1:${await freePort()}` });
    await until('a few tries', () => connection.state().tries > 4);
    expect(connection.state().fault?.code).toBe('unreachable');
    expect(events.map(({ name }) => name)).toEqual(['mqtt-refused']);
  });

  it('keeps no more than it has room for, the newest of it, and counts the rest', async () => {
    const { connection, events } = connected(
      { url: `mqtt://127.0.0.1:${await freePort()}` },
      { outbox: { messages_max: 100, bytes_max: 10_000 } },
    );
    for (let i = 0; i < 5000; i++) connection.publish({ topic: 'e', payload: `${i}`, retain: false });
    expect(connection.state()).toMatchObject({ queued: 100, dropped: 4900 });
    expect(events.filter(({ name }) => name === 'mqtt-dropping')).toHaveLength(1);
  });

  it('says that a certificate file is none, and goes on', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lvs-pem-'));
    writeFileSync(join(folder, 'ca.pem'), 'this is no certificate');
    writeFileSync(join(folder, 'key.pem'), 'nor is this a key');
    const files = {
      ca_file: join(folder, 'ca.pem'),
      cert_file: join(folder, 'ca.pem'),
      key_file: join(folder, 'key.pem'),
    };
    const { connection, events } = connected({ url: `mqtts://127.0.0.1:${await freePort()}`, ...files });
    await until('the fault', () => connection.state().fault !== null);
    expect(connection.state().fault).toMatchObject({ code: 'certificate-file', slow: true });
    expect(events).toHaveLength(1);
    rmSync(folder, { recursive: true });
  });

  it('says which certificate file cannot be read', async () => {
    const { connection } = connected({ url: 'mqtts://127.0.0.1:1', ca_file: '/nowhere/ca.pem' });
    await until('the fault', () => connection.state().fault !== null);
    expect(connection.state().fault).toMatchObject({ code: 'certificate-file', slow: true });
    expect(connection.state().fault?.text).toContain('/nowhere/ca.pem cannot be read: there is no such file');
  });
});

describe.skipIf(!hasMosquitto)('with mosquitto', () => {
  let certificates: Certificates;
  beforeAll(() => {
    certificates = makeCertificates();
  });
  afterAll(() => {
    certificates.remove();
  });

  it('publishes over TLS with user and password, MQTT 5', async () => {
    const user = { name: 'house', password: 'secret' };
    const broker = await mosquitto({ user, tls: certificates.server });
    const to = { url: `mqtts://localhost:${broker.port}`, user: 'house', password: 'secret', ca_file: certificates.ca };
    const { connection } = connected(to);
    connection.publish({ topic: 'a', payload: '1', retain: true });
    await until('the acknowledgement', () => connection.state().published === 1);
  });

  it('shows its own certificate where the broker asks for one', async () => {
    const broker = await mosquitto({ tls: { ...certificates.server, ca: certificates.ca } });
    const to = { url: `mqtts://localhost:${broker.port}`, ca_file: certificates.ca };
    const { connection: without } = connected(to);
    const { cert, key } = certificates.client;
    const { connection } = connected({ ...to, cert_file: cert, key_file: key });
    await until('the one with', () => connection.state().connected);
    await until('the one without', () => without.state().fault !== null);
    expect(without.state().fault).toMatchObject({ code: 'certificate-refused', slow: true });
  });

  it.each([
    { what: 'an expired certificate', code: 'certificate-expired', tls: 'expired', ca: 'ca', host: 'localhost' },
    {
      what: 'a certificate of another CA',
      code: 'certificate-unknown',
      tls: 'server',
      ca: 'other_ca',
      host: 'localhost',
    },
    { what: 'a certificate for another name', code: 'certificate-name', tls: 'server', ca: 'ca', host: '127.0.0.2' },
  ] as const)('says of $what what it is, and does not hammer', async ({ code, tls, ca, host }) => {
    const broker = await mosquitto({ tls: certificates[tls] });
    const relay = host === 'localhost' ? broker.port : await relayTo(host, broker.port);
    const { connection, events } = connected({ url: `mqtts://${host}:${relay}`, ca_file: certificates[ca] });
    await until('the fault', () => connection.state().fault !== null);
    expect(connection.state().fault).toMatchObject({ code, slow: true });
    expect(events).toHaveLength(1);
    expect(connection.state().tries).toBe(1);
  });

  it('says that a port does not speak TLS', async () => {
    const broker = await mosquitto();
    const { connection } = connected({ url: `mqtts://127.0.0.1:${broker.port}`, ca_file: certificates.ca });
    await until('the fault', () => connection.state().fault !== null);
    expect(['closed', 'no-tls']).toContain(connection.state().fault?.code);
  });

  it('turns a wrong password away, told with the reason of MQTT 5', async () => {
    const broker = await mosquitto({ user: { name: 'house', password: 'right' } });
    const { connection, events } = connected({
      url: `mqtt://127.0.0.1:${broker.port}`,
      user: 'house',
      password: 'wrong',
    });
    await until('the refusal', () => connection.state().fault !== null);
    expect(connection.state().fault).toMatchObject({ code: 'password', slow: true });
    expect(events).toHaveLength(1);
  });

  it('tells which topic it may not publish on, once, and goes on', async () => {
    const acl = 'user house\ntopic readwrite allowed/#\n';
    const broker = await mosquitto({ user: { name: 'house', password: 'p' }, acl });
    const { connection, events } = connected({ url: `mqtt://127.0.0.1:${broker.port}`, user: 'house', password: 'p' });
    for (let i = 0; i < 20; i++) connection.publish({ topic: 'denied', payload: `${i}`, retain: false });
    connection.publish({ topic: 'allowed/a', payload: '1', retain: false });
    await until('the allowed one', () => connection.state().published === 1);
    expect(connection.state().refused).toBe(20);
    expect(events.filter(({ name }) => name === 'mqtt-topic-refused')).toHaveLength(1);
  });

  it('leaves out what is too large for the broker, told once, instead of losing the connection over it', async () => {
    const broker = await mosquitto({ packet_max_bytes: 2000 });
    const { connection, events } = connected({ url: `mqtt://127.0.0.1:${broker.port}` });
    connection.publish({ topic: 'large', payload: 'x'.repeat(3000), retain: true });
    connection.publish({ topic: 'small', payload: 'x', retain: true });
    await until('the small one', () => connection.state().published === 1);
    expect(connection.state()).toMatchObject({ refused: 1, connects: 1, connected: true });
    expect(events.filter(({ name }) => name === 'mqtt-topic-refused')).toHaveLength(1);
  });

  it('says that another client has its client id, and does not hammer for it', async () => {
    const broker = await mosquitto();
    const to = { url: `mqtt://127.0.0.1:${broker.port}`, client_id: 'same' };
    const { connection: first } = connected(to);
    const { connection: second } = connected(to);
    const faults = (): (string | undefined)[] => [first, second].map((each) => each.state().fault?.code);
    await until('the fault', () => faults().includes('taken-over'));
  });
});

/** Another address of loopback, which no certificate names, that leads to the same broker. */
async function relayTo(host: string, port: number): Promise<number> {
  const { connect, createServer } = await import('node:net');
  const server = createServer((socket) => {
    const other = connect(port, '127.0.0.1');
    socket.pipe(other).pipe(socket);
    for (const end of [socket, other]) end.on('error', () => end.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  ends.push(async () => {
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as { port: number }).port;
}
