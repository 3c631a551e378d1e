/** The cable: what becomes of bytes on their way, by the faults that are set. */
import type { Faults } from './faults.ts';
import type { Random } from './random.ts';

/** What a cable that is too long does to a byte above its rate. */
const WEAK_CABLE_RATE = 0.05;

export interface Passage {
  bytes: Buffer;
  /** Index of the byte with which the link or the power ended, if it did in this passage. */
  cutAt: number | undefined;
}

export class Link {
  private readonly faults: Faults;
  private readonly random: Random;
  private toDevice_bytes = 0;
  private fromDevice_bytes = 0;

  constructor(faults: Faults, random: Random) {
    this.faults = faults;
    this.random = random;
  }

  /** A new cable. */
  renew(): void {
    this.toDevice_bytes = 0;
    this.fromDevice_bytes = 0;
  }

  get toDeviceCount_bytes(): number {
    return this.toDevice_bytes;
  }

  toDevice(bytes: Uint8Array, rates: Rates): Passage {
    const left = this.leftToDevice();
    this.toDevice_bytes += bytes.length;
    const cutAt = left < bytes.length ? left : undefined;
    return { bytes: this.spoil(bytes.subarray(0, left), rates), cutAt };
  }

  fromDevice(bytes: Uint8Array, rates: Rates): Buffer {
    const left = this.leftToDevice() === 0 ? 0 : this.faults.deadAfterFromDevice_bytes - this.fromDevice_bytes;
    this.fromDevice_bytes += bytes.length;
    return this.spoil(bytes.subarray(0, Math.max(0, left)), rates);
  }

  private leftToDevice(): number {
    const { deadAfterToDevice_bytes, powerCutAfterToDevice_bytes, unplugAfterToDevice_bytes } = this.faults;
    if (this.fromDevice_bytes >= this.faults.deadAfterFromDevice_bytes) return 0;
    const end = Math.min(deadAfterToDevice_bytes, powerCutAfterToDevice_bytes, unplugAfterToDevice_bytes);
    return Math.max(0, end - this.toDevice_bytes);
  }

  private spoil(bytes: Uint8Array, rates: Rates): Buffer {
    // Two ends that disagree about the length of a bit read nothing of each other.
    const disagree = Math.abs(rates.host_baud - rates.device_baud) > rates.host_baud * 0.03;
    const weak = rates.host_baud > this.faults.garbleAbove_baud ? WEAK_CABLE_RATE : 0;
    const garble_rate = disagree ? 1 : Math.max(weak, this.faults.garble_rate);
    const { drop_rate } = this.faults;
    if (garble_rate === 0 && drop_rate === 0) return Buffer.from(bytes);
    const through: number[] = [];
    for (const byte of bytes) {
      if (drop_rate > 0 && this.random() < drop_rate) continue;
      const garbled = this.random() < garble_rate;
      through.push(garbled ? byte ^ (1 + Math.floor(this.random() * 255)) : byte);
    }
    return Buffer.from(through);
  }
}

export interface Rates {
  host_baud: number;
  device_baud: number;
}
