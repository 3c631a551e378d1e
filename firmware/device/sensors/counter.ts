/** Counts pulses of a meter, a rain gauge, an anemometer: its reading is pulses a second since the reading before. */

import type { Source } from './source.ts';

/** An edge input as ECMA-419's Digital is one. */
export interface EdgeInput {
  close(): void;
}

export interface CounterOptions {
  /** Opens the pin; calls back at each rising edge. */
  open: (onEdge: () => void) => EdgeInput;
  ticks_ms: () => number;
}

export class Counter implements Source {
  readonly #input: EdgeInput;
  readonly #ticks_ms: () => number;
  #pulses = 0;
  #since_ticks: number;

  constructor({ open, ticks_ms }: CounterOptions) {
    this.#ticks_ms = ticks_ms;
    this.#since_ticks = ticks_ms();
    this.#input = open(() => {
      this.#pulses++;
    });
  }

  read(): number {
    const now_ticks = this.#ticks_ms();
    const time_ms = (now_ticks - this.#since_ticks) | 0;
    if (time_ms <= 0) return NaN;
    const rate = (this.#pulses * 1000) / time_ms;
    this.#pulses = 0;
    this.#since_ticks = now_ticks;
    return rate;
  }

  close(): void {
    this.#input.close();
  }
}
