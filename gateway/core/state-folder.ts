/** The folder of a gateway's state, for one gateway at a time: whoever uses it listens on a socket that stands for it. */
import { createHash } from 'node:crypto';
import { mkdirSync, realpathSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { EXIT_STATE_FOLDER, NodeFailure } from '../../host-sim/node-platform/failure.ts';
import { listenAlone } from '../../host-sim/node-platform/own-socket.ts';
import { systemReason } from '../../tools/cli/errors.ts';

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

/**
 * Makes the folder, and takes it for this gateway.
 * @returns how to give it back
 * @throws NodeFailure when it cannot be used, or another gateway uses it
 */
export async function takeStateFolder(folder: string): Promise<() => Promise<void>> {
  const refused = (why: string): NodeFailure => new NodeFailure(EXIT_STATE_FOLDER, `state folder ${folder} ${why}`);
  const server = createServer((socket) => socket.destroy());
  let isOurs: boolean;
  try {
    mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
    isOurs = await listenAlone(server, socketPath(folder));
  } catch (error) {
    throw refused(`cannot be used: ${systemReason(error)}`);
  }
  if (!isOurs) throw refused('is used by another gateway; give each its own with swarm.state, or stop the other one');
  server.unref();
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
    });
}
