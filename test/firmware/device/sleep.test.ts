/** Deep sleep, through which a chip forgets everything but its flash and why it starts. */
import { describe, expect, it } from 'vitest';
import { WiFiLink } from '../../../firmware/device/link/wifi.ts';
import { SensorBus } from '../../../firmware/device/sensors/i2c.ts';
import { Bench, lineOf, valueOf } from './bench.ts';
import type { FakeHardware } from './fakes.ts';

const BOARD = { board: { battery: { pin: 34, divider: 2, empty_mv: 3300, full_mv: 4200 } } };
const DEEP = { cycle_ms: 10_000, sleep: 'deep', status_cycles: 1 };

/** What the pin reads at this share of the charge. */
const pin_mv = (share: number): number => (3300 + share * 900) / 2;

const sleeps = ({ calls }: FakeHardware): number[] =>
  calls.filter((call) => call.startsWith('deep ')).map((call) => Number(call.slice(5)));

const sum = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0);

/** A radio that finds no access point. */
class NoAccessPoint {
  static #notify: (message: string) => void = () => undefined;
  constructor(_options: undefined, onNotify: (message: string) => void) {
    NoAccessPoint.#notify = onNotify;
  }
  close(): void {
    return;
  }
  static connect(): void {
    NoAccessPoint.#notify('disconnect');
  }
  static disconnect(): void {
    return;
  }
}

describe('a node that sleeps deeply', () => {
  it('does so where cycles lie far apart: the state is stored, and nobody is told to forget it', () => {
    const bench = new Bench();
    const other = bench.start(22, { cycle_ms: 10_000, status_cycles: 1 });
    const hardware = bench.prepare(20, DEEP);
    hardware.battery_mv = pin_mv(0.02);
    bench.boot(hardware, BOARD);
    bench.time.pass(60_000);
    expect(sleeps(hardware)).toHaveLength(1);
    expect(sleeps(hardware)[0]).toBeGreaterThan(60_000);
    expect(hardware.store.values.has('lvs-state/slot1')).toBe(true);
    bench.time.pass(40_000);
    expect(lineOf(other, 'status')).toContain('peers=1');
  });

  it('goes back to sleep after each cycle while the battery is low, and still agrees with the others', () => {
    const bench = new Bench();
    const others = [22, 22, 22].map((value) => bench.start(value, { cycle_ms: 10_000, status_cycles: 1 }));
    const hardware = bench.prepare(20, DEEP);
    hardware.battery_mv = pin_mv(0.02);
    bench.boot(hardware, BOARD);
    bench.time.pass(3_600_000);
    expect(sum(sleeps(hardware)) / 3_600_000).toBeGreaterThan(0.8);
    for (const other of others) expect(valueOf(other)).toBeCloseTo(21.5, 2);
    const told = hardware.lines.filter((line) => line.includes(' status '));
    expect(told.length).toBeGreaterThan(30);
    for (const line of told.slice(3)) expect(line).toMatch(/peers=3 low=1 room\/temp=21\.50/);
  });

  it.each([
    ['power-on', 0.19, true],
    ['power-on', 0.25, false],
    ['deep-sleep', 0.25, true],
    ['deep-sleep', 0.31, false],
    ['deep-sleep', NaN, false],
  ])('knows after a start by %s with a charge of %d whether power is low: %s', (reset, charge, low) => {
    const bench = new Bench();
    const hardware = bench.prepare(20);
    hardware.battery_mv = pin_mv(charge);
    hardware.reset = reset;
    const one = bench.boot(hardware, BOARD);
    bench.time.pass(1);
    expect(one.device?.node.parts.power.low).toBe(low);
  });

  it('runs at its full pace again when the battery is charged', () => {
    const bench = new Bench();
    const hardware = bench.prepare(20, DEEP);
    hardware.battery_mv = pin_mv(0.02);
    const one = bench.boot(hardware, BOARD);
    bench.time.pass(60_000);
    hardware.battery_mv = pin_mv(0.5);
    bench.time.pass(60_000);
    const slept = sleeps(hardware).length;
    bench.time.pass(600_000);
    expect(sleeps(hardware)).toHaveLength(slept);
    expect(lineOf(one, 'status')).toContain('low=0');
  });

  it('leaves the mode that it was started in when it stays awake and the battery is charged', () => {
    const bench = new Bench();
    const hardware = bench.prepare(20);
    hardware.battery_mv = pin_mv(0.1);
    const one = bench.boot(hardware, BOARD);
    bench.time.pass(60_000);
    expect(one.device?.node.parts.power).toMatchObject({ low: true, told: true });
    hardware.battery_mv = pin_mv(1);
    bench.time.pass(300_000);
    expect(one.device?.node.parts.power).toMatchObject({ low: false, told: false });
    expect(hardware.lines.filter((line) => line.includes(' low-power-'))).toHaveLength(2);
  });

  it('confirms an update before, once a cycle has run: the next start would take it back', () => {
    const bench = new Bench();
    const hardware = bench.prepare(20, DEEP);
    hardware.battery_mv = pin_mv(0.02);
    bench.boot(hardware, BOARD);
    bench.time.pass(60_000);
    const calls = hardware.calls.map((call) => call.split(' ')[0]);
    expect(calls.indexOf('confirm')).toBeGreaterThanOrEqual(0);
    expect(calls.indexOf('confirm')).toBeLessThan(calls.indexOf('deep'));
  });
});

