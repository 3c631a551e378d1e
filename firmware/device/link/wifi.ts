/**
 * Wi-Fi as a station. Joining may fail, succeed and never give an address, or end at any time: in each case the next
 * try comes after a waiting time that grows.
 */

import type { Timer } from '../clock/timers.ts';
import { Backoff } from './backoff.ts';
import type { Link, LinkOptions } from './link.ts';

/** A join that has given no address by then has failed: association, DHCP and IPv6 take 2 to 8 s. */
const JOIN_MS = 20_000;

/** What this needs of the SDK's `wifi`. */
export interface WiFiClass {
  new (options: undefined, onNotify: (message: string, reason?: number) => void): { close(): void };
  connect(options: Station): void;
  disconnect(): void;
}

interface Station {
  ssid: string;
  password?: string;
}

export interface WiFiLinkOptions extends LinkOptions {
  io: WiFiClass;
}

export class WiFiLink implements Link {
  readonly #options: WiFiLinkOptions;
  readonly #station: Station;
  readonly #backoff: Backoff;
  readonly #timer: Timer;
  readonly #wifi: { close(): void };
  #up = false;
  /** Between tries: a failure that is reported now belongs to the try before. */
  #resting = false;

  constructor(options: WiFiLinkOptions) {
    this.#options = options;
    const { ssid, password } = options;
    this.#station = password === '' ? { ssid } : { ssid, password };
    this.#backoff = new Backoff(options.random);
    this.#timer = options.timers.create(() => this.#timeIsUp());
    this.#wifi = new options.io(undefined, (message, reason) => this.#notified(message, reason));
    this.#join();
  }

  close(): void {
    this.#timer.stop();
    this.#wifi.close();
    this.#options.io.disconnect();
  }

  #notified(message: string, reason = 0): void {
    if (message === 'gotIP') this.#cameUp();
    else if (this.#resting) return;
    else if (message === 'disconnect') this.#failed(reason === -1 ? 'the password was refused' : 'not connected');
    else if (message === 'lostIP') this.#failed('the address was lost');
  }

  #cameUp(): void {
    this.#backoff.reset();
    this.#timer.stop();
    this.#resting = false;
    if (this.#up) return;
    this.#up = true;
    this.#options.onUp();
  }

  #timeIsUp(): void {
    if (this.#resting) this.#join();
    else this.#failed('no address came');
  }

  /** The driver throws when the radio does not take the order. */
  #join(): void {
    this.#resting = false;
    this.#timer.schedule(JOIN_MS);
    try {
      this.#options.io.connect(this.#station);
    } catch {
      this.#failed('the radio is busy');
    }
  }

  #failed(why: string): void {
    const retry_ms = this.#backoff.next_ms();
    this.#resting = true;
    this.#timer.schedule(retry_ms);
    if (this.#up) {
      this.#up = false;
      this.#options.onDown();
    }
    this.#options.onError?.(why, retry_ms);
  }
}
