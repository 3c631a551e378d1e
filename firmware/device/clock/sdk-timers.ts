/** Timers on the SDK's `timer`, which counts up to 2^31 - 1 ms: a timer that has fired waits that long, and is then ignored. */

import SdkTimer from 'timer';
import type { Timer, Timers } from './timers.ts';

const NEVER_MS = 0x7fffffff;

export class ScheduledTimers implements Timers {
  create(callback: () => void): Timer {
    return new ScheduledTimer(callback);
  }
}

class ScheduledTimer implements Timer {
  readonly #timer: SdkTimer;
  #waiting = false;

  constructor(callback: () => void) {
    this.#timer = SdkTimer.repeat(() => {
      if (!this.#waiting) return;
      this.#waiting = false;
      callback();
    }, NEVER_MS);
  }

  schedule(delay_ms: number): void {
    this.#waiting = true;
    SdkTimer.schedule(this.#timer, delay_ms, NEVER_MS);
  }

  stop(): void {
    this.#waiting = false;
  }
}