describe('a node without an access point', () => {
  function lost(settings: Record<string, string | number>, charge: number): { bench: Bench; hardware: FakeHardware } {
    const bench = new Bench();
    const hardware = bench.prepare(20, settings);
    hardware.battery_mv = pin_mv(charge);
    hardware.openLink = (options) => new WiFiLink({ ...options, io: NoAccessPoint });
    bench.boot(hardware, BOARD);
    return { bench, hardware };
  }

  it('sleeps deeply between its tries while the battery is low, and leaves its state and an update alone', () => {
    const { bench, hardware } = lost(DEEP, 0.02);
    bench.time.pass(3_600_000);
    expect(sum(sleeps(hardware)) / 3_600_000).toBeGreaterThan(0.9);
    expect(Math.max(...sleeps(hardware))).toBeLessThanOrEqual(60_000);
    const tries = hardware.lines.filter((line) => line.includes(' network-failed ')).length;
    expect(tries / sleeps(hardware).length).toBeCloseTo(2, 1);
    expect([...hardware.store.values.keys()].filter((name) => name.startsWith('lvs-state'))).toEqual([]);
    expect(hardware.calls).not.toContain('confirm');
  });

  it.each([
    [{ ...DEEP }, 0.5],
    [{ ...DEEP, sleep: 'light' }, 0.02],
    [{ ...DEEP, sleep: 'none' }, 0.02],
  ])('stays awake with %j and a charge of %d', (settings, charge) => {
    const { bench, hardware } = lost(settings, charge);
    bench.time.pass(600_000);
    expect(sleeps(hardware)).toEqual([]);
  });

  it('takes part as soon as the access point is there', () => {
    const { bench, hardware } = lost(DEEP, 0.02);
    bench.time.pass(600_000);
    hardware.openLink = (options) => {
      options.timers.create(options.onUp).schedule(2000);
      return { close: () => undefined };
    };
    bench.time.pass(90_000);
    expect(hardware.calls).toContain('watchdog');
    expect(hardware.store.values.has('lvs-state/slot1')).toBe(true);
  });

  it('does not restart for a moment without a link, where its cycles lie close together', () => {
    const bench = new Bench();
    const hardware = bench.prepare(20, { sleep: 'deep' });
    hardware.battery_mv = pin_mv(0.02);
    bench.boot(hardware, BOARD);
    bench.time.pass(20_000);
    hardware.link?.onDown();
    hardware.link?.onError?.('not connected', 800);
    expect(sleeps(hardware)).toEqual([]);
    hardware.link?.onError?.('not connected', 50_000);
    expect(sleeps(hardware)).toHaveLength(1);
  });
});

describe('the sensors of a node that sleeps deeply', () => {
  /** As drivers of the SDK 8.2.3 are: their second `close` throws. */
  function sleepWith(close: (times: number) => void): { hardware: FakeHardware; closed: () => number } {
    const bench = new Bench();
    const key = (name: string, quantity: string): string =>
      JSON.stringify({ name, range: [0, 100], source: { kind: 'i2c', driver: 'sht3x', quantity } });
    const hardware = bench.prepare(20, { ...DEEP, key0: key('a', 'temperature'), key1: key('b', 'humidity') });
    hardware.battery_mv = pin_mv(0.02);
    let closed = 0;
    const device = {
      sample: () => ({ thermometer: { temperature: 20 }, hygrometer: { humidity: 40 } }),
      close: () => close(++closed),
    };
    const quantities = [
      { name: 'temperature', scale: 1 },
      { name: 'humidity', scale: 1 },
    ] as const;
    const drivers = [{ name: 'sht3x', open: () => device, quantities }];
    const bus = new SensorBus({ drivers, ticks_ms: () => bench.time.now_ms });
    hardware.openSource = (settings) => bus.source(settings);
    bench.boot(hardware, BOARD);
    bench.time.pass(60_000);
    return { hardware, closed: () => closed };
  }

  it('are closed once, also where two keys share one', () => {
    const { hardware, closed } = sleepWith((times) => {
      if (times > 1) throw new TypeError('cannot read property close of undefined');
    });
    expect(sleeps(hardware)).toHaveLength(1);
    expect(closed()).toBe(1);
  });

  it('do not keep it awake when they cannot be closed', () => {
    const { hardware } = sleepWith(() => {
      throw new Error('i2c');
    });
    expect(sleeps(hardware)).toHaveLength(1);
  });
});
