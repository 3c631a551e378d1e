/**
 * An update that is taken back says nothing: the bootloader just starts the other application. Where its log is on, it
 * names the place that it starts from (components/bootloader_support/src/bootloader_utility.c), and that is enough.
 */
import { ROLLED_BACK } from './boot.ts';
import type { Explanation } from './explanation.ts';

const LOADED = /boot: Loaded app from partition at offset (0x[0-9a-f]+)/;

export class Slots {
  #current = '';
  #before = '';

  /** @returns the explanation's id with it, or null */
  hear(text: string): { id: string; explanation: Explanation } | null {
    const offset = LOADED.exec(text)?.[1];
    if (offset === undefined || offset === this.#current) return null;
    const [before, current] = [this.#before, this.#current];
    this.#before = current;
    this.#current = offset;
    if (current === '') return null;
    if (offset === before) return { id: 'rolled-back', explanation: ROLLED_BACK };
    const explanation: Explanation = {
      level: 'I',
      title: `The chip now starts the application at ${offset}; before it was the one at ${current}`,
      cause:
        'Either an update was put there, or the one from before was taken back because it did not call itself good.',
      next: ['if an update was meant, wait until the node has run 8 cycles: then it stays'],
    };
    return { id: 'other-application', explanation };
  }
}
