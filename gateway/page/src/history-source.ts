/** A key's past from the gateway, and its present from the stream, as one set of columns. */
import type { HistoryColumns } from '../../http/options.ts';
import type { KeyView } from '../../view.ts';
import { append, type Columns, columnsOf, NO_COLUMNS } from './charts/columns.ts';

/** More than a wide screen has places for. */
const POINTS = 1500;
/** The gateway thins a day out; what the stream added since stands denser than the rest. */
const ANEW_MS = 5 * 60_000;

export class HistorySource {
  #columns: Columns = structuredClone(NO_COLUMNS);
  #key = '';
  #range_s = 0;
  #asked_ms = -Infinity;
  #request: AbortController | null = null;
  #fault = '';

  get columns(): Columns {
    return this.#columns;
  }

  /** What is wrong, in a sentence; '' when nothing is. */
  get fault(): string {
    return this.#fault;
  }

  /** Asks the gateway again with the next snapshot: it was away, and so was the stream. */
  forget(): void {
    this.#asked_ms = -Infinity;
  }

  /** @param loaded called when the past has come */
  follow(key: KeyView, time_ms: number, range_s: number, loaded: () => void): void {
    const other = key.name !== this.#key || range_s !== this.#range_s;
    if (other) {
      this.#columns = structuredClone(NO_COLUMNS);
      this.#key = key.name;
      this.#range_s = range_s;
    }
    append(this.#columns, time_ms, key, range_s);
    if (!other && performance.now() - this.#asked_ms < ANEW_MS) return;
    this.#asked_ms = performance.now();
    void this.#load(key.name, time_ms, range_s, loaded);
  }

  async #load(key: string, to_ms: number, range_s: number, loaded: () => void): Promise<void> {
    this.#request?.abort();
    const request = new AbortController();
    this.#request = request;
    const query = new URLSearchParams({
      from: String(Math.round(to_ms - range_s * 1000)),
      to: String(Math.round(to_ms)),
      points: String(POINTS),
    });
    try {
      const path = `/api/keys/${encodeURIComponent(key)}/history?${query.toString()}`;
      const answer = await fetch(path, { signal: request.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      this.#join(columnsOf((await answer.json()) as HistoryColumns));
      this.#fault = '';
    } catch {
      if (request.signal.aborted) return;
      this.#fault = 'The past could not be loaded; it is tried again in a while.';
    }
    loaded();
  }

  /** Live points that came while the past was on its way stay. */
  #join(past: Columns): void {
    const newest = past.time_s.at(-1) ?? -Infinity;
    const { time_s, agreed, own, spread } = this.#columns;
    time_s.forEach((time, i) => {
      if (time <= newest) return;
      past.time_s.push(time);
      past.agreed.push(agreed[i] ?? null);
      past.own.push(own[i] ?? null);
      past.spread.push(spread[i] ?? null);
    });
    this.#columns = past;
  }
}
