/** Starts the parts, watches them, and makes one that failed anew, after a wait that grows while it keeps failing. */
import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import type { GatewayConfig } from '../config/config.ts';
import type { Alarms } from '../ops/alarms.ts';
import type { GatewayPorts, Part, PartSpec } from './part.ts';

export interface BackOff {
  first_ms: number;
  most_ms: number;
  /** A part that worked so long failed anew: its waits begin small again. */
  steady_ms: number;
}

export const BACK_OFF: BackOff = { first_ms: 1000, most_ms: 60_000, steady_ms: 60_000 };

export interface SupervisorOptions {
  gateway: GatewayPorts;
  log: Logger;
  alarms: Alarms;
  back_off: BackOff;
  /** Milliseconds since any moment: a clock that is set holds nothing up. */
  ticks_ms: () => number;
}

type State = 'off' | 'starting' | 'works' | 'waits';

interface Entry {
  spec: PartSpec;
  state: State;
  part: Part | null;
  failures: number;
  began_ms: number;
  timer: NodeJS.Timeout | undefined;
  /** What is being done to it: things happen one after the other. */
  busy: Promise<void>;
}

/** What an error says to people: without a stack. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n', 1)[0];
}

/** A program's own mistakes bring no words of their own; their stack is wanted. */
function isBug(error: unknown): boolean {
  return error instanceof TypeError || error instanceof ReferenceError || error instanceof SyntaxError;
}

export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #entries: Entry[];
  #config: GatewayConfig;
  #stopping = false;

  constructor(specs: readonly PartSpec[], config: GatewayConfig, options: SupervisorOptions) {
    this.#options = options;
    this.#config = config;
    this.#entries = specs.map((spec) => {
      const busy = Promise.resolve();
      return { spec, state: 'off', part: null, failures: 0, began_ms: 0, timer: undefined, busy };
    });
  }

  /** Parts that are wanted and do not work. */
  failing(): string[] {
    return this.#entries.filter(({ state }) => state === 'starting' || state === 'waits').map(({ spec }) => spec.name);
  }

  /** How often parts failed since the start. */
  failures = 0;

  /** Each in its turn, so that the first ones are there when the later ones begin. */
  async start(): Promise<void> {
    for (const entry of this.#entries) await this.#then(entry, () => this.#begin(entry));
  }

  #then(entry: Entry, work: () => Promise<void>): Promise<void> {
    entry.busy = entry.busy.then(work);
    return entry.busy;
  }

  async #begin(entry: Entry): Promise<void> {
    const { spec } = entry;
    if (this.#stopping || entry.part !== null || !spec.wanted(this.#config)) return;
    entry.state = 'starting';
    let over = false;
    const fail = (error: unknown): void => {
      if (over) return;
      over = true;
      void this.#then(entry, () => this.#failed(entry, error));
    };
    try {
      const { gateway, log } = this.#options;
      const part = spec.create({ config: this.#config, log: log.child({ part: spec.name }), fail, gateway });
      entry.part = part;
      await part.start();
    } catch (error) {
      over = true;
      await this.#failed(entry, error);
      return;
    }
    entry.state = 'works';
    entry.began_ms = this.#options.ticks_ms();
    this.#options.alarms.clear(`part:${spec.name}`);
  }

  async #failed(entry: Entry, error: unknown): Promise<void> {
    if (entry.part === null && entry.state !== 'starting') return;
    const { back_off, ticks_ms, log, alarms } = this.#options;
    const steady = entry.state === 'works' && ticks_ms() - entry.began_ms >= back_off.steady_ms;
    entry.failures = steady ? 1 : entry.failures + 1;
    this.failures++;
    await this.#end(entry);
    if (this.#stopping) return;
    entry.state = 'waits';
    const wait_ms = Math.min(back_off.most_ms, back_off.first_ms * 2 ** Math.min(entry.failures - 1, 30));
    const why = reasonOf(error);
    const detail = { part: entry.spec.name, failures: entry.failures, retry_ms: wait_ms };
    const stack = isBug(error) && error instanceof Error ? { stack: error.stack } : {};
    log.error({ ...detail, ...stack, event: 'part-failed' }, `${why}; tried again in ${wait_ms / 1000} s`);
    alarms.raise(`part:${entry.spec.name}`, 'error', `${entry.spec.name}: ${why}`);
    entry.timer = setTimeout(() => void this.#then(entry, () => this.#begin(entry)), wait_ms);
  }

  async #end(entry: Entry): Promise<void> {
    clearTimeout(entry.timer);
    const { part, spec } = entry;
    entry.part = null;
    entry.state = 'off';
    try {
      await part?.stop();
    } catch (error) {
      this.#options.log.error({ part: spec.name, event: 'part-stop-failed' }, reasonOf(error));
    }
  }

  /** Gives the new settings to the parts that go by what changed. */
  async reload(config: GatewayConfig): Promise<void> {
    const before = this.#config;
    this.#config = config;
    await Promise.all(
      this.#entries
        .filter(({ spec }) => spec.uses.some((name) => !isDeepStrictEqual(before[name], config[name])))
        .map((entry) => this.#then(entry, () => this.#change(entry, config))),
    );
  }

  async #change(entry: Entry, config: GatewayConfig): Promise<void> {
    const { part, spec } = entry;
    if (this.#stopping) return;
    if (part?.reload !== undefined && entry.state === 'works' && spec.wanted(config)) {
      try {
        await part.reload(config);
      } catch (error) {
        await this.#failed(entry, error);
      }
      return;
    }
    await this.#end(entry);
    this.#options.alarms.clear(`part:${spec.name}`);
    entry.failures = 0;
    await this.#begin(entry);
  }

  /** The last one first: who tells the world goes before what it tells of. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const entry of [...this.#entries].reverse()) {
      clearTimeout(entry.timer);
      await this.#then(entry, () => this.#end(entry));
    }
  }
}
