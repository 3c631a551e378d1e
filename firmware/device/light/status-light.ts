/** What the lamp says: eight eighths of a second that repeat, a bit for each. */

import type { Timer, Timers } from '../clock/timers.ts';

export const LIGHT_OFF = 0;
/** Half a second on, half off. */
export const LIGHT_NO_NETWORK = 0b00001111;
/** A short flash each second. */
export const LIGHT_RUNNING = 0b00000001;
/** Two short flashes each second: values are being recovered from the peers. */
export const LIGHT_RECOVERING = 0b00000101;
/** Flickers: something is wrong with the settings. */
export const LIGHT_TROUBLE = 0b01010101;

const EIGHTH_MS = 125;

export interface StatusLightOptions {
  write: (on: boolean) => void;
  timers: Timers;
}

export class StatusLight {
  readonly #write: (on: boolean) => void;
  readonly #timer: Timer;
  #pattern = LIGHT_OFF;
  #step = 0;
  #on = false;

  constructor({ write, timers }: StatusLightOptions) {
    this.#write = write;
    this.#timer = timers.create(() => this.#next());
    write(false);
  }

  show(pattern: number): void {
    if (pattern === this.#pattern) return;
    this.#pattern = pattern;
    this.#step = 0;
    this.#next();
  }

  #next(): void {
    const on = ((this.#pattern >> this.#step) & 1) === 1;
    this.#step = (this.#step + 1) & 7;
    if (on !== this.#on) {
      this.#on = on;
      this.#write(on);
    }
    if (this.#pattern === LIGHT_OFF) this.#timer.stop();
    else this.#timer.schedule(EIGHTH_MS);
  }
}
