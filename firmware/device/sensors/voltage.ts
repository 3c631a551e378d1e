/** An analogue pin as volts: a few conversions averaged, because a single one is off by tens of millivolts. */

import type { Source } from './source.ts';

const CONVERSIONS = 8;

export interface VoltageOptions {
  /** Millivolts now, or NaN. */
  read_mv: () => number;
}

export class Voltage implements Source {
  readonly #read_mv: () => number;

  constructor({ read_mv }: VoltageOptions) {
    this.#read_mv = read_mv;
  }

  read(): number {
    let sum_mv = 0;
    for (let i = 0; i < CONVERSIONS; i++) sum_mv += this.#read_mv();
    return sum_mv / CONVERSIONS / 1000;
  }

  close(): void {
    return;
  }
}
