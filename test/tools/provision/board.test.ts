import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { EXIT_SECURED, EXIT_WRONG_CHIP } from '../../../tools/flash/exit-codes.ts';
import { decodeNvs } from '../../../tools/provision/nvs/decode.ts';
import { EXIT_LINK_LOST, EXIT_NO_PORT } from '../../../tools/serial/exit-codes.ts';
import { Desk, NVS_AT, NVS_BYTES, usedNvs } from './desk.ts';

const KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
const OLD_KEY = '__________________________________________8';
const PASSWORD = 'correct horse battery';
const SETTINGS = {
  wifi_ssid: 'office',
  swarm: 'attic',
  role: 'gateway',
  mqtt_url: 'mqtt://broker.local',
  cycle_ms: 500,
  private: true,
  keys: [
    { name: 'room1/temp', range: [0, 100], source: { kind: 'i2c', driver: 'sht3x', offset: 40 } },
    { name: 'tank', source: { kind: 'analog', pin: 33, scale: 2 } },
  ],
};

const desks: Desk[] = [];
afterEach(() => desks.splice(0).forEach((desk) => desk.clear()));

function sit(...options: ConstructorParameters<typeof Desk>): Desk {
  const desk = new Desk(...options);
  desks.push(desk);
  desk.write('office.json', JSON.stringify(SETTINGS), 0o644);
  desk.write('wifi.txt', `${PASSWORD}\n`);
  desk.write('swarm.key', `${KEY}\n`);
  desk.write('old.key', `${OLD_KEY}\n`);
  return desk;
}

/** What is none of the settings' business is as it was. */
function expectUnharmed(desk: Desk): void {
  const used = usedNvs();
  for (const name of used.names()) {
    const [namespace, key] = name.split('/');
    expect(desk.device.preference(namespace, key)).toEqual(used.preference(namespace, key));
  }
}

const ALL = ['--file', 'office.json', '--wifi-password-file', 'wifi.txt', '--key-file', 'swarm.key'];

