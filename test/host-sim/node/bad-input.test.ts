import { createSocket } from 'node:dgram';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../tools/cli/errors.ts';
import { freePort } from '../../../host-sim/swarm/swarm.ts';
import { nodeScene, runNode, type NodeScene } from './around.ts';

const SENSOR = ['--sensor', 'room1/temp=21.5'];
const LOOPBACK = ['--iface', '127.86.91.1'];

/** Runs the command, which has to give up by itself, and gives its code and the one line that it says. */
async function end(around: NodeScene, argv: readonly string[]): Promise<{ code: number; line: string }> {
  const code = await runNode(around, argv);
  const lines = around.stderr.text.trimEnd().split('\n');
  return { code, line: lines.filter((line) => !line.includes('this swarm is open')).join('\n') };
}

async function usage(argv: readonly string[]): Promise<string> {
  try {
    await runNode(nodeScene(), argv);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error('the command took it');
}

describe('what a node cannot start with has a line and an exit code', () => {
  it('10: a UDP port that another program does not share', async () => {
    const port = await freePort();
    const other = createSocket('udp4');
    await new Promise<void>((resolve) => other.bind(port, resolve));
    const { code, line } = await end(nodeScene(), [...SENSOR, ...LOOPBACK, '--port', String(port)]);
    other.close();
    expect(code).toBe(10);
    expect(line).toMatch(new RegExp(`^node: UDP port ${port} is taken by another program.*--port$`));
  });

  it('10: a TCP port that is taken', async () => {
    const port = await freePort();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(port, '127.86.91.1', resolve));
    const flags = ['--transport', 'tcp', '--port', String(port)];
    const { code, line } = await end(nodeScene(), [...SENSOR, ...LOOPBACK, ...flags]);
    other.close();
    expect(code).toBe(10);
    expect(line).toMatch(new RegExp(`^node: TCP port ${port} is taken; .*$`));
  });

  it.each(['udp', 'multicast', 'tcp'])('11: no such interface, over %s', async (transport) => {
    const { code, line } = await end(nodeScene(), [...SENSOR, '--iface', 'nosuch0', '--transport', transport]);
    expect(code).toBe(11);
    expect(line).toMatch(/^node: --iface nosuch0: there is no such interface or address here; there are .*lo \(127/);
  });

  it('12 and 13: a key file that is not there, is none, or that others may read', async () => {
    const around = nodeScene();
    const missing = await end(around, [...SENSOR, '--key-file', 'swarm.key']);
    expect(missing).toEqual({
      code: 12,
      line: expect.stringMatching(/^node: key file .*swarm\.key cannot be read: there is no such file$/) as string,
    });

    const [none, open] = [nodeScene(), nodeScene()];
    writeFileSync(join(none.cwd, 'swarm.key'), 'secret\n', { mode: 0o600 });
    const wrong = await end(none, [...SENSOR, '--key-file', 'swarm.key']);
    expect(wrong.code).toBe(12);
    expect(wrong.line).not.toContain('secret');

    writeFileSync(join(open.cwd, 'swarm.key'), 'A'.repeat(43), { mode: 0o600 });
    chmodSync(join(open.cwd, 'swarm.key'), 0o644);
    const readable = await end(open, [...SENSOR, '--key-file', 'swarm.key']);
    expect(readable.code).toBe(13);
    expect(readable.line).toContain('chmod 600');
  });

  it('14: a sensor source that is none, or whose key nobody has', async () => {
    const wrong = await end(nodeScene(), ['--sensor', 'room1/temp=fle:/x']);
    expect(wrong.code).toBe(14);
    expect(wrong.line).toContain('did you mean "file"');
    const around = nodeScene();
    writeFileSync(join(around.cwd, 'keys.json'), '[{"name": "room1/temp"}]');
    const unknown = await end(around, ['--keys', 'keys.json', '--sensor', 'rom1/temp=2']);
    expect(unknown).toEqual({
      code: 14,
      line: 'node: --sensor rom1/temp: is no key of this swarm; did you mean "room1/temp"?',
    });
  });

  it('15: the store of a newer version', async () => {
    const around = nodeScene();
    const state = join(around.cwd, 'state');
    mkdirSync(state);
    const newer = Buffer.alloc(32);
    newer.write('LVSF');
    newer.writeUInt16BE(9, 4);
    writeFileSync(join(state, 'slot1'), newer);
    const { code, line } = await end(around, [...SENSOR, ...LOOPBACK, '--state', 'state']);
    expect(code).toBe(15);
    expect(line).toMatch(/^node: --state: .*slot1 has format 9, and this program knows formats up to 1; /);
  });

  it('16: a state folder that is a file', async () => {
    const around = nodeScene();
    writeFileSync(join(around.cwd, 'state'), '');
    const { code, line } = await end(around, [...SENSOR, ...LOOPBACK, '--state', 'state']);
    expect(code).toBe(16);
    expect(line).toMatch(/^node: --state .*state: /);
  });

  it.runIf(existsSync('/proc/self'))('16: a state folder where there can be none', async () => {
    const { code, line } = await end(nodeScene(), [...SENSOR, ...LOOPBACK, '--state', '/proc/lvs/state']);
    expect(code).toBe(16);
    expect(line).toMatch(/^node: --state \/proc\/lvs\/state: cannot be made: /);
  });

  it('17: a status of a node that does not run', async () => {
    const { code, line } = await end(nodeScene(), ['status']);
    expect(code).toBe(17);
    expect(line).toContain('no node runs on this computer under this user');
  });

  it('2: flags that do not exist or do not go together', async () => {
    const wrong: [string[], string][] = [
      [[], 'this node has no key'],
      [['--sensr', 'a=1'], 'did you mean --sensor?'],
      [['stauts'], 'did you mean "status"'],
      [[...SENSOR, 'status', 'more'], '"more" is one word too many'],
      [[...SENSOR, '--port', '0'], '--port 0: must be a whole number from 1 to 65535'],
      [[...SENSOR, '--cycle-ms', '49'], 'from 50 to 60000'],
      [[...SENSOR, '--transport', 'tpc'], 'did you mean "tcp"'],
      [[...SENSOR, '--transport', 'peers'], '--peer HOST:PORT'],
      [[...SENSOR, '--private'], '--key-file'],
      [[...SENSOR, '--no-listen'], '--transport tcp only'],
      [[...SENSOR, '--transport', 'tcp', '--no-listen'], '--peer HOST:PORT'],
      [[...SENSOR, '--group', '10.0.0.1', '--transport', 'multicast'], 'multicast address'],
      [[...SENSOR, '--peer', '1.2.3'], 'must be an address or a name'],
      [['--keys', 'nosuch.json'], 'nosuch.json: cannot be read: there is no such file'],
    ];
    for (const [argv, says] of wrong) {
      const line = await usage(argv);
      expect(line, argv.join(' ')).toContain(says);
      expect(line.split('\n'), argv.join(' ')).toHaveLength(1);
    }
  });
});
