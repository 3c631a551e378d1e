/** The battery's charge from its voltage behind a divider: a straight line between empty and full. */

import { NONE } from '../../platform.ts';

const ONE = 65536;
/** The mean follows slowly: a radio that sends pulls the voltage down by 100 mV for a moment. */
const SMOOTHING = 8;

export interface BatteryOptions {
  read_mv: () => number;
  divider: number;
  empty_mv: number;
  full_mv: number;
}

export class Battery {
  readonly #options: BatteryOptions;
  #mean_mv = NaN;

  constructor(options: BatteryOptions) {
    this.#options = options;
  }

  /** 0 to 65,536; NONE when nothing can be read. */
  charge(): number {
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
