/**
 * A Unix socket (on Windows a named pipe) that one process at a time listens on. It goes with its process, however that
 * ends, where a lock file would stay; what a killed process leaves of it is told from one in use by connecting.
 */
import { mkdirSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { connect, type Server } from 'node:net';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { errorCode } from '../../tools/cli/errors.ts';

/** Longer than a process is between binding a socket and listening on it, when it refuses although it lives. */
const LOOK_AGAIN_MS = 20;
/** A process that removes a left socket takes two looks; one that needs longer was killed meanwhile. */
const REMOVING_MAX_MS = 5000;

/** True when it was refused: nobody listens. One that connects and says nothing is stopped or busy, and lives. */
function isRefused(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', (error) => resolve(['ECONNREFUSED', 'ENOENT'].includes(errorCode(error))));
  });
}

async function isLeft(path: string): Promise<boolean> {
  if (!(await isRefused(path))) return false;
  await pause(LOOK_AGAIN_MS);
  return await isRefused(path);
}

function isTaken(lock: string): boolean {
  try {
    mkdirSync(lock);
    return false;
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
  const made = statSync(lock, { throwIfNoEntry: false });
  if (made !== undefined && Date.now() - made.mtimeMs > REMOVING_MAX_MS) rmSync(lock, { recursive: true, force: true });
  return true;
}

/**
 * Removes a socket that nobody listens on. One process at a time looks and removes: else a second one, which looked before
 * the first had made its own, would remove that.
 */
export async function removeLeftSocket(path: string): Promise<void> {
  // A named pipe goes with its process.
  if (process.platform === 'win32') return;
  const lock = `${path}.removing`;
  if (isTaken(lock)) {
    await pause(LOOK_AGAIN_MS);
    return;
  }
  try {
    if (await isLeft(path)) rmSync(path, { force: true });
  } finally {
    rmdirSync(lock);
  }
}

/** False when the path is in use. */
function listen(server: Server, path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onError = (error: Error): void => {
      if (errorCode(error) === 'EADDRINUSE') resolve(false);
      else reject(error);
    };
    server.once('error', onError);
    server.listen(path, () => {
      server.off('error', onError);
      resolve(true);
    });
  });
}

/**
 * @returns false when another process listens there
 * @throws what the system says when the socket cannot be made
 */
export async function listenAlone(server: Server, path: string): Promise<boolean> {
  const end_ms = performance.now() + 2 * REMOVING_MAX_MS;
  while (performance.now() < end_ms) {
    if (await listen(server, path)) return true;
    if (!(await isLeft(path))) return false;
    await removeLeftSocket(path);
  }
  return false;
}
