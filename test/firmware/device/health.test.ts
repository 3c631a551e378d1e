import { describe, expect, it } from 'vitest';
import { NONE } from '../../../firmware/node.ts';
import { Clock } from '../../../firmware/device/clock/clock.ts';
import { TimeSync } from '../../../firmware/device/clock/time-sync.ts';
import { CrashKeeper } from '../../../firmware/device/health/crash.ts';
import { Watchdog } from '../../../firmware/device/health/watchdog.ts';
import { LIGHT_NO_NETWORK, LIGHT_OFF, StatusLight } from '../../../firmware/device/light/status-light.ts';
import { Log } from '../../../firmware/device/log/log.ts';
import { Rest } from '../../../firmware/device/power/rest.ts';
import { Slots } from '../../../firmware/device/store/slots.ts';
import { Battery } from '../../../firmware/device/vitals/battery.ts';
import { LoadMeter } from '../../../firmware/device/vitals/load.ts';
import { FakePreferences, VirtualTime } from './fakes.ts';

const ONE = 65536;

describe('Watchdog', () => {
  function open(limit_ms: number): { time: VirtualTime; calls: string[]; watchdog: Watchdog } {
    const time = new VirtualTime();
    const calls: string[] = [];
    const watchdog = new Watchdog({
      limit_ms,
      timers: time,
      ticks_ms: () => time.now_ms,
      start: () => calls.push('start'),
      feed: () => calls.push('feed'),
      onLate: (late_ms) => calls.push(`late ${late_ms}`),
    });
    return { time, calls, watchdog };
  }

  it('is fed while cycles come, more often than boards let it starve', () => {
    const { time, calls, watchdog } = open(30_000);
    for (let i = 0; i < 60; i++) {
      time.pass(1000);
      watchdog.cycle();
    }
    expect(calls[0]).toBe('start');
    expect(calls.filter((call) => call === 'feed')).toHaveLength(15);
  });

  it('starves when cycles stay away, and says so once', () => {
    const { time, calls } = open(30_000);
    time.pass(120_000);
    expect(calls.filter((call) => call === 'feed')).toHaveLength(7);
    expect(calls.filter((call) => call.startsWith('late'))).toEqual(['late 32000']);
  });
});

describe('CrashKeeper', () => {
  it('keeps nothing where nothing crashed', () => {
    expect(new CrashKeeper({ io: new FakePreferences() }).last()).toBeNull();
  });

  it('keeps the reason over a restart, is news once, and counts', () => {
    const io = new FakePreferences();
    const keeper = new CrashKeeper({ io });
    keeper.keep('unhandled exception', new TypeError('x is undefined'), 812);
    const after = new CrashKeeper({ io });
    expect(after.last()).toEqual({ reason: 'unhandled exception: TypeError: x is undefined', cycle: 812, count: 1 });
    expect([after.isNews(), after.isNews()]).toEqual([true, false]);
    keeper.keep('memory full', undefined, 5);
    expect(after.last()).toEqual({ reason: 'memory full', cycle: 5, count: 2 });
    expect(after.isNews()).toBe(true);
  });

  it('knows of no crash, and keeps none, where the flash fails', () => {
    const io = new FakePreferences();
    const keeper = new CrashKeeper({ io });
    keeper.keep('memory full', undefined, 5);
    io.fails = true;
    expect(keeper.isNews()).toBe(true);
    expect(() => keeper.keep('memory full', undefined, 6)).not.toThrow();
    io.get = () => {
      throw new Error('nvs get fail');
    };
    expect([keeper.last(), keeper.isNews()]).toEqual([null, false]);
  });

  it('cuts long texts: flash is small', () => {
    const io = new FakePreferences();
    new CrashKeeper({ io }).keep('x'.repeat(500), undefined, 0);
    expect(new CrashKeeper({ io }).last()?.reason).toHaveLength(160);
  });
});

describe('Slots', () => {
  const view = (...bytes: number[]): DataView => new DataView(Uint8Array.from(bytes).buffer);

  it('keeps two slots apart and gives back what was written', () => {
    const io = new FakePreferences();
    const slots = new Slots({ io });
    const into = new DataView(new ArrayBuffer(8));
    expect(slots.read(0, into)).toBe(0);
    expect(slots.write(0, view(1, 2, 3), 2)).toBe(true);
    expect(slots.write(1, view(9), 1)).toBe(true);
    expect(slots.read(0, into)).toBe(2);
    expect([into.getUint8(0), into.getUint8(1), into.getUint8(2)]).toEqual([1, 2, 0]);
    expect(new Slots({ io }).read(1, into)).toBe(1);
  });

  it('is not moved by a failing flash, nor by what is too long or no buffer', () => {
    const io = new FakePreferences();
    const slots = new Slots({ io });
    io.fails = true;
    expect(slots.write(0, view(1), 1)).toBe(false);
    io.values.set('lvs-state/slot0', 'text');
    io.values.set('lvs-state/slot1', new ArrayBuffer(9));
    const into = new DataView(new ArrayBuffer(8));
    expect([slots.read(0, into), slots.read(1, into)]).toEqual([0, 0]);
  });
});

