/**
 * The folder of a gateway's state, for one gateway at a time: whoever uses it listens on a socket that stands for it. A
 * socket goes with its process, however that ends, where a lock file would stay.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, realpathSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { EXIT_STATE_FOLDER, NodeFailure } from '../../host-sim/node-platform/failure.ts';
import { errorCode, systemReason } from '../../tools/cli/errors.ts';

const FOLDER_MODE = 0o700;
/** Of sun_path, with its closing zero (unix(7)), less a margin. */
const SOCKET_PATH_MAX = 100;

function socketPath(folder: string): string {
  const real = realpathSync(folder);
  const hash = createHash('sha256').update(real).digest('hex').slice(0, 16);
  if (process.platform === 'win32') return `\\\\.\\pipe\\lvs-gateway-${hash}`;
  const inside = join(real, 'gateway.lock');
  return inside.length <= SOCKET_PATH_MAX ? inside : join(tmpdir(), `lvs-gateway-${hash}.lock`);
}

function listen(path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', reject);
    server.listen(path, () => {
      server.unref();
      resolve(server);
    });
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/**
 * Makes the folder, and takes it for this gateway.
 * @returns how to give it back
 * @throws NodeFailure when it cannot be used, or another gateway uses it
 */
export async function takeStateFolder(folder: string): Promise<() => Promise<void>> {
  const refused = (why: string): NodeFailure => new NodeFailure(EXIT_STATE_FOLDER, `state folder ${folder} ${why}`);
  let server: Server;
  try {
    mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
    const path = socketPath(folder);
    try {
      server = await listen(path);
    } catch (error) {
      if (errorCode(error) !== 'EADDRINUSE') throw error;
      if (await answers(path)) {
        throw refused('is used by another gateway; give each its own with swarm.state, or stop the other one');
      }
      rmSync(path, { force: true });
      server = await listen(path);
    }
  } catch (error) {
    throw error instanceof NodeFailure ? error : refused(`cannot be used: ${systemReason(error)}`);
  }
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
    });
}
