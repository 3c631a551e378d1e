/** All sources of a gateway: what goes into the node of each key, and what is shown of each source. */
import { isDeepStrictEqual } from 'node:util';
import type { SensorPort } from '../../firmware/node.ts';
import type { KeyConfig, SourceConfig } from '../config/config.ts';
import { NONE, toQ16 } from '../core/settings.ts';
import type { SourceState, SourceView } from '../view.ts';
import { Channel } from './channel.ts';
import type { Driver, OpenDriver } from './driver.ts';

export interface SourceChange {
  name: string;
  view: SourceView;
  before: SourceState;
}

export interface SourceSetOptions {
  keys: readonly KeyConfig[];
  open: OpenDriver;
  /** Since 1970, to be shown. */
  now_ms: () => number;
  /** Milliseconds since any moment: a clock that is set holds nothing up. */
  ticks_ms: () => number;
  onChange: (change: SourceChange) => void;
  /** A source is no longer there. */
  onGone: (name: string) => void;
}

interface Running {
  config: SourceConfig;
  channel: Channel;
  driver: Driver;
}

/** Of an even number the mean of the two in the middle. */
export function median(values: number[]): number {
  values.sort((a, b) => a - b);
  const middle = values.length >> 1;
  return values.length % 2 === 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

export class SourceSet implements SensorPort {
  readonly #options: SourceSetOptions;
  #running: Running[] = [];

  constructor(options: SourceSetOptions) {
    this.#options = options;
  }

  /** Takes other sources: those that stay the same go on as they are. */
  set(configs: readonly SourceConfig[]): void {
    const left = [...this.#running];
    const next: (Running | null)[] = configs.map((config) => {
      const at = left.findIndex((one) => isDeepStrictEqual(one.config, config));
      return at < 0 ? null : left.splice(at, 1)[0];
    });
    for (const { driver, config } of left) {
      driver.stop();
      this.#options.onGone(config.name);
    }
    this.#running = configs.map((config, i) => next[i] ?? this.#begin(config));
  }

  #begin(config: SourceConfig): Running {
    const { keys, open, now_ms, ticks_ms, onChange } = this.#options;
    const channel = new Channel({
      config,
      key_unit: keys.find(({ name }) => name === config.key)?.unit ?? '',
      now_ms,
      ticks_ms,
      onChange: (view, before) => onChange({ name: config.name, view, before }),
    });
    const driver = open(config, {
      text: (text) => channel.take(text),
      fault: (why) => channel.fault(why),
      lost: (why) => channel.lost(why),
    });
    return { config, channel, driver };
  }

  /** The key's input, Q16.16: the median of its sources that are well; NONE without any. */
  read(key: number): number {
    const { name } = this.#options.keys[key];
    const values: number[] = [];
    for (const { config, channel } of this.#running) {
      const value = config.key === name ? channel.input : null;
      if (value !== null) values.push(value);
    }
    return values.length === 0 ? NONE : toQ16(median(values));
  }

  tick(): void {
    for (const { channel } of this.#running) channel.tick();
  }

  views(): SourceView[] {
    return this.#running.map(({ channel }) => channel.view());
  }

  /** For metrics. */
  channels(): Channel[] {
    return this.#running.map(({ channel }) => channel);
  }

  close(): void {
    for (const { driver } of this.#running) driver.stop();
    this.#running = [];
  }
}