describe('a board that is provisioned', () => {
  it.each(['esp32', 'esp32s2', 'esp32s3', 'esp32c3', 'esp32c6'] as const)(
    '%s reads what it was told, and keeps what it had',
    async (chip) => {
      const desk = sit({ chip });
      // Pins differ from chip to chip.
      const pin = chip === 'esp32' ? 33 : 2;
      const ran = await desk.run([...ALL, '--sensor', `tank=analog,pin=${pin},scale=2`]);
      expect(ran).toMatchObject({ code: 0, out: '/dev/ttyUSB0: 9 settings written for flash offset 0x3d0000\n' });
      const { device } = desk;
      expect(device.preference('lvs', 'wifi_ssid')).toBe('office');
      expect(device.preference('lvs', 'wifi_password')).toBe(PASSWORD);
      expect(device.preference('lvs', 'swarm')).toBe('attic');
      expect(device.preference('lvs', 'role')).toBe('gateway');
      expect(device.preference('lvs', 'cycle_ms')).toBe(500);
      expect(device.preference('lvs', 'private')).toBe(true);
      expect(device.preference('lvs', 'swarm_key')).toEqual(Buffer.from(KEY, 'base64url'));
      expect(JSON.parse(String(device.preference('lvs', 'key0')))).toEqual(SETTINGS.keys[0]);
      expect(JSON.parse(String(device.preference('lvs', 'key1')))).toEqual({
        ...SETTINGS.keys[1],
        source: { kind: 'analog', pin, scale: 2 },
      });
      expectUnharmed(desk);
      // It starts when EN has risen.
      await vi.waitFor(() => expect(desk.board.mode).toBe('app'));
    },
  );

  it('is not written when it has all of it already', async () => {
    const desk = sit();
    await desk.run(ALL);
    const before = desk.partition;
    const bytes = desk.board.wire.toDevice_bytes;
    const again = await desk.run(ALL);
    expect(again.code).toBe(0);
    expect(again.out).toBe('/dev/ttyUSB0: nothing written\n');
    expect(again.err).toContain('write the settings  skipped: the board has all of them already');
    expect(desk.partition.equals(before)).toBe(true);
    expect(desk.board.wire.toDevice_bytes - bytes).toBeGreaterThan(0);
  });

  it('keeps the rest when one setting changes or goes', async () => {
    const desk = sit();
    await desk.run(ALL);
    const changed = await desk.run(['--set', 'cycle_ms=250', '--unset', 'role', '--json']);
    expect(JSON.parse(changed.out.trim().split('\n').at(-1) ?? '')).toEqual({
      type: 'result',
      set: ['cycle_ms'],
      removed: ['role'],
      written: true,
      to: '/dev/ttyUSB0',
      offset: 0x3d0000,
      size_bytes: NVS_BYTES,
    });
    const { device } = desk;
    expect(device.preference('lvs', 'cycle_ms')).toBe(250);
    expect(device.preference('lvs', 'role')).toBeUndefined();
    expect(device.preference('lvs', 'wifi_password')).toBe(PASSWORD);
    expect(device.preference('lvs-state', 'slot0')).toEqual(Buffer.alloc(300, 8));
  });

  it('has its keys changed by name, and made fewer by a list', async () => {
    const desk = sit();
    await desk.run(ALL);
    await desk.run(['--sensor', 'tank=none', '--sensor', 'door=counter,pin=25']);
    expect(JSON.parse(String(desk.device.preference('lvs', 'key1')))).toEqual({ name: 'tank' });
    expect(JSON.parse(String(desk.device.preference('lvs', 'key2')))).toMatchObject({ name: 'door' });
    desk.write('one.json', '{"keys": [{"name": "door"}]}');
    expect(await desk.run(['--file', 'one.json'])).toMatchObject({ code: 0 });
    expect(desk.device.preference('lvs', 'key0')).toBe('{"name":"door"}');
    expect(desk.device.preference('lvs', 'key1')).toBeUndefined();
  });

  it('has no old secret left in its flash', async () => {
    const desk = sit();
    await desk.run(ALL);
    desk.write('wifi.txt', 'another password\n');
    await desk.run(['--wifi-password-file', 'wifi.txt', '--key-file', 'old.key']);
    expect(desk.partition.includes(PASSWORD)).toBe(false);
    expect(desk.partition.includes(Buffer.from(KEY, 'base64url'))).toBe(false);
    expect(desk.device.preference('lvs', 'wifi_password')).toBe('another password');
  });

  it('changes keys: both for a while, then the new one alone', async () => {
    const desk = sit();
    await desk.run(['--key-file', 'old.key']);
    const alone = await desk.run(['--key-file', 'swarm.key', '--out', 'x.bin', '--board', 'm5atom']);
    expect(alone.code).toBe(0);
    const both = await desk.run(['--key-file', 'swarm.key', '--old-key-file', 'old.key']);
    expect(both.err).not.toContain('another swarm key');
    expect(desk.device.preference('lvs', 'swarm_key_old')).toEqual(Buffer.from(OLD_KEY, 'base64url'));
    await desk.run(['--unset', 'swarm_key_old']);
    expect(desk.device.preference('lvs', 'swarm_key_old')).toBeUndefined();
    const other = await desk.run(['--key-file', 'old.key']);
    expect(other.err).toContain('the board had another swarm key: it no longer hears those that have it');
  });

  it('forgets the password of a network that it leaves', async () => {
    const desk = sit();
    await desk.run(ALL);
    const { err } = await desk.run(['--wifi-ssid', 'guests']);
    expect(err).toContain('no password for the network guests: it is taken as open');
    expect(desk.device.preference('lvs', 'wifi_password')).toBeUndefined();
  });
});

describe('provision show', () => {
  it('reads the settings back, secrets masked', async () => {
    const desk = sit();
    await desk.run(ALL);
    const { code, out, err } = await desk.run(['show']);
    expect(code).toBe(0);
    expect(out).toContain('wifi_ssid      office\n');
    expect(out).toContain('wifi_password  (set)\n');
    expect(out).toMatch(/swarm_key {6}\(set; fingerprint [0-9a-f]{8}\)\n/);
    expect(out).toContain('keys[1]        {"name":"tank"');
    expect(err).toContain('besides, values of others: phy 2, lvs-state 2, lvs-crash 1, nvs.net80211 1');
  });

  it('says so of a board that was never provisioned', async () => {
    const desk = sit();
    const { code, out, err } = await desk.run(['show']);
    expect([code, out]).toEqual([0, '']);
    expect(err).toContain('no settings: the board was never provisioned');
  });
});

