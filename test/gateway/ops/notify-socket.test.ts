/**
 * What systemd hears: the real `systemd-notify` and a datagram socket as systemd has one. Node.js has none, so a few lines
 * of Python listen; where either program is missing the test is skipped, and says so.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, expect, it } from 'vitest';
import { Notifier } from '../../../gateway/ops/notify.ts';
import { until } from '../support/wait.ts';

const there = ['systemd-notify', 'python3'].every((program) => spawnSync(program, ['--version']).status === 0);
if (!there) process.stderr.write('SKIPPED: a test against systemd-notify, which needs it and python3\n');

/** Writes each datagram as a line. What is sent along (a barrier's descriptor) is closed unread, which lifts the barrier. */
const LISTEN = `
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
with open(sys.argv[2], 'a', buffering=1) as said:
    while True:
        said.write(s.recv(4096).decode().replace('\\n', ' ').strip() + '\\n')
`;

const folder = mkdtempSync(join(tmpdir(), 'lvs-gateway-socket-'));
afterAll(() => rmSync(folder, { recursive: true }));

it.skipIf(!there)('is told that the gateway is ready, well and on its way out', async () => {
  const [socket, said] = [join(folder, 'notify'), join(folder, 'said')];
  const listener = spawn('python3', ['-c', LISTEN, socket, said], { stdio: 'inherit' });
  try {
    await until('the socket', () => existsSync(socket) && existsSync(said));
    const errors: string[] = [];
    const env = { PATH: process.env.PATH ?? '', NOTIFY_SOCKET: socket, WATCHDOG_USEC: '1000000' };
    const notifier = new Notifier({ env, onError: (why) => errors.push(why) });
    await notifier.tell('READY=1', 'STATUS=site home, swarm lvs');
    notifier.watch(() => true);
    const heard = (): string[] => readFileSync(said, 'utf8').trim().split('\n');
    await until('two signs of life', () => heard().filter((line) => line.includes('WATCHDOG=1')).length >= 2);
    notifier.stop();
    await notifier.tell('STOPPING=1');
    await until('its end', () => heard().some((line) => line.includes('STOPPING=1')));
    expect(heard()[0]).toBe('READY=1 STATUS=site home, swarm lvs');
    expect(errors).toEqual([]);
  } finally {
    listener.kill();
  }
});
