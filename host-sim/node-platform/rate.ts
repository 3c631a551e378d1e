/** Bytes a minute, over the last minute. */

const WINDOW_MS = 60_000;
/** One reading a second is kept: 61 of them span the window. */
const STEP_MS = 1000;

export class RateMeter {
  readonly #readings: { at_ms: number; bytes: number }[] = [];

  /** @param bytes in all since the start */
  note(at_ms: number, bytes: number): void {
    const last = this.#readings.at(-1);
    if (last !== undefined && at_ms - last.at_ms < STEP_MS) return;
    this.#readings.push({ at_ms, bytes });
    while (this.#readings.length > 1 && at_ms - this.#readings[0].at_ms > WINDOW_MS) this.#readings.shift();
  }

  /** While less than a minute has passed: what it would come to. */
  per_minute(): number {
    const first = this.#readings.at(0);
    const last = this.#readings.at(-1);
    if (first === undefined || last === undefined || last.at_ms === first.at_ms) return 0;
    return ((last.bytes - first.bytes) / (last.at_ms - first.at_ms)) * 60_000;
  }
}
