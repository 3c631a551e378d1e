/** How long to wait before the next try: twice as long each time, with jitter, so that a broker that returns is not met by all at once. */

export interface BackOffOptions {
  /** The first wait at the most. */
  first_ms: number;
  /** No wait is longer. */
  most_ms: number;
  /** The wait where a person has to change something first, such as a password. */
  slow_ms: number;
}

export const BACK_OFF: BackOffOptions = { first_ms: 1_000, most_ms: 30_000, slow_ms: 300_000 };

/**
 * Between half and the whole of the wait that is due.
 * @param tries failed ones in a row, 1 or more
 * @param uniform in [0, 1)
 */
export function waitOf(options: BackOffOptions, tries: number, slow: boolean, uniform: number): number {
  const whole_ms = slow ? options.slow_ms : Math.min(options.most_ms, options.first_ms * 2 ** Math.min(tries - 1, 30));
  return Math.round(whole_ms * (0.5 + uniform / 2));
}
