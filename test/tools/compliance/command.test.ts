/** The command: what it takes, what it refuses, how it ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { complianceMain } from '../../../tools/compliance/main.ts';
import { keepSurroundings } from '../around.ts';
import { comply, folder, freePort, keysFile, NodeProcess } from './node-process.ts';

const TARGET = ['--target', '127.0.0.1:9'];

it.each([
  [[], '--target is missing; give the address of a running node, such as 192.168.1.20'],
  [['--target', 'kitchen'], '--target kitchen: must be an IPv4 address, such as 192.168.1.20'],
  [['--target', '127.0.0.1:70000'], '--target: port 70000: must be a number from 1 to 65535'],
  [['192.168.1.20'], '"192.168.1.20" is one word too many'],
  [[...TARGET, '--clause', 'drift.maen'], '--clause drift.maen: there is no such clause; did you mean "drift.mean"?'],
  [[...TARGET, '--transport', 'smoke'], '--transport smoke: must be udp or tcp'],
  [[...TARGET, '--bind', 'here'], '--bind here: must be an IPv4 address, such as 192.168.1.20'],
  [[...TARGET, '--swarm', 'lvs'], '--swarm needs --keys: the swarm id is made of both'],
  [[...TARGET, '--duration', 'long'], '--duration long: must be a number from 1 to 86400'],
  [[...TARGET, '--iface', 'nowhere0'], '--iface nowhere0: there is no such interface or address here'],
  [[...TARGET, '--keys', 'none.json'], '--keys /none.json: cannot be read: there is no such file'],
  [[...TARGET, '--bind', '192.0.2.1'], '--bind 192.0.2.1: this computer does not have that address'],
  [
    [...TARGET, '--junit', 'nowhere/report.xml'],
    '--junit nowhere/report.xml: cannot be written: there is no such folder',
  ],
  [[...TARGET, '--key-file', 'none.key'], '--key-file /none.key: cannot be read: there is no such file'],
])('%j is refused in one line', async (flags, line) => {
  await expect(complianceMain(flags, keepSurroundings())).rejects.toThrow(line);
});

it.each([
  [{ keys: [] }, 'keys must be a list of 1 to 64 keys'],
  [[{ name: 'a', span: 'wide' }], 'keys[0].span is "wide"; it must be a number from 0 to 32768'],
  [[{ name: 'a', flor: 1 }], 'keys[0].flor is not a known field; did you mean "floor"?'],
  [[{ name: 'a' }, { name: 'a' }], 'keys has a twice'],
  [[{ name: 'a', estimator: 'mean' }], 'keys[0].estimator is "mean"; it must be one of huber, hodges-lehmann, trimmed'],
])('a file of keys with %j is refused in one line', async (content, line) => {
  const flags = [...TARGET, '--keys', keysFile(content)];
  await expect(complianceMain(flags, keepSurroundings())).rejects.toThrow(line);
});

it('a key that others may read, or that is none, is refused without showing it', async () => {
  const path = join(folder(), 'swarm.key');
  writeFileSync(path, 'secret');
  chmodSync(path, 0o644);
  const run = async (): Promise<number> => await complianceMain([...TARGET, '--key-file', path], keepSurroundings());
  await expect(run()).rejects.toThrow(`run: chmod 600 ${path}`);
  chmodSync(path, 0o600);
  await expect(run()).rejects.toThrow('must be one or two lines of 43 characters');
  await expect(run()).rejects.not.toThrow('secret');
});

it('--help and --list are read on 80 columns, and list each clause that the documentation has', async () => {
  const docs = readFileSync(new URL('../../../docs/compliance.md', import.meta.url), 'utf8');
  const help = keepSurroundings();
  help.stdout.columns = 80;
  expect(await complianceMain(['--help'], help)).toBe(0);
  expect(
    Math.max(
      ...help
        .out()
        .split('\n')
        .map(({ length }) => length),
    ),
  ).toBeLessThanOrEqual(80);
  const list = keepSurroundings();
  expect(await complianceMain(['--list'], list)).toBe(0);
  const names = list
    .out()
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(' ')[0]);
  expect(names.length).toBeGreaterThan(30);
  for (const name of names) expect(docs, name).toContain(`\`${name}\``);
});

it('a target that does not answer has an exit code of its own, and a line that says what to look at', async () => {
  const around = keepSurroundings();
  around.now_ms = () => performance.now();
  expect(await complianceMain([...TARGET, '--wait', '0.3'], around)).toBe(3);
  expect(around.err()).toContain('nothing came from 127.0.0.1:9 in 0.3 s');
  await expect(complianceMain([...TARGET, '--transport', 'tcp'], keepSurroundings())).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringContaining('127.0.0.1:9 takes no TCP connection') as string,
  });
});

it('Ctrl-C ends it early, and what is known is still told, in a table of 80 columns', async () => {
  const node = await NodeProcess.start();
  try {
    const around = keepSurroundings();
    around.now_ms = () => performance.now();
    around.onInterrupt = (stop) => {
      const timer = setTimeout(stop, 2500);
      return () => clearTimeout(timer);
    };
    const flags = ['--target', `127.0.0.1:${node.port}`, '--keys', keysFile()];
    expect(await complianceMain(flags, around)).toBe(130);
    const text = around.out();
    expect(text).toMatch(/formats\.well-formed +pass/);
    expect(text).toMatch(/lowpower\.functions +not observable/);
    expect(text).toMatch(/\d+ pass, 0 fail, \d+ not observable/);
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
  } finally {
    await node.stop();
  }
});

it('a node in a swarm with others is not judged by what they make it do', async () => {
  const node = await NodeProcess.start();
  try {
    const target = ['--target', `127.0.0.1:${node.port}`, '--keys', keysFile(), '--clause', 'drift.mean'];
    // Two runs at a time are strangers to each other.
    const [one, other] = await Promise.all([
      comply([...target, '--bind', '127.0.0.31,127.0.0.32']),
      comply([...target, '--bind', '127.0.0.41,127.0.0.42']),
    ]);
    for (const { verdict, evidence } of [one, other]) {
      expect(verdict['drift.mean'], evidence['drift.mean']).not.toBe('fail');
    }
    expect([one, other].some(({ evidence }) => evidence['drift.mean'].includes('of which 2 are ours'))).toBe(true);
  } finally {
    await node.stop();
  }
});

it('looks at what `npm run node` starts, over UDP and over TCP', async () => {
  const bin = (name: string): string => fileURLToPath(new URL(`../../../build/bin/${name}.mjs`, import.meta.url));
  const run = (name: string, flags: readonly string[]): ChildProcess =>
    spawn(process.execPath, [bin(name), ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
  const keys = keysFile();
  await Promise.all(
    ['udp', 'tcp'].map(async (transport) => {
      const port = String(await freePort());
      const swarm = ['--swarm', 'test', '--keys', keys, '--transport', transport];
      const place = [
        '--iface',
        '127.0.0.1',
        '--port',
        port,
        '--cycle-ms',
        '100',
        '--sensor',
        'room1/temp=21.5',
        '--json',
      ];
      const node = run('node', [...swarm, ...place]);
      try {
        if (node.stdout !== null) await once(node.stdout, 'data');
        const flags = [...swarm, '--target', `127.0.0.1:${port}`, '--clause', 'drift.mean,security.source', '--json'];
        const tool = run('compliance', flags);
        let said = '';
        tool.stdout?.on('data', (piece: Buffer) => (said += piece.toString()));
        const [code] = (await once(tool, 'exit')) as [number];
        expect(said).toContain('{"type":"clause","name":"drift.mean"');
        expect(said).toContain(`"pass":2,"fail":0,"not_observable":0`);
        expect(code).toBe(0);
      } finally {
        node.kill('SIGKILL');
      }
    }),
  );
});
