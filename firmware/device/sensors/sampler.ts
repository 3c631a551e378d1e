/**
 * The sensor port. Sensors are read between the cycles, one each time, because some take 150 ms; the node gets the newest
 * reading that there is.
 */

import { NONE, type SensorPort } from '../../platform.ts';
import { toKeyValue } from './convert.ts';
import type { Source, SourceSettings } from './source.ts';

/** So many failures in a row, and the last reading is worth nothing any more. */
const FAILURES_MAX = 3;

export interface ChannelOptions {
  source: Source;
  settings: SourceSettings;
  /** What the key allows, Q16.16. */
  low: number;
  high: number;
}

interface Channel extends ChannelOptions {
  latest: number;
  failures: number;
  due_ticks: number;
}

export interface SamplerOptions {
  /** One for each key; null for a key that has no sensor here. */
  channels: readonly (ChannelOptions | null)[];
  ticks_ms: () => number;
  /** A sensor fell silent, or came back. */
  onChange?: (key: number, works: boolean) => void;
}

export class Sampler implements SensorPort {
  readonly #channels: (Channel | null)[] = [];
  readonly #options: SamplerOptions;
  #next = 0;

  constructor(options: SamplerOptions) {
    this.#options = options;
    const now_ticks = options.ticks_ms() | 0;
    for (const channel of options.channels) {
      this.#channels.push(channel === null ? null : { ...channel, latest: NONE, failures: 0, due_ticks: now_ticks });
    }
  }

  read(key: number): number {
    return this.#channels[key]?.latest ?? NONE;
  }

  /** Reads the next sensor that is due. False when none was. */
  sample(): boolean {
    const now_ticks = this.#options.ticks_ms() | 0;
    for (let i = 0; i < this.#channels.length; i++) {
      const key = (this.#next + i) % this.#channels.length;
      const channel = this.#channels[key];
      if (channel === null || ((now_ticks - channel.due_ticks) | 0) < 0) continue;
      channel.due_ticks = (now_ticks + channel.settings.every_ms) | 0;
      this.#next = key + 1;
      this.#take(key, channel);
      return true;
    }
    return false;
  }

  /** Closes every source. One that cannot be closed is left: it must keep neither the others open nor the chip awake. */
  close(): void {
    for (const channel of this.#channels) {
      try {
        channel?.source.close();
      } catch {
        continue;
      }
    }
  }

  #take(key: number, channel: Channel): void {
    const value = this.#valueOf(channel);
    const worked = channel.failures < FAILURES_MAX;
    if (value !== NONE) {
      channel.failures = 0;
      channel.latest = value;
      if (!worked) this.#options.onChange?.(key, true);
      return;
    }
    if (!worked) return;
    if (++channel.failures < FAILURES_MAX) return;
    channel.latest = NONE;
    this.#options.onChange?.(key, false);
  }

  #valueOf({ source, settings, low, high }: Channel): number {
    try {
      return toKeyValue(source.read(), settings.scale, settings.offset, low, high);
    } catch {
      return NONE;
    }
  }
}
