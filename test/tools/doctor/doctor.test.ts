import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Machine } from '../../../tools/doctor/finding.ts';
import { doctorMain, examine } from '../../../tools/doctor/main.ts';
import { lookAtRights, portsOf } from '../../../tools/doctor/serial.ts';
import { keepSurroundings } from '../around.ts';
import { fakeIdf, fakeSdk } from '../fake-sdk.ts';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'lvs-doctor-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const PROGRAMS: Record<string, string> = {
  'npm --version': '11.0.0',
  'python3 --version': 'Python 3.11.7',
  'cc --version': 'cc 12.2.0',
  'make --version': 'GNU Make 4.3',
  'pkg-config --modversion gio-2.0': '2.74.6',
  'id -nG': 'me dialout',
};

interface MachineOptions {
  env?: Record<string, string>;
  programs?: Record<string, string>;
  ports?: string[];
  denied?: string[];
  platform?: NodeJS.Platform;
  node?: string;
}

function machine({
  env = {},
  programs = PROGRAMS,
  ports = ['ttyUSB0'],
  denied = [],
  platform = 'linux',
  node = '20.20.0',
}: MachineOptions): Machine {
  return {
    env,
    platform,
    node_version: node,
    firstLine: (command, args) => Promise.resolve(programs[[command, ...args].join(' ')] ?? ''),
    list: (path) => (path === '/dev' ? ['null', 'tty', ...ports] : []),
    mayUse: (path) => !denied.includes(path),
    isRoot: false,
  };
}

const whole = (): Record<string, string> => ({ MODDABLE: fakeSdk(folder), IDF_PATH: fakeIdf(folder) });

async function doctor(one: Machine, argv: string[] = []): Promise<{ code: number; text: string }> {
  const around = keepSurroundings();
  return { code: await doctorMain(argv, around, one), text: around.out() };
}

describe('npm run doctor', () => {
  it('finds nothing where everything is there', async () => {
    const { code, text } = await doctor(machine({ env: whole() }), ['--board', 'm5atom']);
    expect(code).toBe(0);
    expect(text.split('\n').filter((line) => line !== '' && !line.startsWith('✓'))).toEqual([]);
    for (const name of ['Node.js', 'npm', 'Moddable SDK', 'ESP-IDF', 'Python', 'compiler', 'serial rights', 'ports']) {
      expect(text).toContain(name);
    }
  });

  it('takes a missing SDK for a fault only where a board is meant', async () => {
    expect((await doctor(machine({}))).code).toBe(0);
    const { code, text } = await doctor(machine({}), ['--board', 'm5atom']);
    expect(code).toBe(1);
    expect(text).toContain('✗ Moddable SDK  the Moddable SDK is missing: MODDABLE is not set');
    expect(text).toContain('run `npm run setup -- --board m5atom`, which installs 8.2.3');
  });

  it.each([
    ['nope', 'there is no board "nope"'],
    ['esp32-h2-devkitm', '--board esp32-h2-devkitm: '],
  ])('refuses %s, for which nothing can be built', async (board, line) => {
    await expect(doctor(machine({}), ['--board', board])).rejects.toThrow(line);
  });

  it.each<[string, MachineOptions, string, string]>([
    ['an old Node.js', { node: '18.19.0' }, 'Node.js', 'install Node.js 20.19 or newer'],
    ['no npm', { programs: { ...PROGRAMS, 'npm --version': '' } }, 'npm', 'npm comes with Node.js'],
    [
      'an old Python',
      { programs: { ...PROGRAMS, 'python3 --version': 'Python 3.8.1' } },
      'Python',
      'Python 3.10 or newer',
    ],
    ['no right to a port', { denied: ['/dev/ttyUSB0'] }, 'serial rights', 'sudo usermod -aG dialout $USER'],
  ])('names %s and how to mend it', async (_what, options, name, mend) => {
    const findings = await examine(machine({ env: whole(), ...options }), '');
    const wrong = findings.filter(({ state }) => state !== 'ok');
    expect(wrong.map((one) => one.name)).toEqual([name]);
    expect(wrong[0].mend).toContain(mend);
    expect((await doctor(machine({ env: whole(), ...options }))).code).toBe(1);
  });

  it('names a wrong SDK and a wrong ESP-IDF', async () => {
    const env = { MODDABLE: fakeSdk(folder), IDF_PATH: fakeIdf(folder, [5, 1]) };
    const idf = (await examine(machine({ env }), '')).find(({ name }) => name === 'ESP-IDF');
    expect(idf).toMatchObject({
      state: 'wrong',
      found: 'the ESP-IDF in IDF_PATH is v5.1.1, and the Moddable SDK 8.2.3 wants v6.0',
    });
    const old = { MODDABLE: fakeSdk(folder, { version: '7.0.0' }) };
    const findings = await examine(machine({ env: old }), '');
    expect(findings.filter(({ state }) => state === 'wrong').map(({ name }) => name)).toEqual(['Moddable SDK']);
  });

  it('tells what to install where there is no compiler, by system', async () => {
    const programs = { ...PROGRAMS, 'cc --version': '', 'make --version': '' };
    for (const [platform, mend] of [
      ['linux', 'apt install gcc make'],
      ['darwin', 'xcode-select --install'],
      ['win32', 'Visual Studio'],
    ] as const) {
      const compiler = (await examine(machine({ programs, platform }), '')).find(({ name }) => name === 'compiler');
      expect(compiler).toMatchObject({ state: 'missing', found: 'not on the PATH: a C compiler, make' });
      expect(compiler?.mend).toContain(mend);
    }
  });

  it('gives JSON, a finding a line', async () => {
    const { text } = await doctor(machine({ env: whole() }), ['--json']);
    for (const line of text.trim().split('\n'))
      expect(JSON.parse(line)).toMatchObject({ type: 'finding', fault: false });
  });
});

describe('serial ports', () => {
  it('are found by their names on each system', () => {
    const ports = ['ttyUSB1', 'ttyACM0', 'ttyS0', 'cu.usbmodem1', 'cu.SLAB_USBtoUART', 'cu.Bluetooth'];
    expect(portsOf(machine({ ports }))).toEqual(['/dev/ttyACM0', '/dev/ttyUSB1']);
    expect(portsOf(machine({ ports, platform: 'darwin' }))).toEqual(['/dev/cu.SLAB_USBtoUART', '/dev/cu.usbmodem1']);
    expect(portsOf(machine({ ports, platform: 'win32' }))).toEqual([]);
  });

  it('may be opened by members of the group, by root, and by whoever the system lets', async () => {
    expect((await lookAtRights(machine({}))).found).toBe('you are in the group dialout');
    expect((await lookAtRights({ ...machine({ denied: ['/dev/ttyUSB0'] }), isRoot: true })).state).toBe('ok');
    expect((await lookAtRights(machine({ programs: { 'id -nG': 'me' } }))).found).toBe(
      'the ports that there are may be opened',
    );
    expect(await lookAtRights(machine({ programs: { 'id -nG': 'me' }, ports: [] }))).toMatchObject({
      state: 'wrong',
      found: 'you are not in the group dialout',
    });
  });
});
