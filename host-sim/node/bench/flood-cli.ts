/**
 * Sends hostile datagrams as fast as it can: `bench-node-flood JSON` (`FloodOrders`). Listens first for what the swarm says,
 * so that what it forges is as near to the truth as a stranger can come. Says what it sent when it is done.
 */
import { createSocket, type Socket } from 'node:dgram';
import { randomBytes, randomInt } from 'node:crypto';
import process from 'node:process';
import { createSeal } from '../../node-platform/seal/seal.ts';
import type { FloodOrders } from './flood-orders.ts';

/** Enough different ones that nothing is learnt from one; sending costs less than forging. */
const POOL = 6000;
/** Datagrams that the system has at a time. */
const FLYING = 128;
const TAG_BYTES = 16;
const OVERSIZED_MAX = 9000;

const orders = JSON.parse(process.argv[2]) as FloodOrders;
const heard: Buffer[] = [];

function copyOfHeard(): Buffer {
  return heard.length === 0 ? randomBytes(60) : Buffer.from(heard[randomInt(heard.length)]);
}

const stranger = createSeal([randomBytes(32)], { private: false });

const KINDS: readonly (() => Buffer)[] = [
  () => randomBytes(randomInt(1, 1233)),
  () => {
    const bytes = copyOfHeard();
    for (let change = randomInt(1, 5); change > 0; change--) bytes[randomInt(bytes.length)] ^= randomInt(1, 256);
    return bytes;
  },
  () => copyOfHeard(),
  () => {
    const bytes = copyOfHeard();
    stranger.close(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), Math.max(1, bytes.length - TAG_BYTES));
    return bytes;
  },
  () => {
    const bytes = copyOfHeard();
    return bytes.subarray(0, randomInt(bytes.length));
  },
  () => Buffer.concat([copyOfHeard(), randomBytes(randomInt(1233, OVERSIZED_MAX))]),
];

async function listen(): Promise<void> {
  const ear = createSocket({ type: 'udp4', reuseAddr: true });
  // Another one may flood already: what it says is no news.
  ear.on('message', (bytes, { address }) => {
    if (address !== orders.from) heard.push(Buffer.from(bytes));
  });
  await new Promise<void>((resolve) => ear.bind(orders.port, '0.0.0.0', resolve));
  await new Promise((resolve) => setTimeout(resolve, orders.listen_ms));
  ear.close();
}

async function flood(socket: Socket, pool: readonly Buffer[]): Promise<void> {
  await new Promise<void>((resolve) => {
    let sent = 0;
    let flying = 0;
    const more = (): void => {
      while (flying < FLYING && sent < orders.datagrams) {
        flying++;
        socket.send(pool[sent++ % POOL], () => {
          flying--;
          if (flying < FLYING / 2) more();
          if (flying === 0 && sent === orders.datagrams) resolve();
        });
      }
    };
    more();
  });
}

await listen();
const pool = Array.from({ length: POOL }, (_, i) => KINDS[i % KINDS.length]());
const socket = createSocket('udp4');
socket.on('error', () => undefined);
await new Promise<void>((resolve) => socket.bind(0, orders.from, resolve));
socket.setBroadcast(true);
await new Promise<void>((resolve) => socket.connect(orders.port, orders.target, resolve));
process.stdout.write(`${JSON.stringify({ type: 'ready', heard: heard.length })}\n`);
const began_ms = performance.now();
await flood(socket, pool);
process.stdout.write(`${JSON.stringify({ type: 'flooded', seconds: (performance.now() - began_ms) / 1000 })}\n`);
process.exit();
