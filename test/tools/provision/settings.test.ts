import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { projectRoot } from '../../../tools/cli/project-root.ts';
import { QUANTITIES } from '../../../tools/provision/settings/key-fields.ts';
import { SETTINGS } from '../../../tools/provision/settings/names.ts';
import { settingsSchema } from '../../../tools/provision/settings/schema.ts';
import { Desk } from './desk.ts';
import { NvsDevice } from './nvs-device.ts';

const KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';

let desk: Desk | undefined;
afterEach(() => {
  desk?.clear();
  desk = undefined;
});

function sit(): Desk {
  desk = new Desk();
  return desk;
}

const INTO_FILE = ['--board', 'm5atom', '--out', 'image.bin'];

describe('the table of settings', () => {
  it('has each name that the firmware reads', () => {
    const page = readFileSync(join(projectRoot(), 'firmware', 'device', 'README.md'), 'utf8');
    const table = page.slice(page.indexOf('| name '), page.indexOf('A key has the fields'));
    const names = table.split('\n').flatMap((row) => [
      ...row
        .split('|')
        .slice(1, 2)
        .join('')
        .matchAll(/`(\w+)`/g),
    ]);
    const settings = names.map(([, name]) => name).filter((name) => !/^keys?\d*$/.test(name));
    expect(settings.length).toBeGreaterThan(15);
    for (const name of settings) expect(Object.keys(SETTINGS)).toContain(name);
  });

  it('has the sensors and quantities of the firmware', () => {
    const code = readFileSync(join(projectRoot(), 'firmware', 'device', 'esp32', 'sensor-drivers.ts'), 'utf8');
    const drivers = [...code.matchAll(/driver\('(\w+)', \w+, \w+, \[([A-Z_, ]+)\]/g)];
    const theirs = drivers.map(([, name, list]) => [
      name,
      list.split(', ').map((one) => one.split('_')[0].toLowerCase()),
    ]);
    expect(Object.fromEntries(theirs)).toEqual(QUANTITIES);
  });
});

describe('the schema', () => {
  it('knows each setting that is written, and each it knows is written or a way to give one', () => {
    const fields = Object.keys(settingsSchema.properties ?? {});
    const ways = Object.entries(SETTINGS).flatMap(([name, { secret }]) => (secret ? [name, `${name}_file`] : [name]));
    expect(fields.filter((name) => name !== '$schema' && name !== 'keys').sort()).toEqual(ways.sort());
    for (const name of fields) expect(name.replace(/_file$/, '').length).toBeLessThanOrEqual(15);
  });

  it('has the fields of a scenario’s key, with the same limits', () => {
    const text = readFileSync(join(projectRoot(), 'host-sim', 'scenarios', 'schema.json'), 'utf8');
    const scenario = JSON.parse(text) as typeof settingsSchema;
    const theirs = { ...scenario.properties?.keys.items?.properties };
    const { source, unit, ...ours } = { ...settingsSchema.properties?.keys.items?.properties };
    expect([source, unit]).not.toContain(undefined);
    const limits = (fields: object): string => JSON.stringify(fields).replaceAll(/"description":"[^"]*",?/g, '');
    expect(limits(ours)).toBe(limits(theirs));
  });
});

describe('a settings file', () => {
  it.each<[string, string, string]>([
    [
      'a name that is off',
      '{\n  "swarmm": "x"\n}',
      'office.json:2: swarmm is not a known field; did you mean "swarm"?',
    ],
    [
      'a number too large',
      '{\n  "cycle_ms": 90000\n}',
      'office.json:2: cycle_ms is 90000; it must be a whole number from 50 to 60000',
    ],
    [
      'a word that is none',
      '{"role": "gatway"}',
      'office.json:1: role is "gatway"; it must be one of node, gateway; did you mean "gateway"?',
    ],
    [
      'a key without a name',
      '{"keys": [\n{}]}',
      'office.json:2: keys[0].name is missing; it must be text of 1 to 64 letters, without spaces',
    ],
    [
      'two keys of one name',
      '{"keys": [{"name": "a"},\n{"name": "a"}]}',
      'office.json:2: keys[1].name is "a"; it must be another name than that of keys[0]',
    ],
    [
      'a span below the floor',
      '{"keys": [{"name": "a", "floor": 2, "span": 1}]}',
      'keys[0].span is 1; it must be at least floor, 2',
    ],
    [
      'a range upside down',
      '{"keys": [{"name": "a", "range": [9, 1]}]}',
      'keys[0].range is [9,1]; it must be the lowest value, then the highest',
    ],
    [
      'a field of another kind',
      '{"keys": [{"name": "a", "source": {"kind": "analog", "pin": 33, "driver": "sht3x"}}]}',
      'keys[0].source.driver does not go with kind analog',
    ],
    [
      'a sensor without its driver',
      '{"keys": [{"name": "a", "source": {"kind": "i2c"}}]}',
      'keys[0].source.driver is missing; kind i2c needs it',
    ],
    [
      'a quantity that it does not measure',
      '{"keys": [{"name": "a", "source": {"kind": "i2c", "driver": "tmp117", "quantity": "humidity"}}]}',
      'keys[0].source.quantity is "humidity"; it must be one of temperature',
    ],
    [
      'a pin that the chip lacks',
      '{"keys": [{"name": "a", "source": {"kind": "counter", "pin": 24}}]}',
      'keys[0].source.pin is 24; it must be a GPIO of the esp32, which has 0 to 23, 25 to 27 and 32 to 39',
    ],
    [
      'a pin of the flash',
      '{"keys": [{"name": "a", "source": {"kind": "counter", "pin": 7}}]}',
      '6 to 11 belong to the flash of the esp32',
    ],
    [
      'a pin without a converter',
      '{"keys": [{"name": "a", "source": {"kind": "analog", "pin": 21}}]}',
      'it must be on the first converter of the esp32: 32 to 39',
    ],
    [
      'the lamp’s pin',
      '{"keys": [{"name": "a", "source": {"kind": "counter", "pin": 27}}]}',
      'the lamp of the board is on it',
    ],
    ['a gateway without a broker', '{\n"role": "gateway"}', 'office.json:2: role is "gateway"; it needs mqtt_url'],
    [
      'a broker over TLS',
      '{"mqtt_url": "mqtts://broker.local:8883"}',
      'office.json:1: mqtt_url must begin with mqtt://, such as mqtt://broker.local:1883',
    ],
    [
      'a prefix with a slash behind it',
      '{"mqtt_url": "mqtt://b:1883", "mqtt_prefix": "lvs/"}',
      'mqtt_prefix is "lvs/"; it must be',
    ],
    [
      'everyone as a peer',
      '{"transport": "peers", "peers": "255.255.255.255"}',
      'peers is "255.255.255.255"; it must not be everyone; transport broadcast is for that',
    ],
    ['two groups', '{"group": "239.1.1.1,239.1.1.2"}', 'it must be a multicast address from 224.0.0.0'],
    [
      'the console’s pin',
      '{"keys": [{"name": "a", "source": {"kind": "counter", "pin": 3}}]}',
      'keys[0].source.pin is 3; it must be another GPIO: it belongs to the console, UART0 (1 and 3)',
    ],
    ['encryption without a key', '{\n"private": true}', 'office.json:2: private is true; it needs a swarm key'],
    [
      'peers that are none',
      '{"transport": "peers", "peers": "10.0.0.7:19542,there"}',
      'peers is "there"; it must be IPv4 addresses',
    ],
    ['no peers', '{"transport": "peers"}', 'peers is missing; with transport peers'],
    [
      'a group that is none',
      '{"group": "10.0.0.1"}',
      'it must be a multicast address from 224.0.0.0 to 239.255.255.255',
    ],
    ['more shards than fit', '{"shards": 64}', 'shards is 64; it must be at most 60 with 1 key'],
    ['a network with a long name', '{"wifi_ssid": "ÄÖÜÄÖÜÄÖÜÄÖÜÄÖÜÄÖÜ"}', 'it must be at most 32 bytes; it has 36'],
    ['no JSON', '{\n  "swarm": \n}', 'office.json:3: this is not JSON: value expected'],
    ['nothing', '', 'office.json:1: this is not JSON'],
    ['a list', '[]', 'office.json:1: the file must be an object with'],
  ])('is refused for %s', async (_what, text, line) => {
    const at = sit();
    at.write('office.json', text);
    const { code, err } = await at.run([...INTO_FILE, '--file', 'office.json']);
    expect(err).toContain(line);
    expect(code).toBe(2);
    expect(existsSync(join(at.root, 'image.bin'))).toBe(false);
  });

  it('may have comments, a schema, and secrets in files beside it', async () => {
    const at = sit();
    at.write('swarm.key', `${KEY}\n`);
    at.write(
      'office.json',
      '{ "$schema": "x", /* the attic */ "swarm": "attic", "swarm_key_file": "swarm.key", }',
      0o644,
    );
    expect((await at.run([...INTO_FILE, '--file', 'office.json'])).code).toBe(0);
    const device = new NvsDevice(at.read('image.bin'));
    expect(device.preference('lvs', 'swarm_key')).toEqual(Buffer.from(KEY, 'base64url'));
    expect(device.names()).toEqual(['lvs/swarm', 'lvs/swarm_key']);
  });

  it('is JSON, and says why when it is YAML', async () => {
    const at = sit();
    at.write('office.yaml', 'swarm: attic\n');
    const { code, err } = await at.run([...INTO_FILE, '--file', 'office.yaml']);
    expect(code).toBe(2);
    expect(err).toContain('settings files are JSON here');
  });

  it('with a secret in it must be its owner’s alone', async () => {
    const at = sit();
    at.write('office.json', '{"wifi_ssid": "office", "wifi_password": "sesame open"}', 0o640);
    const open = await at.run([...INTO_FILE, '--file', 'office.json']);
    expect(open.code).toBe(2);
    expect(open.err).toContain('office.json: it holds a secret and others may read it (mode 640)');
    expect(open.err).toContain('chmod 600 office.json');
    at.write('office.json', '{"wifi_ssid": "office", "wifi_password": "sesame open"}');
    expect((await at.run([...INTO_FILE, '--file', 'office.json'])).code).toBe(0);
  });
});

describe('flags', () => {
  it.each<[string[], string]>([
    [['--wifi-password', 'hunter22'], '--wifi-password: a secret on the command line stays in the shell'],
    [['--wifi-password=hunter22'], 'use --wifi-password-file FILE, the variable LVS_WIFI_PASSWORD, or the prompt'],
    [['--swarm-key', 'hunter22'], 'use --key-file FILE'],
    [['--mqtt-password=hunter22'], 'use --mqtt-password-file FILE'],
    [['--wifi-pasword=hunter22'], "unknown option '--wifi-pasword'"],
    [['--set', 'wifi_password=hunter22'], '--set wifi_password: a secret on the command line'],
    [['hunter22'], 'there is one word too many; the verbs are show and new-key'],
    [['--set', 'mqtt_url=mqtt://me:hunter22@broker'], '--set mqtt_url: mqtt_url must not hold a name or password'],
    [['--mqtt-url', `mqtt://me:hunter22@${'b'.repeat(300)}`], '--mqtt-url: mqtt_url must not hold a name or password'],
    [['--mqtt-url', 'mqtt://me:hunter22@broker'], '--mqtt-url: mqtt_url must not hold a name or password'],
  ])('%j never take a secret, nor repeat it', async (argv, line) => {
    const { code, err, out } = await sit().run([...INTO_FILE, ...argv]);
    expect(code).toBe(2);
    expect(err).toContain(line);
    expect(out + err).not.toContain('hunter22');
  });

  it.each<[string[], string]>([
    [['--set', 'cycle_mss=5'], '--set cycle_mss: there is no such setting; did you mean "cycle_ms"?'],
    [['--set', 'cycle_ms'], '--set cycle_ms: its value is missing'],
    [['--set', 'cycle_ms=fast'], '--set cycle_ms: cycle_ms is "fast"; it must be a whole number'],
    [['--set', 'private=yes'], 'private is "yes"; it must be true or false'],
    [['--unset', 'rolle'], '--unset rolle: there is no such setting; did you mean "role"?'],
    [['--unset', 'swarm', '--swarm', 'x'], '--unset swarm: --swarm sets it; do one of the two'],
    [['--role', 'boss'], '--role: role is "boss"; it must be one of node, gateway'],
    [['--sensor', 'room1'], "must be a key's name and where its readings come from"],
    [
      ['--sensor', 'a=i2x'],
      '"i2x" is no source; it must be one of i2c, analog, counter, synthetic, none; did you mean "i2c"?',
    ],
    [['--sensor', 'a=analog,pn=33'], 'there is no field "pn"; did you mean "pin"?'],
    [['--sensor', 'a=analog,pin'], '"pin" must be a field and its value'],
    [['--sensor', 'a=analog,pin=x'], 'keys[0].source.pin is "x"; it must be a whole number from 0 to 48'],
    [['--sensor', 'a=none', '--sensor', 'b=analog,pin=12'], '--sensor b=analog,pin=12: keys[1].source.pin is 12'],
    [['--key-file', 'none.key'], 'none.key: cannot be read: there is no such file'],
    [['--file', 'none.json'], 'none.json: cannot be read: there is no such file'],
    [['--image', 'none.bin', '--swarm', 'x'], 'none.bin: cannot be read: there is no such file'],
    [['--port', '/dev/ttyUSB0', '--swarm', 'x'], '--out and --port: a file or a board, one of the two'],
    [[], 'nothing to set'],
  ])('%j are refused with what is allowed', async (argv, line) => {
    const { code, err } = await sit().run([...INTO_FILE, ...argv]);
    expect(err).toContain(line);
    expect(code).toBe(2);
  });

  it('name a board that there is, and that can run the node', async () => {
    const at = sit();
    const run = (board: string): ReturnType<Desk['run']> =>
      at.run(['--board', board, '--out', 'x.bin', '--swarm', 'x']);
    expect((await run('m5atm')).err).toContain('did you mean m5atom?');
    expect((await run('esp32-h2-devkitm')).err).toContain('has no Wi-Fi');
    expect((await at.run(['--out', 'x.bin', '--swarm', 'x'])).err).toContain('--out needs --board');
  });

  it('go over the environment, which goes over the file', async () => {
    const at = sit();
    at.write('office.json', '{"wifi_ssid": "office", "swarm": "cellar"}');
    at.write('wifi.txt', 'from the file\n');
    const env = { LVS_WIFI_PASSWORD: 'from the environment' };
    await at.run([...INTO_FILE, '--file', 'office.json', '--swarm', 'attic'], env);
    const device = new NvsDevice(at.read('image.bin'));
    expect(device.preference('lvs', 'swarm')).toBe('attic');
    expect(device.preference('lvs', 'wifi_password')).toBe('from the environment');
    await at.run([...INTO_FILE, '--file', 'office.json', '--wifi-password-file', 'wifi.txt'], env);
    expect(new NvsDevice(at.read('image.bin')).preference('lvs', 'wifi_password')).toBe('from the file');
  });

  it('that name a secret’s file as the settings’ file do not tell it', async () => {
    const at = sit();
    at.write('wifi.txt', '1234567890\n');
    const { code, err } = await at.run([...INTO_FILE, '--file', 'wifi.txt']);
    expect(code).toBe(2);
    expect(err).toContain('wifi.txt:1: the file must be an object');
    expect(err).not.toContain('1234567890');
  });

  it('tell of a wrong secret without it', async () => {
    const at = sit();
    at.write('wifi.txt', 'shorty\n');
    const { code, err } = await at.run([...INTO_FILE, '--wifi-ssid', 'office', '--wifi-password-file', 'wifi.txt']);
    expect(code).toBe(2);
    expect(err).toContain('--wifi-password-file wifi.txt: wifi_password must be text');
    expect(err).not.toContain('shorty');
    at.write('empty.txt', '\n');
    expect((await at.run([...INTO_FILE, '--key-file', 'empty.txt'])).err).toContain('its first line is empty');
    at.write('open.key', `${KEY}\n`, 0o644);
    expect((await at.run([...INTO_FILE, '--key-file', 'open.key'])).err).toContain('chmod 600 open.key');
  });
});

const letters = fc.stringMatching(/^[A-Za-z0-9/_.-]{1,20}$/);
const anySource = fc.oneof(
  fc.record({
    kind: fc.constant('i2c'),
    driver: fc.constantFrom('sht3x', 'aht10'),
    quantity: fc.constantFrom('temperature', 'humidity'),
  }),
  fc.record({ kind: fc.constant('analog'), pin: fc.constantFrom(33, 34, 36) }),
  fc.record({ kind: fc.constant('synthetic'), value: fc.integer({ min: 0, max: 100 }), noise: fc.nat(5) }),
);
const anyKeys = fc.uniqueArray(
  fc.record({ name: letters, range: fc.constant([0, 50]), source: anySource }, { requiredKeys: ['name'] }),
  { minLength: 1, maxLength: 12, selector: ({ name }) => name },
);
const anySettings = fc.record(
  {
    wifi_ssid: fc
      .string({ minLength: 1, maxLength: 8, unit: 'grapheme' })
      .filter((text) => !text.includes('\0') && Buffer.byteLength(text) <= 32),
    wifi_password: fc.stringMatching(/^[ -~]{8,63}$/),
    swarm: letters,
    swarm_key: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
    role: fc.constantFrom('node', 'gateway'),
    mqtt_url: fc.constantFrom('mqtt://broker.local', 'mqtt://10.0.0.2:1884/'),
    cycle_ms: fc.integer({ min: 50, max: 60000 }),
    port: fc.integer({ min: 1, max: 65535 }),
    alpha: fc.integer({ min: 0, max: 65536 }),
    relay: fc.constantFrom('safe', 'open', 'off'),
    time_server: fc.constantFrom('', 'time.local'),
    keys: anyKeys,
  },
  { requiredKeys: ['swarm', 'mqtt_url'] },
);

describe('random settings', () => {
  it('come back from the image as they were: in the model of a device, and in show', async () => {
    const at = sit();
    await fc.assert(
      fc.asyncProperty(anySettings, async (settings) => {
        at.write('random.json', JSON.stringify(settings));
        const ran = await at.run([...INTO_FILE, '--file', 'random.json']);
        expect(ran).toMatchObject({ code: 0 });
        const device = new NvsDevice(at.read('image.bin'));
        const shown = await at.run(['show', '--image', 'image.bin', '--json']);
        const lines = shown.out
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as { name?: string; value?: unknown });
        const value = (name: string): unknown => lines.find((line) => line.name === name)?.value;
        const { keys = [], ...plain } = settings;
        for (const [name, given] of Object.entries(plain)) {
          const expected = name === 'swarm_key' ? Buffer.from(String(given), 'base64url') : given;
          expect(device.preference('lvs', name)).toEqual(expected);
          expect(value(name)).toEqual(SETTINGS[name].secret ? undefined : given);
        }
        keys.forEach((key, i) => {
          expect(JSON.parse(String(device.preference('lvs', `key${i}`)))).toEqual(key);
          expect(value(`keys[${i}]`)).toEqual(key);
        });
        expect(device.names()).toHaveLength(Object.keys(plain).length + keys.length);
      }),
      { numRuns: 100 },
    );
  });
});
