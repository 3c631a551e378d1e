import { describe, expect, it } from 'vitest';
import { run } from '../../../../firmware/device/run.ts';
import { FakeMedium, fakeHardware, type FakeHardware, VirtualTime } from '../fakes.ts';

const KEY = { name: 'room/temp', unit: '°C', floor: 0.05, span: 8, range: [0, 100] };
const URL = { mqtt_url: 'mqtt://broker.example:1884', site: 'house' };
const DISCOVERY = /^homeassistant\/device\/lvs_house_[0-9a-f]{8}\/config$/;
const TEMP = 'lvs/house/key/room/temp';

class Bench {
  readonly time = new VirtualTime();
  readonly #medium = new FakeMedium(this.time);
  #nodes = 0;

  prepare(value: number, settings: Record<string, string | number> = URL): FakeHardware {
    const seed = ++this.#nodes;
    const hardware = fakeHardware({ time: this.time, medium: this.#medium, address: `10.0.0.${seed}`, seed });
    const key0 = JSON.stringify({ ...KEY, source: { kind: 'synthetic', value } });
    for (const [name, given] of Object.entries({ key0, ...settings })) hardware.store.set('lvs', name, given);
    return hardware;
  }

  boot(hardware: FakeHardware): FakeHardware {
    run({ hardware, config: () => undefined, onAbort: () => undefined });
    return hardware;
  }

  start(value: number, settings: Record<string, string | number> = URL): FakeHardware {
    return this.boot(this.prepare(value, settings));
  }
}

const keptOf = ({ broker }: FakeHardware, topic: string): Record<string, unknown> =>
  JSON.parse(broker.kept.get(topic) ?? 'null') as Record<string, unknown>;
const saidBy = ({ lines }: FakeHardware, name: string): string[] => lines.filter((line) => line.split(' ')[2] === name);

describe('a device with mqtt_url', () => {
  it('publishes what its swarm agrees on, and announces itself', () => {
    const bench = new Bench();
    const one = bench.start(20);
    for (const value of [22, 24]) bench.start(value, {});
    bench.time.pass(60_000);
    const { agreed, own, mean, sensors, unit, recovering } = keptOf(one, TEMP) as Record<string, number>;
    expect({ own, sensors, unit, recovering }).toEqual({ own: 20, sensors: 3, unit: '°C', recovering: false });
    expect(agreed).toBeCloseTo(22, 1);
    expect(mean).toBeCloseTo(22, 1);
    expect(keptOf(one, 'lvs/house/peers')).toMatchObject({ count: 2, trust_least: 0.99 });
    expect(keptOf(one, 'lvs/house/gateway')).toMatchObject({ site: 'house', swarm: 'lvs', sealed: false, peers: 2 });
    expect(one.broker.kept.get('lvs/house/status')).toBe('online');
    expect([...one.broker.kept.keys()].filter((topic) => DISCOVERY.test(topic))).toHaveLength(1);
    expect(one.broker.opened[0]).toMatchObject({ host: 'broker.example', port: 1884, will_topic: 'lvs/house/status' });
  });

  it('says the states every ten seconds, the device and its availability once a connection', () => {
    const bench = new Bench();
    const { broker } = bench.start(20);
    bench.time.pass(61_000);
    const times = (topic: RegExp): number => broker.heard.filter((one) => topic.test(one)).length;
    expect(times(/key\/room\/temp$/)).toBe(7);
    expect(times(DISCOVERY)).toBe(1);
    expect(times(/status$/)).toBe(1);
  });

  it('announces itself again when Home Assistant starts', () => {
    const bench = new Bench();
    const { broker } = bench.start(20);
    bench.time.pass(5000);
    expect(broker.subscribed).toEqual(['homeassistant/status']);
    broker.heard.length = 0;
    broker.opened[0].onText('homeassistant/status', 'offline');
    bench.time.pass(4000);
    expect(broker.heard).toEqual([]);
    broker.opened[0].onText('homeassistant/status', 'online');
    bench.time.pass(4000);
    expect(broker.heard[0]).toMatch(DISCOVERY);
    expect(broker.heard).toContain(TEMP);
  });

  it('waits longer from try to try, and begins anew after a connection', () => {
    const bench = new Bench();
    const hardware = bench.prepare(20);
    hardware.broker.refuses = true;
    bench.boot(hardware);
    bench.time.pass(100_000);
    const waits = saidBy(hardware, 'mqtt-down').map((line) => Number(/retry_ms=(\d+)/.exec(line)?.[1]));
    expect(waits.length).toBeGreaterThan(4);
    waits.slice(1, 6).forEach((wait, i) => expect(wait).toBeGreaterThan(waits[i]));
    hardware.broker.refuses = false;
    bench.time.pass(61_000);
    expect(hardware.broker.kept.get('lvs/house/status')).toBe('online');
    hardware.broker.drop();
    expect(hardware.broker.kept.get('lvs/house/status')).toBe('offline');
    bench.time.pass(2000);
    expect(hardware.broker.kept.get('lvs/house/status')).toBe('online');
  });

  it('goes with the network, and comes back with it', () => {
    const bench = new Bench();
    const one = bench.start(20);
    bench.time.pass(5000);
    one.link?.onDown();
    expect(one.broker.kept.get('lvs/house/status')).toBe('offline');
    bench.time.pass(100_000);
    expect(one.broker.opened).toHaveLength(1);
    one.link?.onUp();
    bench.time.pass(5000);
    expect(one.broker.kept.get('lvs/house/status')).toBe('online');
  });

  it('publishes the newest state when a broker that stopped reading goes on, and runs its cycles meanwhile', () => {
    const bench = new Bench();
    const hardware = bench.prepare(20);
    hardware.broker.reads = false;
    bench.boot(hardware);
    bench.time.pass(120_000);
    expect(hardware.broker.heard).toEqual([]);
    hardware.broker.resume();
    bench.time.pass(2000);
    expect(keptOf(hardware, 'lvs/house/gateway').cycle).toBeGreaterThan(115);
    expect(hardware.broker.heard.filter((topic) => topic === TEMP)).toHaveLength(1);
    expect(saidBy(hardware, 'status').at(-1)).toContain('cycle=');
  });

  it('publishes nothing while values are being recovered', () => {
    const bench = new Bench();
    const hardware = bench.prepare(20);
    const device = run({ hardware, config: () => undefined, onAbort: () => undefined });
    if (device === null) throw new Error('the device did not start');
    const { broker } = hardware;
    bench.time.pass(5000);
    const { state } = device.node.parts;
    broker.drop();
    broker.heard.length = 0;
    for (let passed_ms = 0; passed_ms < 30_000; passed_ms += 1) {
      state.recovering[0] = 1;
      bench.time.pass(1);
    }
    expect(broker.opened).toHaveLength(2);
    expect(broker.heard).toEqual([]);
    expect(broker.kept.get('lvs/house/status')).toBe('offline');
    state.recovering[0] = 0;
    bench.time.pass(5000);
    expect(broker.kept.get('lvs/house/status')).toBe('online');
    expect(broker.heard).toContain(TEMP);
  });

  it('is not there where nobody asked for it', () => {
    const bench = new Bench();
    const { broker } = bench.start(20, {});
    bench.time.pass(5000);
    expect(broker.opened).toEqual([]);
  });

  it.each([
    [{ mqtt_url: 'mqtts://broker' }, 'mqtt_url is "mqtts://broker"; it must be mqtt://host:port'],
    [{ mqtt_url: 'mqtt://a:70000' }, 'mqtt_url is "mqtt://a:70000"'],
    [{ ...URL, mqtt_prefix: 'a/#' }, 'mqtt_prefix is "a/#"'],
    [{ role: 'gateway' }, 'role is gateway and mqtt_url is empty'],
    [{ ...URL, role: 'boss' }, 'role is "boss"; it must be one of node, gateway'],
  ])('tells what is wrong with %j', (settings, told) => {
    const hardware = new Bench().start(20, settings);
    expect(saidBy(hardware, 'settings-wrong')[0]).toContain(told);
  });
});
