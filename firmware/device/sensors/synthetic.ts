/** A made-up sensor: a triangular wave with noise, for demonstrations and tests without hardware. */

import type { Source, SourceSettings } from './source.ts';

export interface SyntheticOptions {
  settings: SourceSettings;
  ticks_ms: () => number;
  random: () => number;
}

export class Synthetic implements Source {
  readonly #options: SyntheticOptions;
  readonly #start_ticks: number;

  constructor(options: SyntheticOptions) {
    this.#options = options;
    this.#start_ticks = options.ticks_ms();
  }

  read(): number {
    const { settings, ticks_ms, random } = this.#options;
    const { value, swing, period_s, noise } = settings;
    const period_ms = Math.max(1, period_s * 1000);
    const age_ms = (ticks_ms() - this.#start_ticks) >>> 0;
    const phase = (age_ms % period_ms) / period_ms;
    // 0 at the start, +1 after a quarter, -1 after three.
    const wave = phase < 0.25 ? 4 * phase : phase < 0.75 ? 2 - 4 * phase : 4 * phase - 4;
    const error = ((random() | 0) / 0x80000000) * noise;
    return value + swing * wave + error;
  }

  close(): void {
    return;
  }
}
