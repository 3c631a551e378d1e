/** Restarts in a row: a chip that never gets far looks like a busy one to whoever reads single lines. */
import { duration } from '../../cli/numbers.ts';
import type { Explanation } from './explanation.ts';

/** Fewer is somebody who presses the button. */
const IN_A_ROW = 4;
/** A run that lasted so long is not one of a row. */
const LONG_RUN_MS = 60_000;

/** A node that sleeps deeply starts anew at each cycle, and that is as it should be. */
const MEANT = /DEEP_?SLEEP|DSLEEP|deep-sleep/;

export class Restarts {
  #count = 0;
  #first_ms: number | null = null;
  #last_ms: number | null = null;
  #reason = '';
  /** The ROM has said that it starts; the application's own first line is not a second restart. */
  #expected = false;
  #asked = false;

  /** The user has just reset the chip: that one does not count. */
  asked(): void {
    this.#asked = true;
  }

  /** The node has run long enough to say how it is. */
  ranWell(): void {
    this.#count = 0;
    this.#first_ms = null;
  }

  /** The ROM's `rst:` line. @param cause title of what was explained last, '' for nothing */
  rom(reason: string, at_ms: number | null, cause: string): Explanation | null {
    this.#expected = true;
    return this.#restarted(reason, at_ms, cause);
  }

  /** The application's first line: over the chip's own USB the ROM's lines are lost. */
  application(reason: string, at_ms: number | null, cause: string): Explanation | null {
    const expected = this.#expected;
    this.#expected = false;
    return expected ? null : this.#restarted(reason, at_ms, cause);
  }

  #restarted(reason: string, at_ms: number | null, cause: string): Explanation | null {
    const ranLong = at_ms !== null && this.#last_ms !== null && at_ms - this.#last_ms > LONG_RUN_MS;
    this.#last_ms = at_ms;
    if (ranLong || this.#asked || MEANT.test(reason)) this.ranWell();
    this.#asked = false;
    if (MEANT.test(reason)) return null;
    this.#first_ms ??= at_ms;
    if (reason !== this.#reason && this.#count > 0) this.#count = 1;
    else this.#count++;
    this.#reason = reason;
    return this.#isWorthTelling() ? this.#loop(at_ms, cause) : null;
  }

  /** At the 4th, then each time that there are twice as many. */
  #isWorthTelling(): boolean {
    const rounds = this.#count / IN_A_ROW;
    return rounds >= 1 && Number.isInteger(Math.log2(rounds));
  }

  #loop(at_ms: number | null, cause: string): Explanation {
    const took_ms = at_ms === null || this.#first_ms === null ? 0 : at_ms - this.#first_ms;
    // A log that is piped in whole took no time.
    const time = took_ms < 1000 ? '' : ` in ${duration(took_ms)}`;
    return {
      level: 'E',
      title: `The chip starts again and again: ${this.#count} times in a row${time}, each time with ${this.#reason}`,
      cause:
        cause === ''
          ? 'It does not get far enough to say why. A supply that sags under the radio, or a program that does not fit the board, looks like this.'
          : `What was explained last is the likely reason: ${cause}.`,
      next: [
        ...(cause === '' ? ['take another cable and port, and leave sensors off'] : ['mend that first']),
        'hold BOOT while it starts: in its download mode it stays still, and `npm run flash -- erase` and a new flash bring it back',
      ],
    };
  }
}
