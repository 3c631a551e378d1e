/**
 * Why the last run ended. XS calls the global function `abort` before it gives up (memory full, an error that nobody
 * caught); what it says is kept in flash, because the chip starts anew a moment later, and a release build prints nothing.
 */

import { DOMAIN_CRASH, type Preferences } from '../store/preferences.ts';

const TEXT_MAX = 160;

export interface Crash {
  /** What XS said, and the error's text: `unhandled exception: TypeError: ...`. */
  reason: string;
  /** Cycle in which it happened. */
  cycle: number;
  /** Crashes kept so far. */
  count: number;
}

export interface CrashKeeperOptions {
  io: Preferences;
}

export class CrashKeeper {
  readonly #io: Preferences;

  constructor({ io }: CrashKeeperOptions) {
    this.#io = io;
  }

  /** The last crash that is kept, or null. It stays until the next one. */
  last(): Crash | null {
    const reason = this.#io.get(DOMAIN_CRASH, 'reason');
    if (typeof reason !== 'string' || reason === '') return null;
    return { reason, cycle: this.#whole('cycle'), count: this.#whole('count') };
  }

  /** True while the crash was not told yet; asking makes it told. */
  isNews(): boolean {
    const news = this.#io.get(DOMAIN_CRASH, 'news') === true;
    if (news) this.#io.set(DOMAIN_CRASH, 'news', false);
    return news;
  }

  /** Memory may be full: as little as possible is made here. */
  keep(reason: string, error: unknown, cycle: number): void {
    const text = error instanceof Error ? `${reason}: ${error.name}: ${error.message}` : reason;
    this.#io.set(DOMAIN_CRASH, 'reason', text.slice(0, TEXT_MAX));
    this.#io.set(DOMAIN_CRASH, 'cycle', cycle);
    this.#io.set(DOMAIN_CRASH, 'count', this.#whole('count') + 1);
    this.#io.set(DOMAIN_CRASH, 'news', true);
  }

  #whole(name: 'cycle' | 'count'): number {
    const value = this.#io.get(DOMAIN_CRASH, name);
    return typeof value === 'number' ? value : 0;
  }
}
