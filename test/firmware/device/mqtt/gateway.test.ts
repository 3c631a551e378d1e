/** A device and the gateway say the same of the same: topics, ids, discovery and payloads. */
import { describe, expect, it } from 'vitest';
import { Discovery } from '../../../../firmware/device/mqtt/discovery.ts';
import { deviceId, keyId, topicLevel, topicPath, utf8, utf8Length } from '../../../../firmware/device/mqtt/names.ts';
import { digitsOf, gatewayPayload, keyPayload, peersPayload } from '../../../../firmware/device/mqtt/payloads.ts';
import { topicsOf } from '../../../../firmware/device/mqtt/topics.ts';
import { deviceClassOf, unitOf } from '../../../../firmware/device/mqtt/units.ts';
import { run } from '../../../../firmware/device/run.ts';
import { keyView } from '../../../../gateway/core/key-view.ts';
import { peerViews } from '../../../../gateway/core/snapshot.ts';
import { discoveryPayload } from '../../../../gateway/mqtt/homeassistant/discovery.ts';
import * as ids from '../../../../gateway/mqtt/homeassistant/ids.ts';
import * as units from '../../../../gateway/mqtt/homeassistant/units.ts';
import * as payloads from '../../../../gateway/mqtt/payloads.ts';
import { stateTopics } from '../../../../gateway/mqtt/state-topics.ts';
import * as topic from '../../../../gateway/mqtt/topic.ts';
import { FakeMedium, fakeHardware, VirtualTime } from '../fakes.ts';
import { nodeCrypt } from '../seal/node-crypt.ts';

const NAMES = [
  'room1/temp',
  'a//b',
  '/x',
  'x/',
  '',
  '50 %',
  'a+b#c',
  'A-Z_9',
  '-',
  'Küche',
  '\u007f\u0085',
  '🌡/t',
  'x'.repeat(50),
];

describe('names', () => {
  it.each(NAMES)('stand alike in topics: %j', (name) => {
    expect(topicPath(name)).toBe(topic.topicPath(name));
    expect(topicLevel(name)).toBe(topic.topicLevel(name));
    expect(Buffer.from(utf8(name)).toString('hex')).toBe(Buffer.from(name).toString('hex'));
    expect(utf8Length(name)).toBe(Buffer.byteLength(name));
  });

  it.each(NAMES.filter((name) => !name.includes('ü')))('make the same ids: %j', (name) => {
    expect(deviceId(name, nodeCrypt)).toBe(ids.deviceId(name));
    expect(`${keyId(name, nodeCrypt)}_own`).toBe(ids.componentId(name, 'own'));
  });

  it('make an id with the same hash where a letter has an accent', () => {
    expect(deviceId('Küche', nodeCrypt).slice(-8)).toBe(ids.deviceId('Küche').slice(-8));
  });

  it('are well-formed UTF-8 even where the text is not', () => {
    expect(Buffer.from(utf8('a\ud800b')).toString()).toBe('a\ufffdb');
  });
});

describe('units', () => {
  it.each(['°C', 'degC', 'C', '%', 'ppm', 'hPa', 'lx', 'lux', 'bananas', ''])('are classed alike: %j', (unit) => {
    for (const key of ['k', 'room/humidity', 'CO2', 'a/pm25']) {
      expect(deviceClassOf(key, unit)).toBe(units.deviceClassOf(key, unit));
    }
    expect(unitOf(unit)).toBe(units.unitOf(unit));
  });
});

describe('discovery', () => {
  it.each([0, 1, 2, 16])('is the same message, with %i keys', (count) => {
    const keys = Array.from({ length: count }, (_, i) => ({
      name: `room${i}/${i % 2 === 0 ? 'temp' : 'humidity'}`,
      unit: i % 2 === 0 ? '°C' : '%',
      resolution: i % 3 === 0 ? 0.05 : 1,
      own: i % 3 !== 1,
    }));
    const names = keys.map(({ name }) => name);
    const topics = topicsOf('lvs', 'house', names);
    const discovery = new Discovery({ site: 'house', version: '1', keys, topics, crypt: nodeCrypt });
    const said = Array.from({ length: discovery.pieces }, (_, i) => discovery.piece(i)).join('');
    const expected = discoveryPayload({
      device: ids.deviceId('house'),
      site: 'house',
      label: '',
      keys: keys.map((key) => ({ ...key, label: '', device_class: '' })),
      alarm_classes: [],
      topics: stateTopics('lvs/house'),
      version: '1',
      page_url: '',
      support_url: '',
    });
    expect(JSON.parse(said)).toEqual(expected);
  });
});

describe('payloads', () => {
  it.each([3, 8])('are the same of the same node, in a swarm of %i with one that lies', (nodes) => {
    const time = new VirtualTime();
    const medium = new FakeMedium(time);
    const devices = Array.from({ length: nodes }, (_, i) => {
      const hardware = fakeHardware({ time, medium, address: `10.0.0.${i + 1}`, seed: 77 * (i + 1) });
      const source = i === 1 ? null : { kind: 'synthetic', value: i === 2 ? 90 : 20 + i };
      const keys = [
        { name: 'room/temp', floor: 0.05, span: 8, range: [0, 100], reference: 20, source },
        { name: 'none' },
      ];
      return run({ hardware, config: (name) => (name === 'keys' ? keys : undefined), onAbort: () => undefined });
    });
    for (const wait_ms of [1500, 3000, 60_000]) {
      time.pass(wait_ms);
      for (const device of devices) {
        if (device === null) throw new Error('a device did not start');
        const { parts } = device.node;
        for (const key of [0, 1]) {
          const expected = { ...payloads.keyPayload(keyView(parts, key, '°C'), 3), time_ms: 7 };
          expect(JSON.parse(keyPayload(parts, key, '°C', 3, 7))).toEqual(expected);
        }
        expect(JSON.parse(peersPayload(parts, 7))).toEqual({ ...payloads.peersPayload(peerViews(parts)), time_ms: 7 });
      }
    }
  });

  it('of the gateway have the same fields', () => {
    const time = new VirtualTime();
    const hardware = fakeHardware({ time, medium: new FakeMedium(time), address: '10.0.0.1', seed: 5 });
    const device = run({ hardware, config: (name) => (name === 'keys' ? [{}] : undefined), onAbort: () => undefined });
    if (device === null) throw new Error('the device did not start');
    const facts = { version: '1', site: 'house', sealed: true, elapsed_ms: 30_000, sent_bytes: 500 };
    const said = JSON.parse(gatewayPayload(device.node.parts, facts, 7)) as Record<string, unknown>;
    expect(said).toMatchObject({ sent_bytes_per_minute: 1000, received_bytes_per_minute: null, time_ms: 7 });
    const snapshot = {
      time_ms: 7,
      site: 'house',
      swarm: 'lvs',
      sealed: true,
      cycle: 0,
      cycle_ms: 1000,
      low_power: false,
      keys: [],
      peers: [],
      sources: [],
      sites: [],
      alarms: [],
      drops: {},
      bytes_per_minute: { sent: 1000, received: 0 },
      what_if: { loss: 0, until_ms: 0 },
    };
    const expected = payloads.gatewayPayload(snapshot, '1');
    expect(Object.keys(said)).toEqual([...Object.keys(expected), 'time_ms']);
  });

  it('round alike', () => {
    for (const resolution of [0, -1, NaN, 0.001, 0.015625, 0.05, 0.1, 1, 25]) {
      expect(digitsOf(resolution)).toBe(payloads.digitsOf(resolution));
    }
  });
});
