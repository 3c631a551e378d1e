/** The device as Home Assistant is told of it. */
import { describe, expect, it } from 'vitest';
import {
  discoveryPayload,
  type DiscoveredKey,
  type DiscoveryOptions,
} from '../../../../gateway/mqtt/homeassistant/discovery.ts';
import { componentId, deviceId } from '../../../../gateway/mqtt/homeassistant/ids.ts';
import { stateTopics } from '../../../../gateway/mqtt/state-topics.ts';
import { readDiscovery } from '../../support/home-assistant.ts';

const key = (over: Partial<DiscoveredKey>): DiscoveredKey => ({
  name: 'room1/temp',
  label: '',
  unit: '°C',
  resolution: 0.05,
  device_class: '',
  own: true,
  ...over,
});

function device(over: Partial<DiscoveryOptions> = {}): DiscoveryOptions {
  return {
    device: deviceId('house'),
    site: 'house',
    label: '',
    keys: [key({})],
    alarm_classes: [{ name: 'source', label: 'Sensor problem' }],
    topics: stateTopics('lvs/house'),
    version: '1.0.0',
    page_url: '',
    support_url: '',
    ...over,
  };
}

const read = (options: DiscoveryOptions): ReturnType<typeof readDiscovery> =>
  readDiscovery(JSON.stringify(discoveryPayload(options)));

const UNITS = [
  ...['°C', 'C', 'degC', '°F', 'K', 'hPa', 'kPa', 'bar', 'V', 'mV', 'A', 'W', 'kW', 'VA', 'Hz', 'lx', 'lux', 'W/m²'],
  ...['µS/cm', 'uS/cm', 'dBm', 'dBA', 'L/min', 'm³/h', 'm3/h', 'km/h', 'm/s', 'mm/h', '%', 'ppm', 'µg/m³', ''],
  ...['kWh', 'furlongs', 'm', 'K/W'],
];

describe('the discovery payload', () => {
  it.each(UNITS)('is as Home Assistant documents it for a key in "%s"', (unit) => {
    for (const name of ['room1/temp', 'humidity', 'air/co2', 'pm25', 'soil/moisture', 'x']) {
      expect(() => read(device({ keys: [key({ name, unit })] })), name).not.toThrow();
    }
  });

  it.each(['', 'Küche', '温度', 'a b/c+d#e', '"quoted"', 'x'.repeat(64)])(
    'and for a site and a key called "%s"',
    (name) => {
      const topics = stateTopics(`lvs/${name === '' ? 's' : encodeURIComponent(name)}`);
      expect(() => read(device({ device: deviceId(name), site: name, keys: [key({ name })], topics }))).not.toThrow();
    },
  );

  it('is one even without keys and alarms, and with a page', () => {
    expect(() =>
      read(
        device({ keys: [], alarm_classes: [], page_url: 'http://192.0.2.1:8080', support_url: 'https://a.example' }),
      ),
    ).not.toThrow();
  });

  it('has for each key the agreed value, the spread and, where there is a source, the own reading', () => {
    const { components } = read(device({ keys: [key({}), key({ name: 'room2/temp', own: false })] }));
    const sensors = Object.values(components).filter(({ state_topic }) => String(state_topic).includes('/key/'));
    expect(sensors.map(({ name, device_class, entity_category }) => [name, device_class, entity_category])).toEqual([
      ['room1/temp', 'temperature', undefined],
      ['room1/temp spread', undefined, 'diagnostic'],
      ['room1/temp here', 'temperature', 'diagnostic'],
      ['room2/temp', 'temperature', undefined],
      ['room2/temp spread', undefined, 'diagnostic'],
    ]);
  });

  it('gives a class to what is certain, and none to what may be many things', () => {
    const classOf = (name: string, unit: string): unknown =>
      Object.values(read(device({ keys: [key({ name, unit })] })).components)[0].device_class;
    expect(classOf('bath/humidity', '%')).toBe('humidity');
    expect(classOf('valve', '%')).toBeUndefined();
    expect(classOf('air/co2', 'ppm')).toBe('carbon_dioxide');
    expect(classOf('air/co2', '%')).toBeUndefined();
    expect(classOf('anything', 'hPa')).toBe('pressure');
  });

  it('has ids of the configuration alone: labels and units change none', () => {
    const ids = (options: DiscoveryOptions): unknown[] =>
      Object.values(read(options).components).map((each) => each.unique_id);
    const renamed = device({ site: 'home', label: 'Our house', keys: [key({ label: 'Living room', unit: '°F' })] });
    expect(ids(renamed)).toEqual(ids(device()));
  });

  it('tells keys apart whose names look alike in an id', () => {
    const ids = ['a/b', 'a-b', 'a_b', 'A/B', 'ä/b'].map((name) => componentId(name, 'agreed'));
    expect(new Set(ids).size).toBe(ids.length);
  });
});
