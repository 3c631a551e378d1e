import { describe, expect, it } from 'vitest';
import { NONE } from '../../../firmware/node.ts';
import { toKeyValue } from '../../../firmware/device/sensors/convert.ts';
import { Counter } from '../../../firmware/device/sensors/counter.ts';
import { SensorBus, type Sample, type SensorDriver } from '../../../firmware/device/sensors/i2c.ts';
import { Sampler } from '../../../firmware/device/sensors/sampler.ts';
import type { Source, SourceSettings } from '../../../firmware/device/sensors/source.ts';
import { Synthetic } from '../../../firmware/device/sensors/synthetic.ts';
import { Voltage } from '../../../firmware/device/sensors/voltage.ts';

const ONE = 65536;
const SETTINGS: SourceSettings = {
  kind: 'synthetic',
  pin: -1,
  driver: '',
  quantity: 'temperature',
  address: 0,
  value: 0,
  swing: 0,
  period_s: 60,
  noise: 0,
  scale: 1,
  offset: 0,
  every_ms: 1000,
};

describe('toKeyValue', () => {
  it('scales, offsets and rounds to Q16.16', () => {
    expect(toKeyValue(-10.5, 2, 40, 0, 100 * ONE)).toBe(19 * ONE);
    expect(toKeyValue(1 / 3, 1, 0, 0, ONE)).toBe(21845);
  });

  it.each([NaN, Infinity, -Infinity, -0.1, 100.1])('takes %s for no reading', (reading) => {
    expect(toKeyValue(reading, 1, 0, 0, 100 * ONE)).toBe(NONE);
  });
});

function fakeSource(readings: (number | Error)[]): Source & { closed: boolean } {
  const source = {
    closed: false,
    read: (): number => {
      const reading = readings.shift() ?? NaN;
      if (reading instanceof Error) throw reading;
      return reading;
    },
    close: (): void => {
      source.closed = true;
    },
  };
  return source;
}

describe('Sampler', () => {
  const channel = (source: Source, every_ms = 1000) => ({
    source,
    settings: { ...SETTINGS, every_ms },
    low: 0,
    high: 100 * ONE,
  });

  it('gives nothing before the first sample, and nothing for a key without a sensor', () => {
    const sampler = new Sampler({ channels: [channel(fakeSource([5])), null], ticks_ms: () => 0 });
    expect([sampler.read(0), sampler.read(1), sampler.read(7)]).toEqual([NONE, NONE, NONE]);
    expect(sampler.sample()).toBe(true);
    expect([sampler.read(0), sampler.read(1)]).toEqual([5 * ONE, NONE]);
  });

  it('reads one due sensor a time, in turn', () => {
    let now_ms = 0;
    const channels = [channel(fakeSource([1, 3]), 100), channel(fakeSource([2]), 1000)];
    const sampler = new Sampler({ channels, ticks_ms: () => now_ms });
    expect([sampler.sample(), sampler.sample(), sampler.sample()]).toEqual([true, true, false]);
    expect([sampler.read(0), sampler.read(1)]).toEqual([ONE, 2 * ONE]);
    now_ms = 100;
    expect([sampler.sample(), sampler.sample()]).toEqual([true, false]);
    expect(sampler.read(0)).toBe(3 * ONE);
  });

  it('goes on over the wrap of the clock', () => {
    let now_ms = 0x7fffffff;
    const sampler = new Sampler({ channels: [channel(fakeSource([1, 2]), 10)], ticks_ms: () => now_ms });
    sampler.sample();
    now_ms = (now_ms + 10) | 0;
    expect(sampler.sample()).toBe(true);
    expect(sampler.read(0)).toBe(2 * ONE);
  });

  it('keeps the last reading over two failures, drops it at the third, and tells both ways', () => {
    let now_ms = 0;
    const told: string[] = [];
    const source = fakeSource([5, new Error('nack'), NaN, 500, 6]);
    const onChange = (key: number, works: boolean): number => told.push(`${key} ${works}`);
    const sampler = new Sampler({ channels: [channel(source, 1)], ticks_ms: () => now_ms++, onChange });
    const values = Array.from({ length: 5 }, () => {
      sampler.sample();
      return sampler.read(0);
    });
    expect(values).toEqual([5 * ONE, 5 * ONE, 5 * ONE, NONE, 6 * ONE]);
    expect(told).toEqual(['0 false', '0 true']);
  });

  it('closes all its sources, also when one of them fails to', () => {
    const source = fakeSource([]);
    const broken = {
      ...fakeSource([]),
      close: (): void => {
        throw new Error('i2c');
      },
    };
    new Sampler({ channels: [channel(broken), null, channel(source)], ticks_ms: () => 0 }).close();
    expect(source.closed).toBe(true);
  });
});

