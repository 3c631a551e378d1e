/**
 * Feeds the hardware's watchdog only while cycles come in time. The SDK's event loop feeds a watchdog of its own, and goes
 * on doing so when the node's timer is lost or its cycle stands still: this one does not.
 */

import type { Timer, Timers } from '../clock/timers.ts';

/** Boards have 15 s in their sdkconfig (CONFIG_ESP_TASK_WDT_TIMEOUT_S). */
const FEED_MS = 4000;

export interface WatchdogOptions {
  /** A cycle that is later than this has failed. */
  limit_ms: number;
  timers: Timers;
  ticks_ms: () => number;
  start: () => void;
  feed: () => void;
  /** Called once when cycles stay away, before the watchdog bites. */
  onLate?: (late_ms: number) => void;
}

export class Watchdog {
  readonly #options: WatchdogOptions;
  readonly #timer: Timer;
  #cycle_ticks: number;
  #late = false;

  constructor(options: WatchdogOptions) {
    this.#options = options;
    this.#cycle_ticks = options.ticks_ms();
    options.start();
    this.#timer = options.timers.create(() => this.#feed());
    this.#timer.schedule(FEED_MS);
  }

  /** A cycle has run. */
  cycle(): void {
    this.#cycle_ticks = this.#options.ticks_ms();
    this.#late = false;
  }

  #feed(): void {
    const { limit_ms, ticks_ms, feed, onLate } = this.#options;
    const since_ms = (ticks_ms() - this.#cycle_ticks) | 0;
    if (since_ms <= limit_ms) feed();
    else if (!this.#late) {
      this.#late = true;
      onLate?.(since_ms);
    }
    this.#timer.schedule(FEED_MS);
  }
}
