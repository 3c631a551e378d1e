/**
 * One source's readings, judged: whether it is plausible, whether it jumped, whether it has fallen silent. What is not is
 * told and taken out of the node's input at once, and comes back after some good readings in a row.
 */
import type { SourceConfig } from '../config/config.ts';
import type { SourceState, SourceView } from '../view.ts';
import { textReader, type Reading } from './reading.ts';

/** So many readings in a row that are none, and the source counts as failed: as on a device. */
const FAILURES_MAX = 3;
/** Two readings in the same moment: what changes by the second is measured over this at the least. */
const STEP_MIN_S = 0.001;

export interface ChannelOptions {
  config: SourceConfig;
  key_unit: string;
  /** Since 1970, to be shown. */
  now_ms: () => number;
  /** Milliseconds since any moment: a clock that is set holds nothing up. */
  ticks_ms: () => number;
  /** The state is another one. */
  onChange: (view: SourceView, before: SourceState) => void;
}

export interface ChannelCounts {
  readings: number;
  /** Readings that were not taken: out of range, jumped, or on the way back. */
  refused: number;
  malformed: number;
  /** Readings that came sooner than they were wanted. */
  skipped: number;
}

function short(value: number): string {
  return String(Number(value.toPrecision(6)));
}

export class Channel {
  readonly config: SourceConfig;
  readonly counts: ChannelCounts = { readings: 0, refused: 0, malformed: 0, skipped: 0 };
  readonly #options: ChannelOptions;
  readonly #read: (text: string) => Reading;
  #state: SourceState = 'waiting';
  #since_ms: number;
  #text = 'nothing has come yet';
  /** The newest good reading; null before the first. */
  #value: number | null = null;
  /** The newest plausible reading, good or not: what a jump is measured from. */
  #before: number | null = null;
  #before_ms = 0;
  /** When something last came, whatever it was worth. */
  #heard_ms: number;
  #good = 0;
  #failures = 0;

  constructor(options: ChannelOptions) {
    this.#options = options;
    this.config = options.config;
    this.#read = textReader({ ...options.config, key_unit: options.key_unit });
    this.#since_ms = options.now_ms();
    this.#heard_ms = options.ticks_ms();
  }

  /** What goes into the node, in the key's unit; null while the source is out. */
  get input(): number | null {
    return this.#state === 'ok' ? this.#value : null;
  }

  view(): SourceView {
    const { key, input } = this.config;
    const [state, since_ms, text] = [this.#state, this.#since_ms, this.#text];
    return { key, kind: input.kind, state, value: this.#before ?? this.#value, since_ms, text };
  }

  /** A text has come in. */
  take(text: string): void {
    const ticks_ms = this.#options.ticks_ms();
    const { every_s, input } = this.config;
    const pushed = input.kind === 'mqtt' || input.kind === 'serial';
    // Only what comes by itself can come too soon; while the source is out, each reading helps it back.
    if (pushed && this.#state === 'ok' && ticks_ms - this.#before_ms < 1000 * every_s) {
      this.counts.skipped++;
      return;
    }
    const reading = this.#read(text);
    switch (reading.kind) {
      case 'other':
        return;
      case 'malformed':
        this.counts.malformed++;
        this.#heard_ms = ticks_ms;
        this.fault(reading.why);
        return;
      case 'value':
        this.#judge(reading.value, ticks_ms);
    }
  }

  /** The source could not be asked, or what it said is no reading. */
  fault(why: string): void {
    this.#good = 0;
    if (++this.#failures >= FAILURES_MAX) this.#enter('failed', why);
  }

  /** The source cannot be reached at all, and that is known for sure. */
  lost(why: string): void {
    this.#good = 0;
    this.#failures = FAILURES_MAX;
    this.#enter('failed', why);
  }

  #judge(value: number, ticks_ms: number): void {
    const { min, max, good } = this.config;
    this.counts.readings++;
    this.#heard_ms = ticks_ms;
    this.#failures = 0;
    if (value < min || value > max) {
      this.#refuse('out-of-range', `${short(value)} is outside ${short(min)} to ${short(max)}`);
      return;
    }
    const jump = this.#jump(value, ticks_ms);
    this.#before = value;
    this.#before_ms = ticks_ms;
    if (jump !== '') {
      this.#refuse('jumped', jump);
      return;
    }
    // What was silent has done nothing wrong: its first good reading is what was missed.
    const trusted = this.#state === 'ok' || this.#state === 'waiting' || this.#state === 'silent';
    if (!trusted && ++this.#good < good) {
      this.counts.refused++;
      return;
    }
    this.#value = value;
    this.#enter('ok', '');
  }

  /** How the reading jumped from the one before; '' when it did not. */
  #jump(value: number, ticks_ms: number): string {
    const before = this.#before;
    if (before === null) return '';
    const { jump, jump_per_s } = this.config;
    const change = Math.abs(value - before);
    const seconds = Math.max(STEP_MIN_S, (ticks_ms - this.#before_ms) / 1000);
    if (change > jump) return `from ${short(before)} to ${short(value)}, more than ${short(jump)} at once`;
    if (change <= jump_per_s * seconds) return '';
    return `from ${short(before)} to ${short(value)} in ${short(seconds)} s, more than ${short(jump_per_s)} a second`;
  }

  #refuse(state: SourceState, text: string): void {
    this.#good = 0;
    this.counts.refused++;
    this.#enter(state, text);
  }

  /** Time passes: who says nothing for too long is silent. */
  tick(): void {
    const { silent_after_s } = this.config;
    const silent_ms = this.#options.ticks_ms() - this.#heard_ms;
    if (this.#state === 'failed' || silent_ms < 1000 * silent_after_s) return;
    this.#good = 0;
    const last = this.#value === null ? '' : `, the last was ${short(this.#value)}`;
    this.#enter('silent', `no reading for ${short(silent_after_s)} s${last}`);
  }

  #enter(state: SourceState, text: string): void {
    const before = this.#state;
    this.#text = text;
    if (state === before) return;
    this.#state = state;
    this.#since_ms = this.#options.now_ms();
    if (state !== 'ok') this.#good = 0;
    this.#options.onChange(this.view(), before);
  }
}
