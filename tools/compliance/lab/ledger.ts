/** Everything that the target sent, in order: what clauses look at that only listen. */
import type { Heard } from '../wire/decode.ts';

export interface Entry {
  heard: Heard;
  at_ms: number;
  /** Cycles since the datagram before of the same session; 0 for the first: a counter begins anywhere with its tag. */
  periods: number;
}

export interface Session {
  tag: number;
  /** Whether it began with a hello, or with a counter that began anew, while we listened. */
  restarted: boolean;
  entries: Entry[];
}

/** Ids that jump back by this many are no reordering but a new counter. */
const BACK_CYCLES = 8;
/** What is kept of the datagrams themselves, to compare: enough for the same copy over several ways. */
const RECENT = 16;

export class Ledger {
  readonly sessions: Session[] = [];
  readonly #recent: string[] = [];
  datagrams = 0;
  /** Came over another way too, or overtaken. */
  repeated = 0;

  get entries(): Entry[] {
    return this.sessions.flatMap(({ entries }) => entries);
  }

  get last(): Entry | undefined {
    return this.sessions.at(-1)?.entries.at(-1);
  }

  /** Null for one that came before: the same datagram over another way, or one that was overtaken. */
  note(bytes: Buffer, heard: Heard, at_ms: number): Entry | null {
    const print = bytes.toString('latin1');
    if (this.#recent.includes(print)) {
      this.repeated++;
      return null;
    }
    this.#recent.push(print);
    if (this.#recent.length > RECENT) this.#recent.shift();
    const before = this.last;
    const ahead = before === undefined ? 1 : (heard.cycle - before.heard.cycle) | 0;
    const renewed = before !== undefined && heard.tag !== before.heard.tag;
    const restarted = before !== undefined && (heard.hello || (!renewed && ahead <= -BACK_CYCLES));
    const overtaken = renewed ? this.sessions.some(({ tag }) => tag === heard.tag) : ahead <= 0;
    if (overtaken && !restarted) {
      this.repeated++;
      return null;
    }
    if (this.sessions.length === 0 || restarted || renewed) {
      this.sessions.push({ tag: heard.tag, restarted, entries: [] });
    }
    const entry = { heard, at_ms, periods: before === undefined || restarted || renewed ? 0 : ahead };
    this.sessions.at(-1)?.entries.push(entry);
    this.datagrams++;
    return entry;
  }
}
