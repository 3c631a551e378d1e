/** Ports of this computer that nobody uses. */
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { Failure } from '../../tools/cli/errors.ts';

const HOST = '127.0.0.1';
const FIRST_PAGE_PORT = 8080;
/** Further up than anybody has servers in a row. */
const TRIES = 200;

async function isFree(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, HOST, () => server.close(() => resolve(true)));
  });
}

/**
 * The first of `count` ports in a row that are free.
 * @param wanted those from here and no others; null for the first from 8080 on
 * @throws Failure when they are taken
 */
export async function freeRow(wanted: number | null, count: number): Promise<number> {
  let first = wanted ?? FIRST_PAGE_PORT;
  const end = wanted === null ? first + TRIES : first;
  for (let port = first; port < first + count; port++) {
    if (await isFree(port)) continue;
    if (port >= end) throw new Failure(`port ${port} is taken by another program; give --port another number`);
    first = port + 1;
  }
  return first;
}

/** Different ones, because all are held until the last is known. */
export async function freeUdpPorts(count: number): Promise<number[]> {
  const sockets = Array.from({ length: count }, () => createSocket('udp4'));
  const ports: number[] = [];
  for (const socket of sockets) {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(0, () => resolve());
    });
    ports.push(socket.address().port);
  }
  for (const socket of sockets) socket.close();
  return ports;
}
