import { describe, expect, it } from 'vitest';
import { checkSettings } from '../../../firmware/node.ts';
import { readBoard } from '../../../firmware/device/config/board.ts';
import { SettingsReader } from '../../../firmware/device/config/reader.ts';
import { type DeviceSettings, readSettings } from '../../../firmware/device/config/settings.ts';

const ONE = 65536;
const NO_BOARD = readBoard(undefined);

function read(
  nvs: Record<string, unknown>,
  config: Record<string, unknown> = { keys: [{ name: 'k' }] },
): DeviceSettings {
  return readSettings(new SettingsReader([(name) => nvs[name], (name) => config[name]]), NO_BOARD);
}

describe('readSettings', () => {
  it('has a default for everything but the keys', () => {
    const settings = read({});
    expect(checkSettings(settings.node)).toBe('');
    expect(settings.node).toMatchObject({ swarm: 'lvs', cycle_ms: 1000, table: 64, nodes_per_address: 1 });
    expect(settings.network).toMatchObject({
      port: 19542,
      group: '',
      targets: [{ address: '255.255.255.255', port: 19542 }],
    });
    expect(settings).toMatchObject({ sleep: 'light', status_cycles: 60, sources: [null] });
  });

  it('takes NVS over the build, and numbers of a command line as text', () => {
    const settings = read(
      { swarm: 'attic', cycle_ms: 500 },
      { swarm: 'cellar', cycle_ms: '2000', table: '12', keys: [{}] },
    );
    expect(settings.node).toMatchObject({ swarm: 'attic', cycle_ms: 500, table: 12 });
  });

  it('has names that fit NVS', () => {
    const asked: string[] = [];
    readSettings(
      new SettingsReader([
        (name) => {
          asked.push(name);
          return name === 'keys' ? [{}] : undefined;
        },
      ]),
      NO_BOARD,
    );
    expect(asked.filter((name) => name.length > 15)).toEqual([]);
  });

  it('reads keys one by one, in their own units', () => {
    const settings = read({
      key0: '{"name":"room/temp","floor":0.5,"span":8,"range":[0,60],"reference":20,"guard":false,"estimator":"trimmed","scope":"all","source":{"kind":"i2c","driver":"sht3x","offset":40}}',
      key1: '{"name":"room/light","source":{"kind":"analog","pin":34,"scale":100,"every_s":0.5}}',
      key3: '{"name":"never read"}',
    });
    expect(settings.node.keys).toEqual([
      {
        name: 'room/temp',
        floor: ONE / 2,
        span: 8 * ONE,
        low: 0,
        high: 60 * ONE,
        reference: 20 * ONE,
        guard: false,
        estimator: 2,
        scope: 1,
      },
      {
        name: 'room/light',
        floor: 1024,
        span: 16 * ONE,
        low: 0,
        high: 1000 * ONE,
        reference: 0,
        guard: true,
        estimator: 0,
        scope: 0,
      },
    ]);
    expect(settings.sources[0]).toMatchObject({
      kind: 'i2c',
      driver: 'sht3x',
      quantity: 'temperature',
      offset: 40,
      every_ms: 10_000,
    });
    expect(settings.sources[1]).toMatchObject({ kind: 'analog', pin: 34, scale: 100, every_ms: 500 });
  });

  it('joins a group for multicast and lists peers where there is neither', () => {
    expect(read({ transport: 'multicast' }).network).toMatchObject({
      group: '239.76.86.83',
      targets: [{ address: '239.76.86.83', port: 19542 }],
    });
    for (const group of ['224.0.0.0', '239.255.255.255']) {
      expect(read({ transport: 'multicast', group, port: 9 }).network.targets).toEqual([{ address: group, port: 9 }]);
    }
    expect(read({ transport: 'peers', peers: '10.0.0.1:7,10.0.0.2', port: 9 }).network).toMatchObject({
      group: '',
      targets: [
        { address: '10.0.0.1', port: 7 },
        { address: '10.0.0.2', port: 9 },
      ],
    });
  });

  it.each<[Record<string, unknown>, string]>([
    [{ cycle_ms: 'fast' }, 'cycle_ms is "fast"; it must be a whole number from 0 to 2147483647'],
    [{ port: 70000 }, 'port is 70000; it must be a whole number from 1 to 65535'],
    [{ relay: 'all' }, 'relay is "all"; it must be one of off, safe, open'],
    [{ transport: 3 }, 'transport is 3; it must be one of broadcast, multicast, peers'],
    [{ swarm: 5 }, 'swarm must be a text'],
    [{ sleep: 'nap' }, 'sleep is "nap"; it must be one of none, light, deep'],
    [{ transport: 'peers' }, 'peers has ""; it must be an IPv4 address, with :port where it is not 19542'],
    ...[
      '10.0.0.1',
      '239.1.1.1,239.1.1.2',
      '239.1.1.1:5',
      '223.255.255.255',
      '240.0.0.0',
      '255.255.255.255',
      'x',
      '',
    ].map((group): [Record<string, unknown>, string] => [
      { transport: 'multicast', group },
      `group is "${group}"; it must be one IPv4 address from 224.0.0.0 to 239.255.255.255`,
    ]),
    [{ key0: '{"name":' }, 'key0 is not JSON: {"name":'],
    [{ key0: '[]' }, 'keys[0] must be an object such as {"name": "room1/temp"}'],
    [{ key0: '{"floor":"x"}' }, 'keys[0].floor is "x"; it must be a number'],
    [{ key0: '{"range":[1]}' }, 'keys[0].range must be [lowest, highest]'],
    [{ key0: '{"guard":1}' }, 'keys[0].guard is 1; it must be true or false'],
    [{ key0: '{"estimator":"mean"}' }, 'keys[0].estimator is "mean"; it must be one of huber, hodges-lehmann, trimmed'],
    [{ key0: '{"source":{}}' }, 'keys[0].source.kind is missing; it is one of analog, counter, i2c, synthetic'],
    [
      { key0: '{"source":{"kind":"dht"}}' },
      'keys[0].source.kind is "dht"; it must be one of analog, counter, i2c, synthetic',
    ],
  ])('names what is wrong in %j', (nvs, message) => {
    expect(() => read(nvs)).toThrow(new RangeError(message));
  });
});

describe('readBoard', () => {
  it('knows no pins where the build gave none', () => {
    expect(NO_BOARD).toEqual({ name: 'unknown', i2c: null, led: null, battery: null });
  });

  it('reads what the build writes from board.json', () => {
    const board = readBoard({
      name: 'x',
      i2c: { data: 4, clock: 5 },
      led: { kind: 'pixel', pin: 39, power: 38 },
      battery: { pin: 34, enable: 14, divider: 2, empty_mv: 3300, full_mv: 4200 },
    });
    expect(board.led).toEqual({ kind: 'pixel', pin: 39, active_low: false, power: 38 });
    expect(board.battery).toEqual({ pin: 34, enable: 14, divider: 2, empty_mv: 3300, full_mv: 4200 });
  });

  it('names a wrong field', () => {
    expect(() => readBoard({ led: { kind: 'torch', pin: 1 } })).toThrow(
      'board.led.kind is "torch"; it must be one of gpio, pixel',
    );
  });
});
