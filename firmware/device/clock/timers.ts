/** Timers, each made once and scheduled again and again: nothing is allocated when one is. */

export interface Timer {
  /** Calls back once after this time; replaces what was scheduled before. */
  schedule(delay_ms: number): void;
  stop(): void;
}

export interface Timers {
  create(callback: () => void): Timer;
}
