/** What provision takes, the board must start with: each case goes through provision's checks and the firmware's readers. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBoard } from '../../../firmware/device/config/board.ts';
import { SettingsReader } from '../../../firmware/device/config/reader.ts';
import { readSettings } from '../../../firmware/device/config/settings.ts';
import { checkSettings } from '../../../firmware/node.ts';
import { pathName } from '../../../tools/cli/json-path.ts';
import { textOf } from '../../../tools/provision/nvs/contents.ts';
import { entriesOf } from '../../../tools/provision/settings/board-settings.ts';
import { crossProblems } from '../../../tools/provision/settings/checks.ts';
import { schemaProblems } from '../../../tools/provision/settings/schema.ts';

type Given = Record<string, unknown>;

const KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
const OTHER_KEY = 'HwECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
const URL = { mqtt_url: 'mqtt://b:1883' };

/** What is wrong, or ''. */
function provision(given: Given): string {
  const problems = schemaProblems(given);
  const wrong = problems.length > 0 ? problems : crossProblems(new Map(Object.entries(given)), TARGET);
  return wrong.map(({ path, says }) => `${pathName(path)} ${says}`).join('; ');
}

const TARGET = { board: null, chip: null };

/** What the board says, or ''. It is told by NVS, and by the keys of the root manifest.json where it was told none. */
function firmware(given: Given): string {
  const nvs = new Map<string, unknown>();
  for (const entry of Object.entries(given).flatMap(([name, value]) => entriesOf(name, value))) {
    const data = new DataView(entry.data.slice().buffer);
    const values = {
      u8: (): unknown => data.getUint8(0) !== 0,
      i32: (): unknown => data.getInt32(0, true),
      string: (): unknown => textOf(entry),
      blob: (): unknown => data.buffer,
    };
    nvs.set(entry.key, values[entry.type as keyof typeof values]());
  }
  const reader = new SettingsReader([
    (name) => nvs.get(name),
    (name) => (name === 'keys' ? [{ name: 'demo/level' }] : undefined),
  ]);
  try {
    return checkSettings(readSettings(reader, readBoard(undefined)).node);
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}

const key = (fields: Given): Given => ({ keys: [{ name: 'a', ...fields }] });

/** Taken by both. */
const TAKEN: readonly Given[] = [
  {},
  { wifi_ssid: 'x', wifi_password: '12345678' },
  { wifi_ssid: 'ö'.repeat(16), wifi_password: 'f'.repeat(64) },
  { swarm: 'x'.repeat(64), site: '' },
  { site: 'über+#/all' },
  { swarm_key: KEY, swarm_key_old: OTHER_KEY, private: true },
  { swarm_key: `${KEY}=`, private: false },
  { private: false },
  { transport: 'multicast' },
  { transport: 'multicast', group: '224.0.0.0' },
  { transport: 'multicast', group: '239.255.255.255' },
  { transport: 'peers', peers: '10.0.0.1' },
  { transport: 'peers', peers: ' 10.0.0.1:1 , 10.0.0.2:65535' },
  { peers: '10.0.0.1' },
  { port: 1, per_address: 1, cycle_ms: 50, table: 1, relay: 'off', relay_entries: 0, replicas: 1, alpha: 0 },
  { port: 65535, per_address: 1000, cycle_ms: 60000, table: 1000, relay: 'open', relay_entries: 16 },
  { replicas: 1000, alpha: 65536, session_cycles: 4194303, status_cycles: 1_000_000 },
  { session_cycles: 64, status_cycles: 0, shards: 0, time_server: '' },
  { sleep: 'none' },
  { sleep: 'light' },
  { sleep: 'deep' },
  { shards: 60 },
  { shards: 4, keys: Array.from({ length: 64 }, (_, i) => ({ name: `k${i}` })) },
  { role: 'node' },
  { role: 'gateway', ...URL },
  { mqtt_url: 'mqtt://b' },
  { mqtt_url: 'mqtt://b/' },
  { mqtt_url: 'mqtt://broker.local:65535/' },
  { mqtt_url: 'mqtt://192.168.1.2:1' },
  { mqtt_url: 'mqtt://my_broker-2.lan' },
  { ...URL, mqtt_user: 'me', mqtt_password: 'x'.repeat(256), mqtt_every_s: 1 },
  { ...URL, mqtt_prefix: 'a/b//c', mqtt_discovery: '', mqtt_every_s: 3600 },
  { ...URL, mqtt_discovery: 'ha/x' },
  key({ floor: 1.52587890625e-5, span: 1.52587890625e-5, range: [0, 0], reference: 0 }),
  key({ floor: 2047, span: 16383, range: [32767, 32767], reference: 32767, unit: '°C' }),
  key({ guard: false, estimator: 'trimmed', scope: 'all' }),
  key({ source: { kind: 'synthetic', value: -1e6, swing: 1e6, period_s: 0.001, noise: 1e6, every_s: 0.001 } }),
  key({ source: { kind: 'i2c', driver: 'bme68x', quantity: 'pressure', address: 127, every_s: 86400 } }),
  key({ source: { kind: 'analog', pin: 33, scale: -1e6, offset: 1e6 } }),
  key({ source: { kind: 'counter', pin: 0 } }),
];

/** Taken by neither. */
const REFUSED: readonly Given[] = [
  { swarm_key_old: OTHER_KEY },
  { private: true },
  { transport: 'carrier-pigeon' },
  { transport: 'peers' },
  { transport: 'peers', peers: '255.255.255.255' },
  { transport: 'peers', peers: '10.0.0.1,255.255.255.255:7' },
  { transport: 'peers', peers: '10.0.0.1,' },
  { transport: 'peers', peers: '10.0.0.1:0' },
  { transport: 'peers', peers: '10.0.0.1:65536' },
  { transport: 'peers', peers: '10.0.0.1:7:8' },
  { transport: 'peers', peers: 'fe80::1' },
  { transport: 'peers', peers: 'gate.local' },
  { port: 0 },
  { port: 65536 },
  { per_address: 0 },
  { cycle_ms: 49 },
  { cycle_ms: 60001 },
  { table: 0 },
  { table: 1001 },
  { relay: 'all' },
  { relay_entries: 17 },
  { replicas: 0 },
  { replicas: 1001 },
  { alpha: 65537 },
  { session_cycles: 63 },
  { session_cycles: 4194304 },
  { shards: 61 },
  { shards: 5, keys: Array.from({ length: 64 }, (_, i) => ({ name: `k${i}` })) },
  { sleep: 'nap' },
  { status_cycles: 1_000_001 },
  { role: 'boss' },
  { role: 'gateway' },
  { mqtt_url: 'mqtts://b:8883' },
  { mqtt_url: 'ws://broker.local:9001' },
  { mqtt_url: 'wss://broker.local' },
  { mqtt_url: 'MQTT://broker' },
  { mqtt_url: 'broker.local:1883' },
  { mqtt_url: 'mqtt://b/path' },
  { mqtt_url: 'mqtt://b:0' },
  { mqtt_url: 'mqtt://b:65536' },
  { mqtt_url: 'mqtt://b:' },
  { mqtt_url: 'mqtt://:1883' },
  { mqtt_url: 'mqtt://b:18x3' },
  { mqtt_url: 'mqtt://[fe80::1]:1883' },
  { mqtt_url: 'mqtt://me:secret@b' },
  { mqtt_url: 'mqtt://a broker' },
  { ...URL, mqtt_prefix: '' },
  { ...URL, mqtt_prefix: 'lvs/' },
  { ...URL, mqtt_prefix: '/lvs' },
  { ...URL, mqtt_prefix: 'lvs/+' },
  { ...URL, mqtt_discovery: 'ha/' },
  { ...URL, mqtt_discovery: 'ha/#' },
  { ...URL, mqtt_every_s: 0 },
  { ...URL, mqtt_every_s: 3601 },
  key({ name: '' }),
  key({ floor: 2, span: 1 }),
  key({ floor: 17 }),
  key({ range: [2, 1] }),
  key({ range: [-1, 1] }),
  key({ reference: -1 }),
  key({ span: 40000 }),
  key({ estimator: 'mean' }),
  key({ scope: 'world' }),
  key({ source: { kind: 'dht' } }),
  { keys: [{ name: 'a' }, { name: 'a' }] },
];

/** Taken by the firmware, perhaps, and of no use there: provision is the one that can say so. */
const REFUSED_BEFORE: readonly Given[] = [
  { wifi_ssid: 'ö'.repeat(17) },
  { wifi_password: 'short' },
  { swarm: 'a\0b' },
  { ...URL, mqtt_prefix: 'a\0b' },
  { ...URL, mqtt_user: '\0' },
  { swarm_key: KEY, swarm_key_old: KEY },
  { transport: 'multicast', group: '10.0.0.1' },
  { transport: 'multicast', group: '223.255.255.255' },
  { transport: 'multicast', group: '240.0.0.0' },
  { transport: 'multicast', group: '239.1.1.1:19542' },
  { transport: 'multicast', group: '239.1.1.1,239.1.1.2' },
  { transport: 'multicast', group: '' },
  { group: 'everyone' },
  { peers: '255.255.255.255' },
  { peers: `${'10.0.0.1,'.repeat(500)}10.0.0.1` },
  { mqtt_url: 'mqtt://b?x=1' },
  { mqtt_url: `mqtt://${'b'.repeat(254)}` },
  key({ source: { kind: 'i2c' } }),
];

const words = (given: Given): string => JSON.stringify(given).slice(0, 120);

describe('provision and the firmware', () => {
  it.each(TAKEN.map((given) => [words(given), given] as const))('both take %s', (_words, given) => {
    expect([provision(given), firmware(given)]).toEqual(['', '']);
  });

  it.each(REFUSED.map((given) => [words(given), given] as const))('both refuse %s', (_words, given) => {
    expect(provision(given)).not.toBe('');
    expect(firmware(given)).not.toBe('');
  });

  it.each(REFUSED_BEFORE.map((given) => [words(given), given] as const))('provision refuses %s', (_words, given) => {
    expect(provision(given)).not.toBe('');
  });

  it('never recommends what the firmware refuses', () => {
    for (const given of [{ mqtt_url: 'mqtts://b' }, { mqtt_url: 'mqtt://b/x' }, { role: 'gateway' }]) {
      const [example = ''] = /mqtts?:\/\/[\w.]+(:\d+)?/.exec(provision(given).split('such as ')[1]) ?? [];
      expect(firmware({ role: 'gateway', mqtt_url: example })).toBe('');
    }
  });
});

const near = (low: number, high: number): fc.Arbitrary<number> =>
  fc.oneof(fc.constantFrom(low - 1, low, high, high + 1), fc.integer({ min: low, max: high }));
const octet = fc.constantFrom(0, 1, 10, 127, 223, 224, 239, 240, 255, 256);
const address = fc.array(octet, { minLength: 3, maxLength: 5 }).map((parts) => parts.join('.'));
const place = fc
  .tuple(fc.oneof(address, fc.constant('10.0.0.1')), fc.constantFrom('', ':1', ':65535', ':0', ':x', ':'))
  .map((parts) => parts.join(''));
const url = fc
  .tuple(
    fc.constantFrom('mqtt://', 'mqtts://', 'MQTT://', 'mqtt:', ''),
    fc.constantFrom('b', 'broker.local', 'a@b', 'a:p@b', '[::1]', '10.0.0.1', '', 'a b', 'a/b'),
    fc.constantFrom('', ':1883', ':0', ':65536', ':x', ':'),
    fc.constantFrom('', '/', '//', '/x'),
  )
  .map((parts) => parts.join(''));
const levels = fc.array(fc.constantFrom('a', '/', '+', '#', 'lvs'), { maxLength: 5 }).map((parts) => parts.join(''));
const q16 = fc.oneof(
  fc.constantFrom(0, 1.52587890625e-5, 0.015625, 16, 2047, 2048, 16383, 16384, 32767, 32768, -1),
  fc.double({ min: 0, max: 32767, noNaN: true }),
);
const anyKey = fc.record(
  {
    name: fc.constantFrom('a', 'b', 'c/d', ''),
    floor: q16,
    span: q16,
    range: fc.tuple(q16, q16),
    reference: q16,
    unit: fc.constantFrom('', '°C'),
    guard: fc.boolean(),
  },
  { requiredKeys: ['name'] },
);
const FIELDS = {
  role: fc.constantFrom('node', 'gateway'),
  transport: fc.constantFrom('broadcast', 'multicast', 'peers'),
  group: fc.oneof(address, fc.constantFrom('224.0.0.0', '239.255.255.255')),
  peers: fc.array(place, { minLength: 1, maxLength: 3 }).map((places) => places.join(',')),
  port: near(1, 65535),
  cycle_ms: near(50, 60000),
  table: near(1, 1000),
  shards: near(0, 64),
  relay_entries: near(0, 16),
  replicas: near(1, 1000),
  per_address: near(1, 1000),
  alpha: near(0, 65536),
  session_cycles: near(64, 4194303),
  status_cycles: near(0, 1_000_000),
  mqtt_url: fc.oneof(url, fc.constantFrom('mqtt://b', 'mqtt://b:1883/')),
  mqtt_prefix: levels,
  mqtt_discovery: levels,
  mqtt_every_s: near(1, 3600),
  swarm_key: fc.constantFrom(KEY, OTHER_KEY),
  swarm_key_old: fc.constantFrom(KEY, OTHER_KEY),
  private: fc.boolean(),
  keys: fc.array(anyKey, { minLength: 1, maxLength: 3 }),
};
const anySettings = fc.record(FIELDS, { requiredKeys: [] });

/** As many of the settings as provision takes together. */
function taken(given: Given): Given {
  let together: Given = {};
  for (const [name, value] of Object.entries(given)) {
    const more = { ...together, [name]: value };
    if (provision(more) === '') together = more;
  }
  return together;
}

describe('random settings', () => {
  it('that provision takes, one by one and together, the firmware takes', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(anySettings, (given) => {
        const alone = Object.entries(given).map(([name, value]) => ({ [name]: value }));
        for (const one of [...alone, taken(given)]) {
          if (provision(one) !== '') continue;
          for (const name of Object.keys(one)) seen.add(name);
          expect(firmware(one)).toBe('');
        }
      }),
      { numRuns: 300 },
    );
    expect([...seen].sort()).toEqual(Object.keys(FIELDS).sort());
  });
});
