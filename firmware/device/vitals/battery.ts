/**
 * The battery's charge from its voltage behind a divider, a straight line between empty and full; and whether it is low,
 * as the node itself sees it (firmware/runtime/power.ts). The node looks at each fourth cycle: too late for a chip that
 * has just started, and never where there is no network.
 */

import { NONE } from '../../platform.ts';

const ONE = 65536;
/** The mean follows slowly: a radio that sends pulls the voltage down by 100 mV for a moment. */
const SMOOTHING = 8;
/** The bounds of firmware/runtime/power.ts: low below 20 %, until it is above 30 %. */
const LOW_IN = (ONE / 5) | 0;
const LOW_OUT = ((ONE * 3) / 10) | 0;

export interface BatteryOptions {
  read_mv: () => number;
  divider: number;
  empty_mv: number;
  full_mv: number;
  /** It was low before the chip started. */
  was_low: boolean;
}

export class Battery {
  readonly #options: BatteryOptions;
  #mean_mv = NaN;
  #low: boolean;

  constructor(options: BatteryOptions) {
    this.#options = options;
    this.#low = options.was_low;
  }

  /** By the charge that was read last. */
  isLow(): boolean {
    return this.#low;
  }

  /** Reads: 0 to 65,536; NONE when nothing can be read. */
  charge(): number {
    const charge = this.#read();
    this.#low = charge !== NONE && (this.#low ? charge <= LOW_OUT : charge < LOW_IN);
    return charge;
  }

  #read(): number {
    const { read_mv, divider, empty_mv, full_mv } = this.#options;
    const now_mv = read_mv() * divider;
    if (!Number.isNaN(now_mv)) {
      this.#mean_mv = Number.isNaN(this.#mean_mv) ? now_mv : this.#mean_mv + (now_mv - this.#mean_mv) / SMOOTHING;
    }
    if (Number.isNaN(this.#mean_mv)) return NONE;
    const share = (this.#mean_mv - empty_mv) / (full_mv - empty_mv);
    return Math.round(Math.min(1, Math.max(0, share)) * ONE);
  }
}
