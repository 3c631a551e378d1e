/**
 * Sensors behind ECMA-419 sensor drivers. One sensor may serve several keys (temperature and humidity): it is opened
 * once, and one sample serves all keys that ask within a moment.
 */

import type { Source, SourceSettings } from './source.ts';

/** What ECMA-419 calls a sample, as far as it is used here. Some drivers give a temperature without the `thermometer`. */
export interface Sample {
  temperature?: number;
  thermometer?: { temperature?: number };
  hygrometer?: { humidity?: number };
  barometer?: { pressure?: number };
}

export interface SensorDevice {
  sample(): Sample | undefined;
  close(): void;
}

/** A driver of the SDK, and what its numbers are, because drivers differ. */
export interface SensorDriver {
  name: string;
  /** Opens the sensor at this address; 0 for its usual one. */
  open: (address: number) => SensorDevice;
  quantities: readonly Quantity[];
}

export interface Quantity {
  name: 'temperature' | 'humidity' | 'pressure';
  /** What the driver's number is multiplied with to be °C, % or hPa. */
  scale: number;
}

/** A sample this young is not taken again. */
const SHARED_MS = 500;

interface Opened {
  driver: SensorDriver;
  address: number;
  device: SensorDevice;
  /** Keys that it serves. */
  users: number;
  sample: Sample;
  taken_ticks: number;
  fresh: boolean;
}

export interface SensorBusOptions {
  drivers: readonly SensorDriver[];
  ticks_ms: () => number;
}

export class SensorBus {
  readonly #options: SensorBusOptions;
  readonly #opened: Opened[] = [];

  constructor(options: SensorBusOptions) {
    this.#options = options;
  }

  /** @throws RangeError for a driver or quantity that is not there, naming those that are */
  source({ driver: name, quantity: wanted, address }: SourceSettings): Source {
    const { drivers } = this.#options;
    const driver = drivers.find((one) => one.name === name);
    if (driver === undefined) {
      throw new RangeError(`driver "${name}" is not here; there are ${drivers.map((one) => one.name).join(', ')}`);
    }
    const quantity = driver.quantities.find((one) => one.name === wanted);
    if (quantity === undefined) {
      const has = driver.quantities.map((one) => one.name).join(', ');
      throw new RangeError(`${name} does not measure "${wanted}"; it measures ${has}`);
    }
    const opened = this.#open(driver, address);
    opened.users++;
    return {
      read: () => pick(this.#sampleOf(opened), quantity),
      close: () => this.#close(opened),
    };
  }

  #open(driver: SensorDriver, address: number): Opened {
    const known = this.#opened.find((one) => one.driver === driver && one.address === address);
    if (known !== undefined) return known;
    const device = driver.open(address);
    const opened = { driver, address, device, users: 0, sample: {}, taken_ticks: 0, fresh: false };
    this.#opened.push(opened);
    return opened;
  }

  /** With the last of its keys, and once: a second `close` throws in most drivers of the SDK. */
  #close(opened: Opened): void {
    if (--opened.users !== 0) return;
    this.#opened.splice(this.#opened.indexOf(opened), 1);
    opened.device.close();
  }

  #sampleOf(opened: Opened): Sample {
    const now_ticks = this.#options.ticks_ms() | 0;
    if (opened.fresh && ((now_ticks - opened.taken_ticks) | 0) < SHARED_MS) return opened.sample;
    opened.fresh = false;
    opened.sample = opened.device.sample() ?? {};
    opened.taken_ticks = now_ticks;
    opened.fresh = true;
    return opened.sample;
  }
}

function pick(sample: Sample, { name, scale }: Quantity): number {
  const value =
    name === 'temperature'
      ? (sample.thermometer?.temperature ?? sample.temperature)
      : name === 'humidity'
        ? sample.hygrometer?.humidity
        : sample.barometer?.pressure;
  return value === undefined ? NaN : value * scale;
}