describe('Synthetic', () => {
  it('swings around its value', () => {
    let now_ms = 1000;
    const settings = { ...SETTINGS, value: 10, swing: 4, period_s: 4 };
    const source = new Synthetic({ settings, ticks_ms: () => now_ms, random: () => 0 });
    const readings = Array.from({ length: 5 }, () => {
      const reading = source.read();
      now_ms += 1000;
      return reading;
    });
    expect(readings).toEqual([10, 14, 10, 6, 10]);
  });

  it('adds noise of the size that it is told', () => {
    const settings = { ...SETTINGS, value: 10, noise: 2 };
    const read = (word: number): number => new Synthetic({ settings, ticks_ms: () => 0, random: () => word }).read();
    expect(read(-0x80000000)).toBe(8);
    expect(read(0x40000000)).toBe(11);
  });
});

describe('Voltage', () => {
  it('averages conversions', () => {
    const readings = [1000, 1002, 998, 1000, 1000, 1000, 1000, 1008];
    expect(new Voltage({ read_mv: () => readings.shift() ?? NaN }).read()).toBeCloseTo(1.001, 9);
  });
});

describe('Counter', () => {
  it('counts pulses a second since the reading before', () => {
    let now_ms = 0;
    let edge = (): void => undefined;
    let closed = false;
    const counter = new Counter({
      open: (onEdge) => {
        edge = onEdge;
        return { close: () => (closed = true) };
      },
      ticks_ms: () => now_ms,
    });
    expect(counter.read()).toBeNaN();
    for (let i = 0; i < 5; i++) edge();
    now_ms = 2000;
    expect(counter.read()).toBe(2.5);
    now_ms = 3000;
    expect(counter.read()).toBe(0);
    counter.close();
    expect(closed).toBe(true);
  });
});

describe('SensorBus', () => {
  function bus(samples: (Sample | undefined)[]): {
    bus: SensorBus;
    opened: number[];
    closed: () => number;
    time: { now_ms: number };
  } {
    const opened: number[] = [];
    let closed = 0;
    const time = { now_ms: 0 };
    const driver: SensorDriver = {
      name: 'bme68x',
      open: (address) => {
        opened.push(address);
        return { sample: () => samples.shift(), close: () => closed++ };
      },
      quantities: [
        { name: 'temperature', scale: 1 },
        { name: 'humidity', scale: 100 },
        { name: 'pressure', scale: 0.01 },
      ],
    };
    return {
      bus: new SensorBus({ drivers: [driver], ticks_ms: () => time.now_ms }),
      opened,
      closed: () => closed,
      time,
    };
  }
  const settings = (quantity: string, address = 0): SourceSettings => ({
    ...SETTINGS,
    kind: 'i2c',
    driver: 'bme68x',
    quantity,
    address,
  });

  it('serves several keys from one sample, in °C, % and hPa', () => {
    const sample = {
      thermometer: { temperature: 21.5 },
      hygrometer: { humidity: 0.45 },
      barometer: { pressure: 101_325 },
    };
    const { bus: sensors, opened, time } = bus([sample, { temperature: 22 }]);
    const sources = ['temperature', 'humidity', 'pressure'].map((quantity) => sensors.source(settings(quantity)));
    expect(sources.map((source) => source.read())).toEqual([21.5, 45, 1013.25]);
    expect(opened).toEqual([0]);
    time.now_ms = 500;
    expect(sources.map((source) => source.read())).toEqual([22, NaN, NaN]);
  });

  it('opens another sensor for another address', () => {
    const { bus: sensors, opened } = bus([]);
    sensors.source(settings('temperature', 0x76));
    sensors.source(settings('temperature', 0x77));
    expect(opened).toEqual([0x76, 0x77]);
  });

  it('closes a shared sensor with the last of its keys, and opens it anew when asked again', () => {
    const { bus: sensors, opened, closed } = bus([{ temperature: 22 }]);
    const [first, second] = [sensors.source(settings('temperature')), sensors.source(settings('humidity'))];
    first.close();
    expect(second.read()).toBeNaN();
    expect(closed()).toBe(0);
    second.close();
    second.close();
    expect(closed()).toBe(1);
    sensors.source(settings('temperature'));
    expect(opened).toEqual([0, 0]);
  });

  it('gives nothing when the driver gives nothing', () => {
    const { bus: sensors } = bus([undefined]);
    expect(sensors.source(settings('temperature')).read()).toBeNaN();
  });

  it('names the drivers and quantities that there are', () => {
    const { bus: sensors } = bus([]);
    expect(() => sensors.source({ ...settings('temperature'), driver: 'dht22' })).toThrow(
      'driver "dht22" is not here; there are bme68x',
    );
    expect(() => sensors.source(settings('light'))).toThrow(
      'bme68x does not measure "light"; it measures temperature, humidity, pressure',
    );
  });
});
