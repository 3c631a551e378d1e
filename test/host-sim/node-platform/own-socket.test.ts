import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listenAlone, removeLeftSocket } from '../../../host-sim/node-platform/own-socket.ts';

const LISTENS = 'require("net").createServer().listen(process.argv[1], () => console.log("up"))';
const IS_KILLED = 'require("net").createServer().listen(process.argv[1], () => process.kill(process.pid, "SIGKILL"))';

let folder: string;
let path: string;
let other: ChildProcess | null = null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-own-'));
  path = join(folder, 'one.sock');
});

afterEach(() => {
  other?.kill('SIGKILL');
  other = null;
  rmSync(folder, { recursive: true, force: true });
});

/** Several at once try to have the socket; tells how many got it. */
async function race(takers: number): Promise<number> {
  const servers = Array.from({ length: takers }, () => createServer());
  const got = await Promise.all(servers.map((server) => listenAlone(server, path)));
  await Promise.all(
    servers.filter((server) => server.listening).map((server) => once(server.close(), 'close') as Promise<unknown>),
  );
  return got.filter(Boolean).length;
}

test('of several that start at once one gets a socket that a killed process left', async () => {
  for (let round = 0; round < 5; round++) {
    spawnSync(process.execPath, ['-e', IS_KILLED, path]);
    expect(existsSync(path)).toBe(true);
    expect(await race(4)).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
  }
});

test('a process that is stopped keeps its socket', async () => {
  other = spawn(process.execPath, ['-e', LISTENS, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  if (other.stdout !== null) await once(other.stdout, 'data');
  other.kill('SIGSTOP');
  expect(await race(2)).toBe(0);
  await removeLeftSocket(path);
  expect(existsSync(path)).toBe(true);
});

test('says what the system says where there can be no socket', async () => {
  await expect(listenAlone(createServer(), join(folder, 'no-folder', 'one.sock'))).rejects.toThrow(/ENOENT|EACCES/);
});
