import { describe, expect, it } from 'vitest';
import { Bench, lineOf, valueOf } from './bench.ts';

describe('devices', () => {
  it('agree on the mean of what their sensors read', () => {
    const bench = new Bench();
    const swarm = [18, 20, 22, 24].map((value) => bench.start(value));
    bench.time.pass(60_000);
    for (const one of swarm) expect(valueOf(one)).toBeCloseTo(21, 2);
    expect(lineOf(swarm[0], 'status')).toMatch(/^lvs I status cycle=\d+ peers=3 low=0 /);
  });

  it('tell what they are and how they start', () => {
    const bench = new Bench();
    const one = bench.start(20);
    bench.time.pass(10);
    expect(one.hardware.lines).toEqual([
      'lvs I boot hardware=fake reset=power-on',
      'lvs I settings board=unknown swarm=lvs keys=room/temp cycle_ms=1000 sleep=light port=19542 to=255.255.255.255',
      'lvs W swarm-open reason="no swarm_key: anyone on the network may join in"',
      'lvs I network-up',
      'lvs W time-unknown server=pool.ntp.org',
      'lvs I started a=1',
    ]);
  });

  it('tell which bundle they run, and where an error came from', () => {
    const bench = new Bench();
    const { hardware, abort } = bench.boot(bench.prepare(20), { bundle: '20b4456be0fd' });
    expect(hardware.lines[0]).toBe('lvs I boot hardware=fake reset=power-on bundle=20b4456be0fd');
    const error = new Error('boom');
    error.stack = 'Error: boom\n at runCycle (node.mjs:7)';
    abort('unhandled exception', error);
    expect(hardware.lines.at(-1)).toBe(error.stack);
  });

  it('start the watchdog, feed it, and confirm an update after eight cycles', () => {
    const bench = new Bench();
    const { hardware } = bench.start(20);
    bench.time.pass(6000);
    expect(hardware.calls).toEqual(['watchdog', 'feed']);
    bench.time.pass(6000);
    expect(hardware.calls.filter((call) => call === 'confirm')).toHaveLength(1);
  });

  it('go on without a network, and are heard again when it is back', () => {
    const bench = new Bench();
    const [first, second] = [bench.start(20), bench.start(22)];
    bench.time.pass(20_000);
    first.hardware.link?.onDown();
    const sent = bench.medium.sent;
    bench.time.pass(200_000);
    expect(lineOf(first, 'network-down')).toBeDefined();
    expect(lineOf(first, 'send-failed')).toBeDefined();
    expect(bench.medium.sent - sent).toBeLessThan(210);
    expect(lineOf(second, 'status')).toContain('peers=0');
    first.hardware.link?.onUp();
    bench.time.pass(60_000);
    expect(valueOf(first)).toBeCloseTo(21, 2);
    expect(first.hardware.calls.filter((call) => call === 'watchdog')).toHaveLength(1);
  });

  it('load what they stored', () => {
    const bench = new Bench();
    const first = bench.start(20);
    bench.time.pass(30_000);
    expect(
      first.hardware.store.values.has('lvs-state/slot0') || first.hardware.store.values.has('lvs-state/slot1'),
    ).toBe(true);
    const again = bench.prepare(20);
    for (const [name, value] of first.hardware.store.values) again.store.values.set(name, value);
    const second = bench.boot(again);
    bench.time.pass(10);
    expect(lineOf(second, 'state-loaded')).toBe('lvs I state-loaded a=1');
  });

  it('sleep lightly in low power, and wake when the battery is full again', () => {
    const bench = new Bench();
    const hardware = bench.prepare(20);
    const config = { board: { name: 'b', battery: { pin: 34, divider: 2, empty_mv: 3300, full_mv: 4200 } } };
    hardware.battery_mv = 1700;
    const one = bench.boot(hardware, config);
    bench.time.pass(20_000);
    expect(lineOf(one, 'low-power-entered')).toBe('lvs W low-power-entered a=1');
    expect(hardware.calls).toContain('light 1');
    hardware.battery_mv = 2100;
    bench.time.pass(600_000);
    expect(hardware.calls).toContain('light 0');
  });

  it('keep why they crashed, and tell it after the restart', () => {
    const bench = new Bench();
    const first = bench.start(20);
    bench.time.pass(20_000);
    first.abort('unhandled exception', new Error('boom'));
    const again = bench.boot(first.hardware);
    expect(lineOf(again, 'crashed')).toMatch(
      /^lvs E crashed cycle=\d+ count=1 reason="unhandled exception: Error: boom"$/,
    );
    const third = bench.boot(first.hardware);
    expect(lineOf(third, 'crashed')).toMatch(/^lvs I crashed /);
  });

  it('take part without a sensor that cannot be opened, and say which', () => {
    const bench = new Bench();
    const hardware = bench.prepare(20);
    hardware.openSource = () => {
      throw new RangeError('driver "dht22" is not here; there are sht3x');
    };
    const one = bench.boot(hardware);
    const others = [bench.start(22), bench.start(23)];
    bench.time.pass(60_000);
    expect(lineOf(one, 'sensor-failed')).toContain('key=room/temp');
    expect(valueOf(one)).toBeCloseTo(22.5, 2);
    expect(valueOf(others[0])).toBeCloseTo(22.5, 2);
  });

  it('stay down with wrong settings, say why again and again, and flicker', () => {
    const bench = new Bench();
    const hardware = bench.prepare(20, { cycle_ms: 10 });
    const one = bench.boot(hardware, { board: { led: { kind: 'gpio', pin: 2 } } });
    bench.time.pass(65_000);
    const told = hardware.lines.filter((line) => line.startsWith('lvs E settings-wrong'));
    expect(told).toHaveLength(3);
    expect(told[0]).toBe('lvs E settings-wrong cycle_ms is 10; it must be a whole number from 50 to 60000');
    expect(one.device).toBeNull();
    const seen = new Set<boolean>();
    for (let i = 0; i < 8; i++) {
      bench.time.pass(125);
      seen.add(hardware.lamp);
    }
    expect(seen.size).toBe(2);
  });

  it('say by their lamp whether there is a network, also between cycles', () => {
    const bench = new Bench();
    const { hardware } = bench.boot(bench.prepare(20), { board: { led: { kind: 'gpio', pin: 2 } } });
    const share = (): number => {
      let on = 0;
      for (let i = 0; i < 80; i++) {
        bench.time.pass(125);
        if (hardware.lamp) on++;
      }
      return on / 80;
    };
    bench.time.pass(10_000);
    expect(share()).toBeCloseTo(1 / 8, 1);
    hardware.link?.onDown();
    bench.time.pass(5000);
    expect(share()).toBeCloseTo(1 / 2, 1);
    hardware.link?.onUp();
    bench.time.pass(5000);
    expect(share()).toBeCloseTo(1 / 8, 1);
  });

  it('start although what is kept of a crash can neither be read nor written', () => {
    const bench = new Bench();
    const { hardware, abort } = bench.start(20);
    abort('memory full', undefined);
    hardware.store.fails = true;
    expect(() => abort('memory full', undefined)).not.toThrow();
    expect(lineOf(bench.boot(hardware), 'crashed')).toContain('reason="memory full"');
    hardware.preferences.get = (domain, name) => {
      if (domain === 'lvs-crash') throw new Error('nvs get fail');
      return hardware.store.values.get(`${domain}/${name}`);
    };
    const one = bench.boot(hardware);
    bench.time.pass(2000);
    expect(one.device?.node.parts.transport.cycle).toBeGreaterThan(0);
  });

  it('refuse deep sleep where their hardware has none: nothing would wake them', () => {
    const bench = new Bench();
    const hardware = bench.prepare(20, { sleep: 'deep' });
    const one = bench.boot(Object.assign(hardware, { deep_sleep: false }));
    expect(lineOf(one, 'settings-wrong')).toBe(
      'lvs E settings-wrong sleep is deep, which fake does not have; set it to light or none',
    );
  });

  it('refuse a network that their hardware does not have', () => {
    const bench = new Bench();
    const hardware = bench.prepare(20, { transport: 'multicast' });
    const one = bench.boot(Object.assign(hardware, { multicast: false }));
    expect(lineOf(one, 'settings-wrong')).toContain('transport is multicast, which fake does not have');
  });
});
