/**
 * Where a running node tells its status, on this computer and to its own user only: a Unix socket, on Windows a named
 * pipe. Who connects is given one line of JSON. The name of a node with a state folder comes from that folder, so that
 * two nodes never use one folder at once.
 */
import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, readdirSync, realpathSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { Environment } from '../../tools/cli/colour.ts';
import { errorCode, Failure, systemReason } from '../../tools/cli/errors.ts';
import { EXIT_STATE_FOLDER, NodeFailure } from '../node-platform/failure.ts';
import { listenAlone, removeLeftSocket } from '../node-platform/own-socket.ts';
import { makeFolder } from '../node-platform/store/folder.ts';

const WINDOWS = process.platform === 'win32';
const PIPES = '\\\\.\\pipe\\';
const PIPE_PREFIX = 'lvs-node-';
const ENDING = '.sock';
const ANSWER_MS = 2000;
const ANSWER_MAX_BYTES = 1 << 20;

/** A folder that nobody else can put anything into. */
function runtimeFolder(env: Environment): string {
  const given = env.XDG_RUNTIME_DIR ?? '';
  const folder = given === '' ? join(tmpdir(), `lvs-node-${userInfo().uid}`) : join(given, 'lvs-node');
  makeFolder(folder);
  const { uid, mode } = lstatSync(folder);
  if (uid !== userInfo().uid) throw new Failure(`${folder} belongs to someone else`);
  if ((mode & 0o077) !== 0) chmodSync(folder, 0o700);
  return folder;
}

function pathOf(name: string, env: Environment): string {
  return WINDOWS ? `${PIPES}${PIPE_PREFIX}${name}` : join(runtimeFolder(env), `${name}${ENDING}`);
}

/** The folder has to be there. */
export function socketName(state: string | undefined, pid: number): string {
  if (state === undefined) return String(pid);
  return `state-${createHash('sha256').update(realpathSync(state)).digest('hex').slice(0, 16)}`;
}

/** What the node at the other end says; null when it does not. */
async function ask(path: string): Promise<unknown> {
  return await new Promise((resolve) => {
    const socket = connect(path);
    let text = '';
    socket.setEncoding('utf8').setTimeout(ANSWER_MS, () => socket.destroy());
    socket.on('data', (piece: string) => {
      text += piece;
      if (text.length > ANSWER_MAX_BYTES) socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      try {
        resolve(JSON.parse(text));
      } catch {
        resolve(null);
      }
    });
  });
}

function pidOf(status: unknown): number | null {
  const known = typeof status === 'object' && status !== null && 'pid' in status;
  return known && typeof status.pid === 'number' ? status.pid : null;
}

export interface StatusSocket {
  close(): void;
}

/**
 * @param tell what to say to who asks; null while there is nothing to say
 * @throws NodeFailure when another node uses the state folder; Failure when there can be no socket
 */
export async function openStatusSocket(
  state: string | undefined,
  env: Environment,
  tell: () => object,
): Promise<StatusSocket> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end(`${JSON.stringify(tell())}\n`);
  });
  try {
    const path = pathOf(socketName(state, process.pid), env);
    if (!(await listenAlone(server, path))) {
      const pid = pidOf(await ask(path));
      const who = pid === null ? 'one that does not answer' : `process ${pid}`;
      const folder = state === undefined ? path : `--state ${state}`;
      throw new NodeFailure(
        EXIT_STATE_FOLDER,
        `${folder}: another node uses this folder (${who}); give each node its own`,
      );
    }
  } catch (error) {
    if (error instanceof NodeFailure) throw error;
    throw new Failure(systemReason(error));
  }
  server.on('error', () => undefined);
  return { close: () => server.close() };
}

function socketPaths(state: string | undefined, env: Environment): string[] {
  if (state !== undefined) return [pathOf(socketName(state, 0), env)];
  const folder = WINDOWS ? PIPES : runtimeFolder(env);
  const mine = (name: string): boolean => (WINDOWS ? name.startsWith(PIPE_PREFIX) : name.endsWith(ENDING));
  return readdirSync(folder)
    .filter(mine)
    .sort()
    .map((name) => join(folder, name));
}

/**
 * The statuses of the nodes that run here, or of the one with that state folder.
 * @throws Failure when nobody can be asked
 */
export async function askNodes(state: string | undefined, env: Environment): Promise<object[]> {
  let paths: string[];
  try {
    paths = socketPaths(state, env);
  } catch (error) {
    // A state folder that is not there has no node.
    if (errorCode(error) === 'ENOENT') return [];
    throw new Failure(`the nodes of this computer cannot be asked: ${systemReason(error)}`);
  }
  const answers = await Promise.all(paths.map(ask));
  // A node that was killed leaves its socket behind.
  await Promise.all(paths.filter((_, i) => answers[i] === null).map(removeLeftSocket));
  return answers.filter((answer) => typeof answer === 'object' && answer !== null);
}
