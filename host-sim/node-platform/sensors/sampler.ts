/** The sensor port: the newest reading of each key in Q16.16. Who is silent is told once, and once more when it is back. */
import type { SensorPort } from '../../../firmware/node.ts';
import { WAITING, type Source } from './source.ts';

const NONE = -1;
const ONE = 65536;
/** So many failures in a row, and the last reading is worth nothing any more: as on a device. */
const FAILURES_MAX = 3;
/** A command takes its time, and so does a person at a keyboard: only then is a source that has not begun told of. */
const PATIENCE_MS = 10_000;

export interface ChannelOptions {
  key: string;
  source: Source;
  scale: number;
  offset: number;
  every_ms: number;
  /** What the key allows, Q16.16. */
  low: number;
  high: number;
}

export interface SensorChange {
  key: string;
  works: boolean;
  /** Why it gives nothing. */
  why: string;
}

interface Channel extends ChannelOptions {
  latest: number;
  failures: number;
  due_ms: number;
  silent: boolean;
}

export interface SamplerOptions {
  /** One for each key; null for a key that has no sensor here. */
  channels: readonly (ChannelOptions | null)[];
  now_ms: () => number;
  onChange: (change: SensorChange) => void;
}

export class Sampler implements SensorPort {
  readonly #channels: (Channel | null)[];
  readonly #options: SamplerOptions;
  readonly #began_ms: number;

  constructor(options: SamplerOptions) {
    this.#options = options;
    this.#began_ms = options.now_ms();
    this.#channels = options.channels.map((channel) =>
      channel === null ? null : { ...channel, latest: NONE, failures: 0, due_ms: -Infinity, silent: false },
    );
  }

  read(key: number): number {
    return this.#channels.at(key)?.latest ?? NONE;
  }

  /** Asks those that are due: none of them takes time. */
  sample(): void {
    const now_ms = this.#options.now_ms();
    for (const channel of this.#channels) {
      if (channel === null || now_ms < channel.due_ms) continue;
      this.#take(channel, now_ms);
      // What has said nothing yet is asked again with the next cycle, not only when its time has come once more.
      channel.due_ms = channel.latest === NONE ? -Infinity : now_ms + channel.every_ms;
    }
  }

  #take(channel: Channel, now_ms: number): void {
    const { source, scale, offset, low, high, key } = channel;
    const reading = source.read();
    const value = reading.kind === 'none' ? NONE : Math.round((reading.value * scale + offset) * ONE);
    if (value >= low && value <= high && value >= 0) {
      channel.failures = 0;
      channel.latest = value;
      if (channel.silent) this.#options.onChange({ key, works: true, why: '' });
      channel.silent = false;
      return;
    }
    if (reading === WAITING && now_ms - this.#began_ms < PATIENCE_MS) return;
    if (++channel.failures < FAILURES_MAX || channel.silent) return;
    channel.latest = NONE;
    channel.silent = true;
    const range = `${low / ONE} to ${high / ONE}`;
    const why = reading.kind === 'none' ? reading.why : `${value / ONE} is outside the key's range, ${range}`;
    this.#options.onChange({ key, works: false, why });
  }

  close(): void {
    for (const channel of this.#channels) channel?.source.close();
  }
}