describe('a link that is cut', () => {
  it('while it writes, loses nothing of what the board had', async () => {
    const desk = sit();
    const copies = join(desk.root, 'build', 'provision');
    const used = desk.partition;
    // The chip's own loader erases everything first, and takes 1 KB at a time: a cut then does the most harm.
    const slowly = [...ALL, '--no-stub'];
    await desk.run(slowly);
    const whole_bytes = desk.board.wire.toDevice_bytes;
    const left: number[] = [];
    for (const left_bytes of [100, 600, 2000]) {
      desk.board.flash.bytes.set(used, NVS_AT);
      desk.board.replug();
      desk.board.faults.unplugAfterToDevice_bytes = whole_bytes - left_bytes;
      const cut = await desk.run(slowly);
      expect(cut.code).toBe(EXIT_LINK_LOST);
      left.push(decodeNvs(desk.partition).entries.length);
      expect(readdirSync(copies)).toEqual(['240ac4010203.bin']);
      expect(statSync(join(copies, '240ac4010203.bin')).mode & 0o777).toBe(0o600);
      desk.board.replug();
      const again = await desk.run(ALL);
      expect(again).toMatchObject({ code: 0 });
      expect(again.err).toContain('the last run was cut off while it wrote');
      expect(desk.device.preference('lvs', 'swarm')).toBe('attic');
      expectUnharmed(desk);
      expect(readdirSync(copies)).toEqual([]);
    }
    // Without the copy most of it would have been gone.
    expect(Math.min(...left)).toBeLessThan(usedNvs().names().length / 2);
  });
});

describe('a board is refused', () => {
  it('that has another chip than the one named', async () => {
    const desk = sit({ chip: 'esp32c3' });
    const { code, err } = await desk.run([...ALL, '--board', 'm5atom']);
    expect(code).toBe(EXIT_WRONG_CHIP);
    expect(err).toContain('the chip at /dev/ttyUSB0 is an esp32c3, and m5atom has an esp32; nothing was changed');
    expect(existsSync(join(desk.root, 'build'))).toBe(false);
  });

  it('that keeps its settings encrypted', async () => {
    const desk = sit({ faults: { flashEncryption: true } });
    const before = desk.partition;
    expect((await desk.run(ALL)).code).toBe(EXIT_SECURED);
    expect(desk.partition.equals(before)).toBe(true);
  });

  it('that was never flashed', async () => {
    const desk = sit({ flash: new Uint8Array(0x400000).fill(0xff) });
    const { code, err } = await desk.run(ALL);
    expect(code).toBe(1);
    expect(err).toContain('has no partition table: flash it first with `npm run flash`');
  });

  it('that is not there', async () => {
    const desk = sit();
    const baud = await desk.run([...ALL, '--baud', 'fast']);
    expect(baud).toMatchObject({ code: 2 });
    expect(baud.err).toContain('--baud is "fast"; it must be a whole number from 9600 to 4000000');
    expect((await desk.run([...ALL, '--port', '/dev/ttyUSB7'])).code).toBe(EXIT_NO_PORT);
    expect((await desk.run(ALL, { ESPTOOL_PORT: '/dev/ttyUSB7' })).code).toBe(EXIT_NO_PORT);
  });
});

describe('secrets', () => {
  it('are in no output, no trace and no report', async () => {
    const desk = sit();
    desk.write('mqtt.txt', 'broker secret\n');
    const more = ['--mqtt-url', 'mqtt://broker.local', '--mqtt-user', 'me', '--mqtt-password-file', 'mqtt.txt'];
    const runs = [
      await desk.run([...ALL, ...more, '--trace', 'trace.txt']),
      await desk.run(['show', '--trace', 'trace2.txt']),
      await desk.run(['show', '--json']),
      await desk.run([...ALL, ...more, '--set', 'cycle_ms=333', '--json']),
      await desk.run([...ALL, ...more, '--board', 'm5atom', '--out', 'image.bin', '--json']),
      await desk.run(['show', '--image', 'image.bin', '--json']),
      await desk.run(['new-key', '--out', 'new.key', '--json']),
      await desk.run(['--swarm', 'x'], { LVS_WIFI_PASSWORD: 'short', LVS_SWARM_KEY: `${KEY}x` }),
    ];
    expect(runs.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0, 0, 0, 2]);
    const made = desk.read('new.key').toString().trim();
    const said = runs.map(({ out, err }) => out + err).join('\n');
    const traces = `${desk.read('trace.txt').toString('latin1')}${desk.read('trace2.txt').toString('latin1')}`;
    for (const secret of [PASSWORD, KEY, 'broker secret', made, 'short']) {
      expect(said).not.toContain(secret);
      expect(traces).not.toContain(secret);
      expect(traces).not.toContain(Buffer.from(secret).toString('hex'));
    }
    expect(traces).toContain('(the settings: not traced, for they hold secrets)');
    for (const file of ['image.bin', 'new.key']) expect(statSync(join(desk.root, file)).mode & 0o777).toBe(0o600);
  });
});
