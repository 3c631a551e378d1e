/** The clock port: ticks from the hardware, the date once something has set it. */

import type { ClockPort } from '../../platform.ts';

/** 2024-01-01: before it, a chip that was just switched on still counts from 1970. */
const EPOCH_KNOWN_MS = 1_704_067_200_000;

export interface ClockOptions {
  ticks_ms: () => number;
  epoch_ms: () => number;
}

export class Clock implements ClockPort {
  readonly ticks_ms: () => number;
  readonly #epoch_ms: () => number;

  constructor({ ticks_ms, epoch_ms }: ClockOptions) {
    this.ticks_ms = ticks_ms;
    this.#epoch_ms = epoch_ms;
  }

  epoch_ms(): number {
    const now_ms = this.#epoch_ms();
    return now_ms >= EPOCH_KNOWN_MS ? now_ms : 0;
  }
}
