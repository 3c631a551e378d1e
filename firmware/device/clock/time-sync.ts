/** Keeps the date right by SNTP while there is a network: at once when the link comes up, then once a day. */

import type { Timer, Timers } from './timers.ts';

const AGAIN_MS = 24 * 3_600_000;
const AFTER_FAILURE_MS = 600_000;

/** Asks a time server once, with a few repeats; calls back once, with seconds since 1970 or -1. */
export type NtpClient = (host: string, onTime: (seconds: number) => void) => void;

export interface TimeSyncOptions {
  host: string;
  ntp: NtpClient;
  timers: Timers;
  onTime: (seconds: number) => void;
  onError?: () => void;
}

export class TimeSync {
  readonly #options: TimeSyncOptions;
  readonly #timer: Timer;
  #asking = false;
  #online = false;

  constructor(options: TimeSyncOptions) {
    this.#options = options;
    this.#timer = options.timers.create(() => this.#ask());
  }

  /** The link came up or went down. */
  online(online: boolean): void {
    const cameUp = online && !this.#online;
    this.#online = online;
    if (cameUp) this.#ask();
    if (!online) this.#timer.stop();
  }

  #ask(): void {
    if (this.#asking) return;
    this.#asking = true;
    this.#options.ntp(this.#options.host, (seconds) => this.#answered(seconds));
  }

  #answered(seconds: number): void {
    this.#asking = false;
    if (seconds > 0) this.#options.onTime(seconds);
    else this.#options.onError?.();
    if (this.#online) this.#timer.schedule(seconds > 0 ? AGAIN_MS : AFTER_FAILURE_MS);
  }
}
