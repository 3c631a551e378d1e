/**
 * Why the last run ended. XS calls the global function `abort` before it gives up (memory full, an error that nobody
 * caught); what it says is kept in flash, because the chip starts anew a moment later, and a release build prints nothing.
 * Flash that is full or worn out costs the news and nothing else: an error here would crash the next start as well.
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
    const reason = this.#get('reason');
    if (typeof reason !== 'string' || reason === '') return null;
    return { reason, cycle: this.#whole('cycle'), count: this.#whole('count') };
  }

  /** True while the crash was not told yet; asking makes it told. */
  isNews(): boolean {
    const news = this.#get('news') === true;
    if (news) this.#set('news', false);
    return news;
  }

  /** Memory may be full: as little as possible is made here. */
  keep(reason: string, error: unknown, cycle: number): void {
    const text = error instanceof Error ? `${reason}: ${error.name}: ${error.message}` : reason;
    this.#set('reason', text.slice(0, TEXT_MAX));
    this.#set('cycle', cycle);
    this.#set('count', this.#whole('count') + 1);
    this.#set('news', true);
  }

  #whole(name: 'cycle' | 'count'): number {
    const value = this.#get(name);
    return typeof value === 'number' ? value : 0;
  }

  #get(name: string): unknown {
    try {
      return this.#io.get(DOMAIN_CRASH, name);
    } catch {
      return undefined;
    }
  }

  #set(name: string, value: string | number | boolean): void {
    try {
      this.#io.set(DOMAIN_CRASH, name, value);
    } catch {
      return;
    }
  }
}
