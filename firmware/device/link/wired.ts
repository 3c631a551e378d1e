/** A computer's own network: it is there already. */

import type { Link, LinkOptions } from './link.ts';

export class WiredLink implements Link {
  /** Comes up after the constructor has returned, as a link over the air would. */
  constructor({ timers, onUp }: LinkOptions) {
    timers.create(onUp).schedule(0);
  }

  close(): void {
    return;
  }
}
