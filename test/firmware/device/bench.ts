/** Whole devices on one medium, in virtual time. */
import type { Device } from '../../../firmware/device/device.ts';
import { run } from '../../../firmware/device/run.ts';
import { FakeMedium, fakeHardware, type FakeHardware, VirtualTime } from './fakes.ts';

export interface Started {
  hardware: FakeHardware;
  device: Device | null;
  abort: (reason: string, error: unknown) => void;
}

export class Bench {
  readonly time = new VirtualTime();
  readonly medium = new FakeMedium(this.time);
  #nodes = 0;

  prepare(value: number, settings: Record<string, string | number> = {}): FakeHardware {
    this.#nodes++;
    const hardware = fakeHardware({
      time: this.time,
      medium: this.medium,
      address: `10.0.0.${this.#nodes}`,
      seed: 1000 * this.#nodes,
    });
    const key = { name: 'room/temp', floor: 0.05, span: 8, range: [0, 100], source: { kind: 'synthetic', value } };
    for (const [name, given] of Object.entries({ key0: JSON.stringify(key), status_cycles: 5, ...settings })) {
      hardware.store.set('lvs', name, given);
    }
    return hardware;
  }

  /** And again whenever its deep sleep is over. */
  boot(hardware: FakeHardware, config: Record<string, unknown> = {}): Started {
    let abort: Started['abort'] = () => undefined;
    hardware.onWake = () => {
      hardware.reset = 'deep-sleep';
      this.boot(hardware, config);
    };
    const device = run({ hardware, config: (name) => config[name], onAbort: (hook) => (abort = hook) });
    return { hardware, device, abort };
  }

  start(value: number, settings: Record<string, string | number> = {}): Started {
    return this.boot(this.prepare(value, settings));
  }
}

export const lineOf = ({ hardware }: Started, name: string): string | undefined =>
  hardware.lines.findLast((line) => line.split(' ')[2] === name);

export const valueOf = (one: Started): number => Number(/room\/temp=([\d.]+)/.exec(lineOf(one, 'status') ?? '')?.[1]);
