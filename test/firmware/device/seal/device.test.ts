/** Whole devices with keys in their flash. */
import { describe, expect, it } from 'vitest';
import { run } from '../../../../firmware/device/run.ts';
import { FakeMedium, fakeHardware, type FakeHardware, VirtualTime } from '../fakes.ts';

const KEY = new Uint8Array(32).fill(1).buffer;
const OTHER = new Uint8Array(32).fill(2).buffer;

class Bench {
  readonly time = new VirtualTime();
  readonly medium = new FakeMedium(this.time);
  #nodes = 0;

  start(value: number, settings: Record<string, boolean | ArrayBuffer>): FakeHardware {
    this.#nodes++;
    const address = `10.0.0.${this.#nodes}`;
    const hardware = fakeHardware({ time: this.time, medium: this.medium, address, seed: 1000 * this.#nodes });
    const key = { name: 'room/temp', floor: 0.05, span: 8, range: [0, 100], source: { kind: 'synthetic', value } };
    hardware.store.set('lvs', 'key0', JSON.stringify(key));
    hardware.store.set('lvs', 'status_cycles', 5);
    for (const [name, given] of Object.entries(settings)) hardware.store.set('lvs', name, given);
    run({ hardware, config: () => undefined, onAbort: () => undefined });
    return hardware;
  }
}

const lineOf = ({ lines }: FakeHardware, name: string): string =>
  lines.findLast((line) => line.split(' ')[2] === name) ?? '';
const valueOf = (one: FakeHardware): number => Number(/room\/temp=([\d.]+)/.exec(lineOf(one, 'status'))?.[1]);

describe('devices with a swarm key', () => {
  it.each([
    ['authentic', false],
    ['private', true],
  ])('agree among themselves, whatever a stranger and an open node say (%s)', (_, hidden) => {
    const bench = new Bench();
    const members = [18, 20, 25].map((value) => bench.start(value, { swarm_key: KEY, private: hidden }));
    const stranger = bench.start(90, { swarm_key: OTHER, private: hidden });
    const open = bench.start(95, {});
    bench.time.pass(40_000);
    for (const member of members) expect(valueOf(member)).toBeCloseTo(21, 2);
    expect(lineOf(members[0], 'status')).toContain('peers=2');
    for (const alone of [stranger, open]) expect(lineOf(alone, 'status')).toContain('peers=0');
  });

  it('say nothing of their key, and only an open one warns', () => {
    const bench = new Bench();
    const member = bench.start(20, { swarm_key: KEY });
    const open = bench.start(20, {});
    bench.time.pass(1000);
    expect(lineOf(member, 'swarm-open')).toBe('');
    expect(lineOf(open, 'swarm-open')).toBe(
      'lvs W swarm-open reason="no swarm_key: anyone on the network may join in"',
    );
    expect(member.lines.join('\n')).not.toMatch(/swarm_key|0101/);
  });

  it('tells of a key that is none, and does not start as an open node', () => {
    const bench = new Bench();
    const broken = bench.start(20, { swarm_key: new ArrayBuffer(16) });
    bench.time.pass(10_000);
    expect(lineOf(broken, 'settings-wrong')).toBe(
      'lvs E settings-wrong swarm_key is 16 bytes; it must be 32 bytes in NVS',
    );
    expect(bench.medium.sent).toBe(0);
  });
});
