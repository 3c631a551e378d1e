/**
 * Tells systemd that the gateway is ready, alive, or on its way out (sd_notify(3)). Node.js has no Unix datagram sockets,
 * so the program `systemd-notify` says it, for which the unit needs `NotifyAccess=all`.
 */
import { execFile } from 'node:child_process';
import type { Environment } from '../../tools/cli/colour.ts';

export interface NotifyOptions {
  env: Environment;
  /** Told once when the program does not work. */
  onError: (why: string) => void;
}

const TIMEOUT_MS = 5000;

export class Notifier {
  readonly #options: NotifyOptions;
  readonly #wanted: boolean;
  #failed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: NotifyOptions) {
    this.#options = options;
    this.#wanted = (options.env.NOTIFY_SOCKET ?? '') !== '';
  }

  /** @param lines such as `READY=1`, `STATUS=...` */
  async tell(...lines: string[]): Promise<void> {
    if (!this.#wanted) return;
    const env = { ...this.#options.env };
    await new Promise<void>((resolve) => {
      execFile('systemd-notify', lines, { env, timeout: TIMEOUT_MS }, (error) => {
        if (error !== null && !this.#failed) {
          this.#failed = true;
          this.#options.onError(`systemd-notify does not work: ${error.message.split('\n', 1)[0]}`);
        }
        resolve();
      });
    });
  }

  /** Half the time that the unit's WatchdogSec allows; 0 where it asks for none. */
  get every_ms(): number {
    const usec = Number(this.#options.env.WATCHDOG_USEC ?? '');
    return Number.isFinite(usec) && usec > 0 ? Math.max(500, Math.floor(usec / 2000)) : 0;
  }

  /** Sends signs of life as long as the gateway is well: one that hangs sends none, and is started anew. */
  watch(well: () => boolean): void {
    if (!this.#wanted || this.every_ms === 0) return;
    this.#timer = setInterval(() => {
      if (well()) void this.tell('WATCHDOG=1');
    }, this.every_ms);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
