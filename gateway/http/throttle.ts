/** Slows down who guesses passwords: so many failures a window for each address, and for all of them together. */
import { hostGroup } from '../../host-sim/node-platform/address.ts';

/** A person mistypes a few times; a program tries thousands. */
const FAILURES_MAX = 5;
const FAILURES_ALL_MAX = 100;
const WINDOW_MS = 60_000;
/** Bounds memory; the oldest goes first. `FAILURES_ALL_MAX` keeps it from being reached within one window. */
const ADDRESSES_MAX = 256;

interface Window {
  failures: number;
  until_ms: number;
}

export class Throttle {
  readonly #byAddress = new Map<string, Window>();
  #all: Window = { failures: 0, until_ms: 0 };

  /** Milliseconds that this address has to wait; 0 when it may try. */
  wait_ms(address: string, now_ms: number): number {
    const own = this.#byAddress.get(hostGroup(address));
    const ownWait_ms = own !== undefined && own.failures >= FAILURES_MAX ? own.until_ms - now_ms : 0;
    const allWait_ms = this.#all.failures >= FAILURES_ALL_MAX ? this.#all.until_ms - now_ms : 0;
    return Math.max(0, ownWait_ms, allWait_ms);
  }

  failed(address: string, now_ms: number): void {
    const group = hostGroup(address);
    const own = opened(this.#byAddress.get(group), now_ms);
    own.failures++;
    this.#byAddress.delete(group);
    this.#byAddress.set(group, own);
    for (const oldest of this.#byAddress.keys()) {
      if (this.#byAddress.size <= ADDRESSES_MAX) break;
      this.#byAddress.delete(oldest);
    }
    this.#all = opened(this.#all, now_ms);
    this.#all.failures++;
  }

  succeeded(address: string): void {
    this.#byAddress.delete(hostGroup(address));
  }
}

function opened(window: Window | undefined, now_ms: number): Window {
  return window !== undefined && window.until_ms > now_ms ? window : { failures: 0, until_ms: now_ms + WINDOW_MS };
}
