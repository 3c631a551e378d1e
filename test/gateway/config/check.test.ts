/** `npm run gateway -- check`: every fault, with its line and column, what is allowed, and what was likely meant. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gatewayMain } from '../../../gateway/main.ts';
import { projectRoot } from '../../../tools/cli/project-root.ts';
import { fakeSurroundings } from '../support/surroundings.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-gateway-config-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const FILES = { loadApi: () => Promise.reject(new Error('a check needs no firmware')), root: projectRoot() };

async function check(
  text: string,
  env: Record<string, string> = {},
  flags: string[] = [],
): Promise<{ code: number; lines: string[] }> {
  writeFileSync(join(folder, 'g.yaml'), text);
  const around = fakeSurroundings(folder, env);
  const code = await gatewayMain(['check', 'g.yaml', ...flags], around, FILES);
  return { code, lines: around.stdout.text.trimEnd().split('\n') };
}

const KEYS = 'keys:\n  - name: room1/temp\n    unit: °C\n    range: [0, 60]\n';

describe('a file that is fine', () => {
  it('may be as short as one key', async () => {
    expect(await check('keys:\n  - name: room1/temp\n')).toEqual({
      code: 0,
      lines: ['g.yaml is fine: site home, 1 key, 0 sources'],
    });
  });

  it('takes secrets from a file of its own and from the environment', async () => {
    writeFileSync(join(folder, 'mqtt.password'), 'secret\n', { mode: 0o600 });
    const text = `${KEYS}mqtt:\n  url: mqtts://broker:8883\n  user: me\n  password_file: mqtt.password\nhttp:\n  bind: 0.0.0.0\n  password_env: PAGE\n`;
    expect((await check(text, { PAGE: 'word' })).code).toBe(0);
  });
});

describe('a fault is named with its place', () => {
  const cases: [what: string, text: string, line: string][] = [
    ['an unknown key', `${KEYS}swarm:\n  prot: 1\n`, '6:3: swarm.prot: is not a known field; did you mean "port"?'],
    ['an unknown section', `${KEYS}mqt: {}\n`, '5:1: mqt: is not a known field; did you mean "mqtt"?'],
    [
      'a wrong type',
      `${KEYS}swarm: {cycle_ms: fast}\n`,
      '5:19: swarm.cycle_ms: is "fast"; must be a whole number from 50',
    ],
    [
      'a number out of range',
      `${KEYS}swarm: {port: 70000}\n`,
      '5:15: swarm.port: is 70000; must be a whole number from 1 to',
    ],
    [
      'a wrong word',
      `${KEYS}swarm: {transport: upd}\n`,
      '5:20: swarm.transport: is "upd"; must be one of udp, multicast',
    ],
    ['what is missing', 'site: home\n', '1:1: keys: is missing'],
    ['a key that is there twice', `${KEYS}  - name: room1/temp\n`, '5:11: keys[1].name: "room1/temp" is there twice'],
    ['a range upside down', 'keys:\n  - {name: a, range: [9, 1]}\n', '2:22: keys[0].range: is [9, 1]'],
    [
      'a source of no key',
      `${KEYS}sources:\n  - {key: room1/tmp, mqtt: a}\n`,
      'sources[0].key: "room1/tmp" is none of the keys; did you mean "room1/temp"?',
    ],
    ['two kinds at once', `${KEYS}sources:\n  - {key: room1/temp, mqtt: a, file: b}\n`, 'this one has mqtt and file'],
    [
      'a setting of another kind',
      `${KEYS}sources:\n  - {key: room1/temp, mqtt: a, baud: 9600}\n`,
      'sources[0].baud: is for serial sources',
    ],
    [
      'a wrong regular expression',
      `${KEYS}sources:\n  - {key: room1/temp, serial: /dev/x, match: "("}\n`,
      'is no regular expression',
    ],
    ['a unit that does not turn', `${KEYS}sources:\n  - {key: room1/temp, file: /x, unit: kg}\n`, 'does not turn into'],
    [
      'a topic that is none',
      `${KEYS}sources:\n  - {key: room1/temp, mqtt: "a/#/b"}\n`,
      'has a # that is not its last level',
    ],
    ['a password in the file', `${KEYS}mqtt: {password: hunter2}\n`, 'no password stands in this file'],
    ['a password in an address', `${KEYS}mqtt: {url: "mqtt://a:b@c"}\n`, '5:13: mqtt.url: has a user in it'],
    ['a variable that is not set', `${KEYS}http: {password_env: NOPE}\n`, 'the environment variable NOPE is not set'],
    [
      'a page for everyone',
      `${KEYS}http: {bind: 0.0.0.0}\n`,
      '5:14: http.bind: 0.0.0.0 is reached from other computers',
    ],
    [
      'a broker for everyone',
      `${KEYS}mqtt: {embedded: {bind: 0.0.0.0}}\n`,
      'mqtt.embedded.bind: 0.0.0.0 is reached from',
    ],
    ['privacy without a key', `${KEYS}swarm: {private: true}\n`, 'swarm.private: needs a key'],
    ['a federation without a key', `${KEYS}federation: {}\n`, 'federation.key_file: is missing'],
    ['a text that is no YAML', 'keys: [\n', 'this is no YAML'],
    [
      'a section that stands twice',
      `${KEYS}log: {}\nlog: {}\n`,
      '6:1: this is no YAML: this name stands twice in its section',
    ],
    ['a second document', `${KEYS}---\nsite: b\n`, '5:1: this is no YAML: a line of --- begins a second document'],
    ['an empty file', '', '1:1: is empty'],
  ];
  it.each(cases)('%s', async (_what, text, line) => {
    const { code, lines } = await check(text);
    expect(code).toBe(2);
    expect(lines[0]).toContain(line);
    expect(lines[0]).toMatch(/^g\.yaml:\d+:\d+: /);
    expect(lines).toHaveLength(1);
  });

  it('all of them at once, in the order of the file', async () => {
    const { lines } = await check(
      'swarm:\n  prot: 1\n  private: true\nkeys:\n  - {name: a, range: [9, 1], flor: 2}\nhttp: {bind: 0.0.0.0}\n',
    );
    const places = lines.map((line) => line.split(': ')[1]);
    expect(places).toEqual(['swarm.prot', 'swarm.private', 'keys[0].range', 'keys[0].flor', 'http.bind']);
  });

  it('as JSON, one a line', async () => {
    const { lines } = await check(`${KEYS}mqt: {}\n`, {}, ['--json']);
    expect(JSON.parse(lines[0])).toMatchObject({ type: 'fault', file: 'g.yaml', line: 5, column: 1, place: 'mqt' });
  });
});

it('refuses a file of secrets that others may read', async () => {
  const path = join(folder, 'open.password');
  writeFileSync(path, 'secret\n');
  chmodSync(path, 0o644);
  const { lines } = await check(`${KEYS}http: {password_file: open.password}\n`);
  expect(lines[0]).toContain('is open to others (mode 644); run: chmod 600');
  expect(lines.join()).not.toContain('secret');
});

it('tells of a file that is not there', async () => {
  const around = fakeSurroundings(folder);
  expect(await gatewayMain(['check', 'nowhere.yaml'], around, FILES)).toBe(2);
  expect(around.stdout.text).toBe(
    'nowhere.yaml:1:1: cannot be read: there is no such file; make one with "npm run gateway -- init"\n',
  );
  expect(await gatewayMain(['check', '.'], around, FILES)).toBe(2);
  expect(around.stdout.text).toMatch(/^\.:1:1: cannot be read: it is a directory$/m);
});

describe('init', () => {
  it('writes a file that is fine, and replaces none unless told', async () => {
    const around = fakeSurroundings(folder);
    expect(await gatewayMain(['init', 'new.yaml'], around, FILES)).toBe(0);
    expect(await gatewayMain(['check', 'new.yaml'], around, FILES)).toBe(0);
    await expect(gatewayMain(['init', 'new.yaml'], around, FILES)).rejects.toThrow('is there already');
    expect(await gatewayMain(['init', 'new.yaml', '--force'], around, FILES)).toBe(0);
  });
});

it('refuses words that mean nothing', async () => {
  const around = fakeSurroundings(folder);
  await expect(gatewayMain(['chek'], around, FILES)).rejects.toThrow('did you mean "check"?');
  await expect(gatewayMain(['check', 'a.yaml', '--force'], around, FILES)).rejects.toThrow('--force: is for init');
});
