/** The way to the network, whatever it is: it comes up by itself, and comes back by itself when it was lost. */

import type { Timers } from '../clock/timers.ts';

export interface LinkOptions {
  ssid: string;
  password: string;
  timers: Timers;
  random: () => number;
  /** There is an address: sockets may be opened. */
  onUp: () => void;
  onDown: () => void;
  /** Why it could not be joined, in words, and after how long the next try comes. */
  onError?: (reason: string, retry_ms: number) => void;
}

export interface Link {
  close(): void;
}
