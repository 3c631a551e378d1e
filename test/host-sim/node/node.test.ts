import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { NodeStatus } from '../../../host-sim/node/status.ts';
import { freePort } from '../../../host-sim/swarm/swarm.ts';
import { createRandom } from '../../../host-sim/world/random.ts';
import { linesOf, nodeScene, runNode, type Line, type NodeScene } from './around.ts';

const FAST = ['--cycle-ms', '50', '--status-cycles', '2'];
const WAIT = { timeout: 20_000, interval: 50 };

interface Running {
  around: NodeScene;
  code: Promise<number>;
  lines: () => Line[];
  status: () => NodeStatus | undefined;
}

function start(argv: readonly string[], around = nodeScene()): Running {
  const code = runNode(around, argv);
  const lines = (): Line[] => linesOf(around.stdout.text.slice(0, around.stdout.text.lastIndexOf('\n') + 1));
  return {
    around,
    code,
    lines,
    status: () => lines().findLast(({ type }) => type === 'status') as NodeStatus | undefined,
  };
}

async function until(running: Running, fine: (status: NodeStatus) => boolean): Promise<NodeStatus> {
  return await vi.waitFor(() => {
    const status = running.status();
    if (status === undefined || !fine(status)) throw new Error(`still ${JSON.stringify(status)}`);
    return status;
  }, WAIT);
}

async function stop(...nodes: Running[]): Promise<number[]> {
  for (const { around } of nodes) around.terminate();
  return await Promise.all(nodes.map(({ code }) => code));
}

const agrees =
  (value: number) =>
  ({ keys: [key] }: NodeStatus): boolean =>
    key.agreed !== null && Math.abs(key.agreed - value) < 0.01;

