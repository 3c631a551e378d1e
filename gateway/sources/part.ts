/** The sensor sources as a part of the gateway: they change while it runs, and each trouble of one is told. */
import type { GatewayConfig } from '../config/config.ts';
import type { Part, PartContext, PartSpec } from '../core/part.ts';
import { driverOpener } from './open.ts';
import { SerialPorts } from './serial.ts';
import { SourceSet, type SourceChange } from './source-set.ts';

/** How soon silence is noticed, at the latest. */
const TICK_MS = 500;

class SourcesPart implements Part {
  readonly #context: PartContext;
  readonly #onSet: (set: SourceSet | null) => void;
  #set: SourceSet | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(context: PartContext, onSet: (set: SourceSet | null) => void) {
    this.#context = context;
    this.#onSet = onSet;
  }

  start(): Promise<void> {
    const { config, gateway } = this.#context;
    const set = new SourceSet({
      keys: config.keys,
      open: driverOpener(gateway.topics, new SerialPorts()),
      now_ms: () => Date.now(),
      ticks_ms: () => performance.now(),
      onChange: (change) => this.#tell(change),
      onGone: (name) => gateway.alarms.clear(`source:${name}`),
    });
    this.#set = set;
    this.#onSet(set);
    set.set(config.sources);
    this.#timer = setInterval(() => set.tick(), TICK_MS);
    return Promise.resolve();
  }

  #tell({ name, view, before }: SourceChange): void {
    const { alarms } = this.#context.gateway;
    const { log } = this.#context;
    const line = { event: 'source', source: name, key: view.key, state: view.state, before };
    if (view.state === 'ok') {
      alarms.clear(`source:${name}`);
      log.info(line, before === 'waiting' ? `${name}: first reading ${view.value ?? ''}` : `${name}: it counts again`);
      return;
    }
    alarms.raise(
      `source:${name}`,
      'warning',
      `${name}: ${view.state}: ${view.text}; it is left out until it is well again`,
    );
  }

  reload(config: GatewayConfig): Promise<void> {
    this.#set?.set(config.sources);
    return Promise.resolve();
  }

  stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#onSet(null);
    this.#set?.close();
    this.#set = null;
    this.#context.gateway.alarms.clearAll('source:');
    return Promise.resolve();
  }
}

/** @param onSet hears of the sources that run; null while none do */
export function sourcesPart(onSet: (set: SourceSet | null) => void): PartSpec {
  return {
    name: 'sources',
    uses: ['sources', 'keys'],
    wanted: () => true,
    create: (context) => new SourcesPart(context, onSet),
  };
}
