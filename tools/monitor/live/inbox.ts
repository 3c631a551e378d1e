/** What happens while the monitor runs, queued and handled one after the other. */
import type { KeyAction } from './keys.ts';

export type Happening =
  | { type: 'bytes'; bytes: Uint8Array }
  | { type: 'key'; action: KeyAction }
  /** The system asks to end, with the exit code that goes with it. */
  | { type: 'signal'; code: number }
  | { type: 'gone'; why: string }
  /** Nothing more came for a while: what has no line end yet is shown as it is. */
  | { type: 'quiet' }
  /** Time to look whether the port is back. */
  | { type: 'look' };

/** Pieces of what a board says while the terminal is slow: past that the oldest are let go, and that is told. */
const PIECES_MAX = 10_000;

export class Inbox {
  readonly #waiting: Happening[] = [];
  #wake: (() => void) | null = null;
  #lost_bytes = 0;

  put(happening: Happening): void {
    if (this.#waiting.length >= PIECES_MAX) this.#drop();
    this.#waiting.push(happening);
    this.#wake?.();
  }

  /** Bytes that were let go since this was last asked. */
  takeLost(): number {
    const lost = this.#lost_bytes;
    this.#lost_bytes = 0;
    return lost;
  }

  /** The next one; waits until there is one. */
  async next(): Promise<Happening> {
    for (;;) {
      const next = this.#waiting.shift();
      if (next !== undefined) return next;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = null;
    }
  }

  #drop(): void {
    const at = this.#waiting.findIndex(({ type }) => type === 'bytes');
    const [dropped] = this.#waiting.splice(Math.max(0, at), 1);
    if (dropped.type === 'bytes') this.#lost_bytes += dropped.bytes.length;
  }
}