function keyFile(around: NodeScene, name: string): string {
  writeFileSync(join(around.cwd, name), `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 });
  return readFileSync(join(around.cwd, name), 'utf8');
}

describe('two nodes', () => {
  const transports: [string, (port: number) => string[][]][] = [
    ['broadcast', () => [[], []]],
    [
      'multicast',
      () => [
        ['--transport', 'multicast'],
        ['--transport', 'multicast'],
      ],
    ],
    ['peers', (port) => [3, 2].map((other) => ['--transport', 'peers', '--peer', `127.86.92.${other}:${port}`])],
    [
      'TCP',
      () => [
        ['--transport', 'tcp'],
        ['--transport', 'tcp', '--peer', '127.86.92.2'],
      ],
    ],
  ];

  it.each(transports)('find each other and agree, over %s', async (_, flagsOf) => {
    const port = await freePort();
    const flags = flagsOf(port);
    const [a, b] = [20, 22].map((value, i) =>
      start(['--sensor', `t=${value}`, '--iface', `127.86.92.${i + 2}`, '--port', `${port}`, ...FAST, ...flags[i]]),
    );
    const status = await until(a, (one) => one.peers === 1 && agrees(21)(one));
    expect(status).toMatchObject({
      seal: 'open',
      swarm: 'lvs',
      heard: 1,
      low_power: '',
      keys: [{ input: 20, sensors: 2 }],
    });
    await until(b, agrees(21));
    expect(await stop(a, b)).toEqual([0, 0]);
    expect(a.around.stderr.text).toContain('this swarm is open');
    expect(a.lines().map(({ type }) => type)).toEqual(expect.arrayContaining(['swarm-open', 'started', 'stopped']));
  });

  it(
    'with a key keep out whoever has none or another, and go on while the key is changed',
    { timeout: 60_000 },
    async () => {
      const port = await freePort();
      const scenes = [nodeScene(), nodeScene(), nodeScene(), nodeScene()];
      const [inside, alsoInside, other, open] = scenes;
      const first = keyFile(inside, 'key');
      const second = keyFile(inside, 'next');
      writeFileSync(join(alsoInside.cwd, 'key'), first, { mode: 0o600 });
      keyFile(other, 'key');
      const nodes = scenes.map((around, i) =>
        start(
          [
            ...['--sensor', `t=${20 + 2 * i}`, '--iface', `127.86.92.${i + 2}`, '--port', `${port}`, ...FAST],
            ...(around === open ? [] : ['--key-file', 'key', '--private']),
          ],
          around,
        ),
      );
      await until(nodes[0], (status) => agrees(21)(status) && 'seal' in status.drops);
      expect(nodes[0].status()).toMatchObject({ seal: 'private', peers: 1 });
      for (const outside of [nodes[2], nodes[3]]) await until(outside, ({ cycle }) => cycle > 8);
      expect(nodes[2].status()).toMatchObject({ peers: 0 });
      expect(nodes[3].status()).toMatchObject({ peers: 0, seal: 'open' });
      expect(await stop(nodes[2], nodes[3])).toEqual([0, 0]);

      const refused = (): (number | undefined)[] => [nodes[0], nodes[1]].map((node) => node.status()?.drops.seal);
      const settle = async (): Promise<void> => {
        const cycles = [nodes[0], nodes[1]].map((node) => node.status()?.cycle ?? 0);
        await Promise.all([nodes[0], nodes[1]].map((node, i) => until(node, ({ cycle }) => cycle > cycles[i] + 6)));
      };
      await settle();
      const before = refused();
      for (const text of [`${first}${second}`, `${second}${first}`, second]) {
        for (const around of [inside, alsoInside]) {
          writeFileSync(join(around.cwd, 'key'), text);
          around.hangup();
          await settle();
        }
      }
      expect(refused()).toEqual(before);
      expect(nodes[0].status()).toMatchObject({ peers: 1, heard: 1 });
      expect(nodes[0].lines().filter(({ type }) => type === 'settings-read')).toHaveLength(3);
      await stop(nodes[0], nodes[1]);
    },
  );
});

describe('hostile datagrams', () => {
  it(
    'at full rate from one source harm nothing, and the other member is still heard',
    { timeout: 60_000 },
    async () => {
      const port = await freePort();
      const scenes = [nodeScene(), nodeScene()];
      const key = keyFile(scenes[0], 'key');
      writeFileSync(join(scenes[1].cwd, 'key'), key, { mode: 0o600 });
      const heard: Buffer[] = [];
      const ear = createSocket({ type: 'udp4', reuseAddr: true }).on('message', (bytes) =>
        heard.push(Buffer.from(bytes)),
      );
      await new Promise<void>((resolve) => ear.bind(port, '0.0.0.0', resolve));
      const flags = ['--port', `${port}`, '--key-file', 'key', ...FAST];
      const [node, member] = scenes.map((around, i) =>
        start(['--sensor', `t=${20 + 2 * i}`, '--iface', `127.86.92.${i + 2}`, ...flags], around),
      );
      const before = await until(node, (status) => agrees(21)(status) && heard.length > 20);
      ear.close();

      const seed = Date.now() % 100_000;
      const random = createRandom(seed);
      const attacker = createSocket('udp4').on('error', () => undefined);
      await new Promise<void>((resolve) => attacker.bind(0, '127.86.92.9', resolve));
      for (let sent = 0; sent < 20_000; sent++) {
        const bytes = Buffer.from(heard[random.below(heard.length)]);
        if (sent % 4 === 0) bytes[random.below(bytes.length)] ^= 1 + random.below(255);
        const length = sent % 4 === 1 ? random.below(bytes.length) : bytes.length;
        const long = sent % 4 === 2 ? [bytes, Buffer.alloc(2000, sent)] : [bytes.subarray(0, length)];
        attacker.send(Buffer.concat(long), port, '127.86.92.2', () => undefined);
        if (sent % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      const after = await until(node, ({ cycle }) => cycle > before.cycle + 40);
      attacker.close();
      const mine = node.lines().filter(({ type }) => type === 'status') as unknown as NodeStatus[];
      const during = mine.filter(({ cycle }) => cycle > before.cycle);
      expect(during.every(agrees(21)), `seed ${seed}`).toBe(true);
      expect(
        during.every(({ peers, heard: members }) => peers === 1 && members === 1),
        `seed ${seed}`,
      ).toBe(true);
      expect(after.carrier.received - before.carrier.received, `seed ${seed}`).toBeGreaterThan(2000);
      expect(after.drops.rate, `seed ${seed}`).toBeGreaterThan(1000);
      expect(await stop(node, member)).toEqual([0, 0]);
    },
  );
});

describe('one node', () => {
  it('keeps what it knows over a restart, and recovers when its store is broken', async () => {
    const port = await freePort();
    const flags = ['--sensor', 't=20', '--iface', '127.86.92.2', '--port', `${port}`, '--state', 'state', ...FAST];
    const first = start(flags);
    await until(first, agrees(20));
    const { cwd } = first.around;
    // A folder has one node at a time.
    const second = nodeScene();
    const thief = { ...second, cwd, env: first.around.env };
    expect(await runNode(thief, flags)).toBe(16);
    expect(second.stderr.text).toContain('another node uses this folder');
    first.around.interrupt();
    expect(await first.code).toBe(130);

    const again = start(flags, { ...nodeScene(), cwd, env: first.around.env });
    await until(again, agrees(20));
    expect(again.lines().map(({ type }) => type)).toContain('state-loaded');
    await stop(again);

    for (const slot of ['slot0', 'slot1'])
      if (existsSync(join(cwd, 'state', slot))) appendFileSync(join(cwd, 'state', slot), 'x');
    const broken = start(flags, { ...nodeScene(), cwd, env: first.around.env });
    const peer = start(['--sensor', 't=24', '--iface', '127.86.92.3', '--port', `${port}`, ...FAST]);
    await until(broken, agrees(22));
    const types = broken.lines().map(({ type }) => type);
    expect(types).toEqual(expect.arrayContaining(['store-set-aside', 'state-corrupt', 'recovery-left']));
    await stop(broken, peer);
    expect(readdirSync(join(cwd, 'state')).filter((name) => name.includes('.corrupt-')).length).toBeGreaterThan(0);
  });

  it('tells its status to who asks on this computer', async () => {
    const port = await freePort();
    const node = start(['--sensor', 't=20', '--iface', '127.86.92.2', '--port', `${port}`, ...FAST]);
    await until(node, agrees(20));
    const asker = { ...nodeScene(), env: node.around.env };
    expect(await runNode(asker, ['status', '--json'])).toBe(0);
    expect(linesOf(asker.stdout.text)).toMatchObject([{ type: 'status', port, keys: [{ name: 't', agreed: 20 }] }]);
    const person = { ...nodeScene(), env: node.around.env };
    await runNode(person, ['status']);
    expect(person.stdout.text).toMatch(/key +agreed +own input +sensors\nt +20\.000 +20\.000 +1\n/);
    await stop(node);
    expect(readdirSync(join(node.around.cwd, 'lvs-node'))).toEqual([]);
  });

  it('reads its files again at SIGHUP, and keeps what it has when they are wrong', async () => {
    const port = await freePort();
    const around = nodeScene();
    const write = (text: string): void => writeFileSync(join(around.cwd, 'keys.json'), text);
    write('[{"name": "a"}, {"name": "b"}]');
    const flags = ['--keys', 'keys.json', '--sensor', 'b=5', '--iface', '127.86.92.2', '--port', `${port}`, ...FAST];
    const node = start(flags, around);
    await until(node, ({ keys }) => keys[1].agreed === 5);
    write('[{"name": "a"}]');
    around.hangup();
    expect(node.lines().at(-1)).toMatchObject({
      type: 'settings-refused',
      why: '--sensor b: is no key of this swarm; there are a',
    });
    write('[{"name": "b"}]');
    around.hangup();
    await until(node, ({ keys }) => keys.length === 1 && keys[0].agreed === 5);
    expect(node.lines().some(({ type, changed }) => type === 'settings-read' && changed === 'yes')).toBe(true);
    await stop(node);
  });

  it('takes readings from standard input, and says when a source falls silent', async () => {
    const port = await freePort();
    const flags = ['--sensor', 't=stdin@0.05', '--sensor', 'u=cmd:exit 1@0.05'];
    const node = start([...flags, '--iface', '127.86.92.2', '--port', `${port}`, ...FAST]);
    node.around.stdin.write('t 17.5\n');
    await until(node, ({ keys: [t, u] }) => t.agreed === 17.5 && u.agreed === null && u.input === null);
    node.around.stdin.end();
    await until(node, ({ keys: [t] }) => t.input === null);
    const silent = node.lines().filter(({ type }) => type === 'sensor-silent');
    expect(silent.map(({ key, why }) => [key, why]).sort()).toEqual([
      ['t', 'standard input has ended'],
      ['u', 'the command ended with code 1'],
    ]);
    await stop(node);
  });

  it('draws a picture that fits the terminal, however narrow', async () => {
    const port = await freePort();
    for (const columns of [100, 40, 20]) {
      const around = nodeScene({ columns, rows: 24 });
      const flags = ['--sensor', 'living-room/temperature=21.5', '--iface', '127.86.92.2', '--port', `${port}`];
      const node = start([...flags, '--cycle-ms', '50'], around);
      await vi.waitFor(() => expect(around.stdout.text).toContain('21.500'), WAIT);
      await stop(node);
      const escapes = new RegExp(`${String.fromCharCode(27)}\\[[\\d;?]*[a-zA-Z]`, 'g');
      const lines = around.stdout.text.replaceAll(escapes, '').split('\n');
      expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(columns);
    }
  });

  it('explains itself', async () => {
    const around = nodeScene();
    expect(await runNode(around, ['--help'])).toBe(0);
    for (const flag of ['--sensor', '--key-file', '--transport', '--state', '--json']) {
      expect(around.stdout.text).toContain(flag);
    }
  });
});
