/**
 * The values of the last day: in memory for whoever asks, and in files of an hour each so that they outlive a restart.
 *
 * The store is our own: what is kept is one small record each few seconds that is only ever added to and forgotten by the
 * hour. A database would bring a compiled library for each processor, and `node:sqlite` is not part of Node.js 20.
 */
import {
  appendFileSync,
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { systemReason } from '../../../tools/cli/errors.ts';
import { columnsOf, thinned, withGaps, type HistoryColumns, type Row } from './columns.ts';
import { Segment, type Sample } from './segment.ts';

export interface HistoryOptions {
  /** '' to keep it in memory only. */
  folder: string;
  keys: readonly string[];
  now_ms: () => number;
  onError: (why: string) => void;
}

export interface HistoryLimits {
  hours: number;
  every_s: number;
}

const HOUR_MS = 3_600_000;
const ENDING = '.history';
/** So many entries missed in a row are a gap. */
const GAP_ENTRIES = 3;
/** Flash wears: what is new is written together. A crash loses as much. */
const SAVE_EVERY_MS = 30_000;
/** Of a clock that jumps, and of a folder that somebody filled. */
const SEGMENTS_MAX = 400;

interface Kept {
  segment: Segment;
  /** Its file's name; '' while it has none. */
  name: string;
  /** What of the file is whole. */
  size_bytes: number;
}

/** Names sort by time. One that there is already comes from before a clock was set back. */
function freeName(folder: string, first_ms: number): string {
  for (let time_ms = Math.floor(first_ms); ; time_ms++) {
    const name = `${String(time_ms).padStart(15, '0')}${ENDING}`;
    if (!existsSync(join(folder, name))) return name;
  }
}

/** What a full disk cut short when it was tried last goes first. */
function appendAt(path: string, size_bytes: number, data: Uint8Array): void {
  const file = openSync(path, 'a', 0o600);
  try {
    ftruncateSync(file, size_bytes);
    appendFileSync(file, data);
  } finally {
    closeSync(file);
  }
}

export class History {
  readonly #options: HistoryOptions;
  /** Begun in this run: only these are added to. */
  readonly #own = new WeakSet<Segment>();
  #kept: Kept[] = [];
  #limits: HistoryLimits = { hours: 24, every_s: 10 };
  #saved_ms: number;
  #added_ms = -Infinity;
  #broken = false;
  #loaded = false;

  constructor(options: HistoryOptions) {
    this.#options = options;
    this.#saved_ms = options.now_ms();
  }

  get limits(): HistoryLimits {
    return this.#limits;
  }

  setLimits(limits: HistoryLimits): void {
    this.#limits = limits;
    this.#forget();
  }

  /** Reads what earlier runs have left, once. A file that cannot be used is left alone, and told. */
  load(): void {
    const { folder, onError } = this.#options;
    if (folder === '' || this.#loaded) return;
    this.#loaded = true;
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const names = readdirSync(folder).filter((name) => name.endsWith(ENDING));
      const found = names
        .sort()
        .slice(-SEGMENTS_MAX)
        .flatMap((name) => this.#read(name));
      this.#kept = [...found, ...this.#kept];
    } catch (error) {
      onError(`history in ${folder} cannot be read: ${systemReason(error)}`);
    }
    this.#forget();
  }

  #read(name: string): Kept[] {
    const path = join(this.#options.folder, name);
    try {
      const bytes = readFileSync(path);
      const segment = Segment.read(bytes);
      if (segment !== null) return segment.records === 0 ? [] : [{ segment, name, size_bytes: bytes.length }];
      this.#options.onError(`${path} is no history of this program; it is left as it is`);
    } catch (error) {
      this.#options.onError(`${path} cannot be read: ${systemReason(error)}; it is left as it is`);
    }
    return [];
  }

  /** Keeps the samples of this moment, unless it is too early for the next ones. */
  add(time_ms: number, samples: readonly Sample[]): void {
    const { every_s } = this.#limits;
    // A clock that was set back must not stop the record.
    if (time_ms < this.#added_ms + 1000 * every_s && time_ms >= this.#added_ms) return;
    this.#added_ms = time_ms;
    this.#current(time_ms).add(time_ms, samples);
    if (this.#options.now_ms() - this.#saved_ms >= SAVE_EVERY_MS) this.save();
  }

  /** Each run begins a file of its own, and each hour: nothing is ever added behind a torn record. */
  #current(time_ms: number): Segment {
    const last = this.#kept.at(-1);
    const { first_ms = NaN } = last?.segment ?? {};
    const fits = last !== undefined && this.#own.has(last.segment) && !(Math.abs(time_ms - first_ms) >= HOUR_MS);
    if (fits) return last.segment;
    this.save();
    const segment = new Segment(this.#options.keys);
    this.#own.add(segment);
    this.#kept.push({ segment, name: '', size_bytes: 0 });
    this.#forget();
    return segment;
  }

  /** Drops what is too old, in memory and on disk. */
  #forget(): void {
    const { hours } = this.#limits;
    const oldest_ms = this.#options.now_ms() - hours * HOUR_MS;
    const old = this.#kept.filter(({ segment }, i) => {
      return i < this.#kept.length - SEGMENTS_MAX || (segment.records > 0 && segment.last_ms < oldest_ms);
    });
    this.#kept = this.#kept.filter((one) => !old.includes(one));
    for (const { name } of old) if (name !== '') this.#remove(name);
  }

  #remove(name: string): void {
    try {
      rmSync(join(this.#options.folder, name), { force: true });
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Writes what is new; what cannot be written now is tried again. */
  save(): void {
    const { folder, now_ms } = this.#options;
    this.#saved_ms = now_ms();
    if (folder === '') return;
    for (const one of this.#kept) {
      const bytes = one.segment.unsaved();
      if (bytes.length === 0) continue;
      try {
        if (one.name === '') one.name = freeName(folder, one.segment.first_ms);
        const whole = one.size_bytes === 0 ? Buffer.concat([one.segment.head(), bytes]) : bytes;
        appendAt(join(folder, one.name), one.size_bytes, whole);
        one.size_bytes += whole.length;
        one.segment.saved(bytes.length);
        this.#broken = false;
      } catch (error) {
        this.#fail(error);
        return;
      }
    }
  }

  /** A full disk is told once. */
  #fail(error: unknown): void {
    if (!this.#broken) {
      this.#options.onError(`history cannot be written to ${this.#options.folder}: ${systemReason(error)}`);
    }
    this.#broken = true;
  }

  /**
   * At most `points` points of `[from_ms, to_ms]`; null when there is no such key.
   * @param points 1 or more
   */
  query(key: string, from_ms: number, to_ms: number, points: number): HistoryColumns | null {
    if (!this.#options.keys.includes(key)) return null;
    const rows: Row[] = [];
    for (const { segment } of this.#kept) {
      const index = segment.keys.indexOf(key);
      if (index < 0 || segment.records === 0) continue;
      for (let record = 0; record < segment.records; record++) {
        const time_ms = segment.time_ms(record);
        if (time_ms >= from_ms && time_ms <= to_ms) rows.push({ time_ms, ...segment.sample(record, index) });
      }
    }
    // In order as it is, but for a clock that was set back.
    rows.sort((a, b) => a.time_ms - b.time_ms);
    const gap_ms = 1000 * GAP_ENTRIES * this.#limits.every_s;
    return columnsOf(thinned(withGaps(rows, gap_ms), Math.max(1, points)));
  }
}
