/** Sources that take what comes in on standard input, a line a reading: `21.5`, or `room1/temp 21.5` where keys share it. */
import { createInterface } from 'node:readline';
import { numberIn, WAITING, type Reading, type Source } from './source.ts';

export class LineInput {
  readonly #latest = new Map<string, Reading>();
  #lines: { close: () => void } | null = null;

  source(key: string): Source {
    this.#latest.set(key, WAITING);
    return { read: () => this.#latest.get(key) ?? WAITING, close: () => this.#lines?.close() };
  }

  /** Begins to read when some key wants it: a node that does not is not held up by a terminal. */
  open(input: NodeJS.ReadableStream): void {
    if (this.#latest.size === 0) return;
    const lines = createInterface({ input, crlfDelay: Infinity });
    this.#lines = lines;
    lines.on('line', (line) => this.#take(line));
    lines.on('close', () => {
      for (const key of this.#latest.keys()) this.#latest.set(key, { kind: 'none', why: 'standard input has ended' });
    });
  }

  #take(line: string): void {
    const words = line.trim().split(/\s+/);
    if (words[0] === '') return;
    const [only] = this.#latest.keys();
    const named = words.length > 1 || this.#latest.size > 1;
    const key = named ? words[0] : only;
    const text = named ? words.slice(1).join(' ') : words[0];
    if (this.#latest.has(key)) this.#latest.set(key, numberIn(text, 'standard input'));
  }
}
