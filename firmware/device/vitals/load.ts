/** The share of its time that the node is busy: what it spends in cycles, datagrams and sensors, over a few seconds. */

import { NONE } from '../../platform.ts';

const ONE = 65536;
const WINDOW_MS = 4000;

export interface LoadOptions {
  ticks_ms: () => number;
}

export class LoadMeter {
  readonly #ticks_ms: () => number;
  #window_ticks: number;
  #began_ticks = 0;
  #busy_ms = 0;
  #load = NONE;

  constructor({ ticks_ms }: LoadOptions) {
    this.#ticks_ms = ticks_ms;
    this.#window_ticks = ticks_ms();
  }

  begin(): void {
    this.#began_ticks = this.#ticks_ms();
  }

  end(): void {
    this.#busy_ms += (this.#ticks_ms() - this.#began_ticks) | 0;
  }

  /** 0 to 65,536 of the last whole window; NONE before the first. */
  load(): number {
    const now_ticks = this.#ticks_ms();
    const window_ms = (now_ticks - this.#window_ticks) | 0;
    if (window_ms >= WINDOW_MS) {
      this.#load = Math.min(ONE, Math.round((this.#busy_ms / window_ms) * ONE));
      this.#busy_ms = 0;
      this.#window_ticks = now_ticks;
    }
    return this.#load;
  }
}
