/** Says a thing once, and again only after a while or when it changes: what goes wrong a thousand times a second fills no log. */

import type { Timing } from './options.ts';

export class Teller {
  readonly #timing: Timing;
  readonly #interval_ms: number;
  readonly #subjects_max: number;
  readonly #told = new Map<string, { until_ms: number; silent: number }>();

  /** @param subjects_max what is told apart; beyond that, the oldest are forgotten */
  constructor(timing: Timing, interval_ms: number, subjects_max: number) {
    this.#timing = timing;
    this.#interval_ms = interval_ms;
    this.#subjects_max = subjects_max;
  }

  /** Tells by `tell` unless the subject was told within the interval; `silent` is how often it happened since then. */
  note(subject: string, tell: (silent: number) => void): void {
    const now_ms = this.#timing.now_ms();
    const known = this.#told.get(subject);
    if (known !== undefined && now_ms < known.until_ms) {
      known.silent++;
      return;
    }
    this.#told.delete(subject);
    if (this.#told.size >= this.#subjects_max) this.#told.delete(this.#told.keys().next().value ?? '');
    this.#told.set(subject, { until_ms: now_ms + this.#interval_ms, silent: 0 });
    tell(known?.silent ?? 0);
  }

  /** The subject is told again when it comes back. */
  forget(subject: string): void {
    this.#told.delete(subject);
  }
}
