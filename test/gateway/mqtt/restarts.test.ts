/** A broker that is killed and started again 20 times while a gateway publishes: what QoS 1 promises, precisely. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'mqtt';
import { describe, expect, it } from 'vitest';
import type { Connection } from '../../../gateway/mqtt/connection.ts';
import { freePort, hasMosquitto, Mosquitto } from '../support/mosquitto.ts';
import { testConnection } from '../support/mqtt.ts';
import { pause, until } from '../support/wait.ts';

const RESTARTS = 20;
/** What a connection has under way at most (gateway/mqtt/connection.ts). */
const IN_FLIGHT_MAX = 16;
const EVERY_MS = 4;

/** Publishes numbered events and a counting state, until it is told to stop. */
function publisher(connection: Connection): () => number {
  let events = 0;
  const timer = setInterval(() => {
    connection.publish({ topic: 'run/event', payload: `${events++}`, retain: false });
    connection.publish({ topic: 'run/state', payload: `${events}`, retain: true });
  }, EVERY_MS);
  return () => {
    clearInterval(timer);
    return events;
  };
}

async function startRecorder(port: number, file: string): Promise<ChildProcess> {
  const program = new URL('../support/recording-broker.mjs', import.meta.url).pathname;
  const child = spawn(process.execPath, [program, `${port}`, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

const sequence = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describe('a broker killed (SIGKILL) and started 20 times', () => {
  it('has taken every event, none twice in one of its lives, and ends with the newest state', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lvs-restarts-'));
    const file = join(folder, 'record');
    const port = await freePort();
    const { connection } = testConnection({ url: `mqtt://127.0.0.1:${port}`, version: 3 });
    let broker = await startRecorder(port, file);
    const stop = publisher(connection);
    for (let life = 0; life < RESTARTS; life++) {
      await until('a connection', () => connection.state().connected);
      await pause(40);
      await kill(broker);
      broker = await startRecorder(port, file);
    }
    const count = stop();
    await until('everything', () => connection.state().queued + connection.state().in_flight === 0);
    const { connects, dropped } = connection.state();
    await connection.close();
    await kill(broker);
    const lives = readFileSync(file, 'utf8')
      .split('#\n')
      .slice(1)
      .map((life) => life.split('\n').slice(0, -1));
    rmSync(folder, { recursive: true });

    const numbers = (life: string[]): number[] =>
      life.filter((line) => line.startsWith('run/event ')).map((line) => Number(line.split(' ')[1]));
    const taken = lives.map(numbers);
    expect(connects).toBe(RESTARTS + 1);
    expect(dropped).toBe(0);
    expect(
      [...new Set(taken.flat())].sort((a, b) => a - b),
      'none lost',
    ).toEqual(sequence(count));
    for (const life of taken) expect(life, 'in order, none twice').toEqual([...new Set(life)].sort((a, b) => a - b));
    // Twice in two lives is what QoS 1 allows: what was taken, and not acknowledged before the kill.
    expect(taken.flat().length - count).toBeLessThanOrEqual(RESTARTS * IN_FLIGHT_MAX);
    expect(
      lives
        .at(-1)
        ?.filter((line) => line.startsWith('run/state '))
        .at(-1),
    ).toBe(`run/state ${count}`);
  });
});

describe.skipIf(!hasMosquitto)('mosquitto ended and started 20 times', () => {
  it('brings every event to a subscriber with a session, MQTT 5', async () => {
    const broker = await (await Mosquitto.create({ persistence: true })).start();
    const url = `mqtt://127.0.0.1:${broker.port}`;
    const subscriber = connect(url, {
      protocolVersion: 5,
      clientId: 'subscriber',
      clean: false,
      reconnectPeriod: 20,
      properties: { sessionExpiryInterval: 3600 },
    });
    subscriber.on('error', () => undefined);
    const heard: number[] = [];
    subscriber.on('message', (_topic, payload) => heard.push(Number(payload.toString())));
    await subscriber.subscribeAsync('run/event', { qos: 1 });
    const { connection } = testConnection({ url });
    const stop = publisher(connection);
    for (let life = 0; life < RESTARTS; life++) {
      await until('a connection', () => connection.state().connected);
      await pause(30);
      await broker.stop('SIGTERM');
      await broker.start();
    }
    const count = stop();
    await until('everything', () => new Set(heard).size === count);
    expect(connection.state()).toMatchObject({ dropped: 0, connects: RESTARTS + 1 });
    expect([...new Set(heard)].sort((a, b) => a - b)).toEqual(sequence(count));
    await connection.close();
    await subscriber.endAsync(true);
    await broker.remove();
  });
});