describe('Battery', () => {
  it('goes from empty to full, and not beyond', () => {
    const charge = (mv: number): number =>
      new Battery({ read_mv: () => mv / 2, divider: 2, empty_mv: 3300, full_mv: 4200, was_low: false }).charge();
    expect([3000, 3300, 3750, 4200, 5000].map(charge)).toEqual([0, 0, ONE / 2, ONE, ONE]);
  });

  it('follows slowly, and knows nothing without a reading', () => {
    let now_mv = NaN;
    const battery = new Battery({ read_mv: () => now_mv, divider: 1, empty_mv: 3000, full_mv: 4000, was_low: false });
    expect(battery.charge()).toBe(NONE);
    now_mv = 4000;
    expect(battery.charge()).toBe(ONE);
    now_mv = 3200;
    expect(battery.charge()).toBe(Math.round(0.9 * ONE));
  });
});

describe('LoadMeter', () => {
  it('is the busy share of the last whole window', () => {
    let now_ms = 0;
    const meter = new LoadMeter({ ticks_ms: () => now_ms });
    expect(meter.load()).toBe(NONE);
    for (let i = 0; i < 4; i++) {
      meter.begin();
      now_ms += 250;
      meter.end();
      now_ms += 750;
    }
    expect(meter.load()).toBe(ONE / 4);
    now_ms += 4000;
    expect(meter.load()).toBe(0);
  });
});

describe('Rest', () => {
  function open(mode: 'none' | 'light' | 'deep'): { rest: Rest; calls: string[] } {
    const calls: string[] = [];
    const rest = new Rest({
      mode,
      allowLightSleep: (allowed) => calls.push(`light ${allowed}`),
      onDeepSleep: (time_ms) => calls.push(`deep ${time_ms}`),
    });
    return { rest, calls };
  }

  it('allows light sleep while power is low, and says so once', () => {
    const { rest, calls } = open('light');
    for (const low of [false, true, true, false]) rest.rest(low, 8000);
    expect(calls).toEqual(['light true', 'light false']);
  });

  it('sleeps deeply only where that takes less than light sleep', () => {
    const { rest, calls } = open('deep');
    rest.rest(true, 29_999);
    rest.rest(false, 80_000);
    rest.rest(true, 80_000);
    expect(calls).toEqual(['light true', 'light false', 'deep 76000']);
  });

  it('does nothing where it is told not to', () => {
    const { rest, calls } = open('none');
    rest.rest(true, 80_000);
    expect(calls).toEqual([]);
  });
});

describe('StatusLight', () => {
  it('repeats its pattern, and is dark and idle when off', () => {
    const time = new VirtualTime();
    const written: boolean[] = [];
    const light = new StatusLight({ write: (on) => written.push(on), timers: time });
    light.show(LIGHT_NO_NETWORK);
    time.pass(2000);
    expect(written).toEqual([false, true, false, true, false, true]);
    light.show(LIGHT_OFF);
    time.pass(10_000);
    expect(written).toEqual([false, true, false, true, false, true, false]);
  });
});

describe('Log', () => {
  it('names events, with a level', () => {
    const lines: string[] = [];
    const log = new Log({ print: (line) => lines.push(line) });
    log.event(1, 4, 0);
    log.event(11, 77, 5);
    log.say('E', 'settings-wrong', 'why');
    log.say('I', 'network-up');
    expect(lines).toEqual([
      'lvs I started a=4',
      'lvs W liar-caught a=77 b=5',
      'lvs E settings-wrong why',
      'lvs I network-up',
    ]);
  });

  it('tells of failing sends less and less often', () => {
    const lines: string[] = [];
    const log = new Log({ print: (line) => lines.push(line) });
    for (let count = 1; count <= 100; count++) log.event(12, count, 0);
    expect(lines).toHaveLength(7);
  });
});

describe('Clock', () => {
  it('does not know the date before something has set it', () => {
    let epoch_ms = 5000;
    const clock = new Clock({ ticks_ms: () => 7, epoch_ms: () => epoch_ms });
    expect([clock.ticks_ms(), clock.epoch_ms()]).toEqual([7, 0]);
    epoch_ms = Date.UTC(2026, 0, 1);
    expect(clock.epoch_ms()).toBe(epoch_ms);
  });
});

describe('TimeSync', () => {
  function open(answers: number[]): {
    time: VirtualTime;
    asked: string[];
    set: number[];
    sync: TimeSync;
    errors: () => number;
  } {
    const time = new VirtualTime();
    const asked: string[] = [];
    const set: number[] = [];
    let errors = 0;
    const sync = new TimeSync({
      host: 'time.example',
      timers: time,
      ntp: (host, onTime) => {
        asked.push(host);
        onTime(answers.shift() ?? -1);
      },
      onTime: (seconds) => set.push(seconds),
      onError: () => errors++,
    });
    return { time, asked, set, sync, errors: () => errors };
  }

  it('asks when the link comes up, and once a day', () => {
    const { time, asked, set, sync } = open([100, 200, 300]);
    sync.online(true);
    time.pass(48 * 3_600_000);
    expect(set).toEqual([100, 200, 300]);
    expect(asked).toHaveLength(3);
  });

  it('asks again after ten minutes when there was no answer, and not while the link is down', () => {
    const { time, asked, sync, errors } = open([]);
    sync.online(true);
    time.pass(600_000);
    expect([asked.length, errors()]).toEqual([2, 2]);
    sync.online(false);
    time.pass(86_400_000);
    expect(asked).toHaveLength(2);
  });
});
