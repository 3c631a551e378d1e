/** The gateway: its parts under one roof, what they know of each other, and how it ends. */
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { SwarmSeal } from '../../host-sim/node-platform/seal/seal.ts';
import type { GatewayConfig } from '../config/config.ts';
import { planReload } from '../config/reload.ts';
import { Alarms } from '../ops/alarms.ts';
import { health, ready, type Condition, type HealthFacts } from '../ops/health.ts';
import { History } from '../ops/history/history.ts';
import { historyPart } from '../ops/history/part.ts';
import { createMetrics } from '../ops/metrics.ts';
import { sourcesPart } from '../sources/part.ts';
import type { SourceSet } from '../sources/source-set.ts';
import { TopicHub } from '../sources/topics.ts';
import type { SiteView, Snapshot } from '../view.ts';
import type { FirmwareApi } from './bundle.ts';
import { Medium } from './medium.ts';
import type { GatewayNode } from './node.ts';
import type { GatewayPorts, PartSpec, ReloadResult, Stop } from './part.ts';
import { swarmKeys } from './seal.ts';
import { NONE } from './settings.ts';
import { makeSnapshot } from './snapshot.ts';
import { BACK_OFF, reasonOf, Supervisor, type BackOff } from './supervisor.ts';
import { swarmPart } from './swarm-part.ts';
import { Watch } from './watch.ts';
import { WhatIf } from './what-if.ts';

export interface GatewayOptions {
  api: FirmwareApi;
  config: GatewayConfig;
  seal: SwarmSeal | null;
  log: Logger;
  /** Those that tell the world: MQTT, federation, the web server. */
  parts: readonly PartSpec[];
  /** Reads the configuration again: a new one, or why there is none. */
  reread: () => { config: GatewayConfig | null; problems: string[] };
  back_off?: BackOff;
}

export class Gateway implements GatewayPorts {
  readonly alarms: Alarms;
  readonly history: History;
  readonly metrics: Registry;
  readonly topics = new TopicHub();
  readonly medium = new Medium();
  readonly seal: SwarmSeal | null;
  readonly #options: GatewayOptions;
  readonly #log: Logger;
  readonly #supervisor: Supervisor;
  readonly #what_if = new WhatIf({ now_ms: Date.now, ticks_ms: () => performance.now(), random: Math.random });
  readonly #watch: Watch;
  readonly #listeners = new Set<(snapshot: Snapshot) => void>();
  readonly #began_ms = Date.now();
  #config: GatewayConfig;
  #sources: SourceSet | null = null;
  #sites: (() => SiteView[]) | null = null;
  #snapshot: Snapshot | null = null;
  #stopping = false;
  #reloading: Promise<unknown> = Promise.resolve();

  constructor(options: GatewayOptions) {
    const { config, log } = options;
    this.#options = options;
    this.#config = config;
    this.#log = log;
    this.seal = options.seal;
    this.alarms = new Alarms({
      now_ms: () => Date.now(),
      onRaise: ({ id, severity, text }) => {
        const line = { event: 'alarm', alarm: id, part: 'alarm' };
        if (severity === 'error') log.error(line, text);
        else log.warn(line, text);
      },
      onClear: ({ id, text }, lasted_ms) =>
        log.info(
          { event: 'alarm-over', alarm: id, lasted_s: Math.round(lasted_ms / 1000), part: 'alarm' },
          `over: ${text}`,
        ),
    });
    this.#watch = new Watch(this.alarms);
    this.history = new History({
      folder: join(config.swarm.state, 'history'),
      keys: config.keys.map(({ name }) => name),
      now_ms: () => Date.now(),
      onError: (why) => log.warn({ event: 'history-error', part: 'history' }, why),
    });
    this.#supervisor = new Supervisor(this.#specs(), config, {
      gateway: this,
      log,
      alarms: this.alarms,
      back_off: options.back_off ?? BACK_OFF,
      ticks_ms: () => performance.now(),
    });
    this.metrics = createMetrics({
      snapshot: () => this.#snapshot,
      channels: () => this.#sources?.channels() ?? [],
      part_failures: () => this.#supervisor.failures,
      failing: () => this.#supervisor.failing(),
      alarms_raised: () => this.alarms.raised,
    });
  }

  #specs(): PartSpec[] {
    const { api, seal, parts } = this.#options;
    const swarm = swarmPart({
      api,
      seal,
      sensors: { read: (key) => this.#sources?.read(key) ?? NONE },
      medium: this.medium,
      loses: () => this.#what_if.loses(),
      onCycle: (node) => this.#cycle(node),
    });
    const sources = sourcesPart((set) => {
      this.#sources = set;
    });
    return [historyPart, sources, swarm, ...parts];
  }

  async start(): Promise<void> {
    await this.#supervisor.start();
  }

  #cycle(node: GatewayNode): void {
    const snapshot = makeSnapshot({
      time_ms: Date.now(),
      config: this.#config,
      sealed: this.seal !== null,
      parts: node.parts,
      drop_names: this.#options.api.DROP_NAMES,
      what_if: this.#what_if.active(),
      what_if_dropped: this.#what_if.dropped,
      bytes_per_minute: node.bytes_per_minute,
      sources: this.#sources?.views() ?? [],
      sites: this.#sites?.() ?? [],
      alarms: this.alarms.list(),
    });
    this.#snapshot = snapshot;
    this.#watch.look(snapshot);
    for (const take of this.#listeners) {
      try {
        take(snapshot);
      } catch (error) {
        // One who cannot use it harms neither the others nor the node.
        this.#log.error({ event: 'listener-failed', part: 'core' }, reasonOf(error));
      }
    }
  }

  snapshot(): Snapshot | null {
    return this.#snapshot;
  }

  onSnapshot(take: (snapshot: Snapshot) => void): Stop {
    const listener = (snapshot: Snapshot): void => take(snapshot);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  setSites(sites: (() => SiteView[]) | null): void {
    this.#sites = sites;
  }

  whatIf(loss: number, seconds: number): void {
    this.#what_if.set(loss, seconds);
    const text =
      loss === 0
        ? 'what-if is over'
        : `what-if: ${Math.round(100 * loss)} % of incoming datagrams are thrown away for ${seconds} s`;
    this.#log.warn({ event: 'what-if', loss, seconds, part: 'core' }, text);
  }

  #facts(): HealthFacts {
    return {
      now_ms: Date.now(),
      began_ms: this.#began_ms,
      snapshot: this.#snapshot,
      failing: this.#supervisor.failing(),
      stopping: this.#stopping,
    };
  }

  health(): Condition {
    return health(this.#facts());
  }

  ready(): Condition {
    return ready(this.#facts());
  }

  /** One after the other: two at once would mix their settings. */
  reload(): Promise<ReloadResult> {
    const done = this.#reloading.then(() => this.#reload());
    this.#reloading = done;
    return done;
  }

  async #reload(): Promise<ReloadResult> {
    const { config, problems } = this.#options.reread();
    const line = { event: 'reload', part: 'config' };
    if (config === null) {
      for (const problem of problems) this.#log.error(line, problem);
      this.#log.error(line, 'the old settings stay in force');
      this.alarms.raise(
        'config:faults',
        'warning',
        `the configuration has faults, the old settings stay: ${problems[0]}`,
      );
      return { problems, taken: [], restart: [] };
    }
    this.alarms.clear('config:faults');
    const { config: next, taken, restart } = planReload(this.#config, config);
    this.#config = next;
    this.#log.level = next.log.level;
    this.#takeKeys();
    await this.#supervisor.reload(next);
    const fixed = restart.length === 0 ? '' : `; ${restart.join(', ')} need a restart and stay as they were`;
    const news = taken.length === 0 ? 'nothing else changed' : `taken: ${taken.join(', ')}`;
    this.#log[restart.length === 0 ? 'info' : 'warn'](line, `configuration read again, ${news}${fixed}`);
    return { problems: [], taken, restart };
  }

  /** The key file may hold other keys by now: a swarm changes its key while it runs. */
  #takeKeys(): void {
    if (this.seal === null) return;
    try {
      this.seal.setKeys(swarmKeys(this.#config.swarm));
    } catch (error) {
      this.#log.error({ event: 'reload', part: 'config' }, `${reasonOf(error)}; the old keys stay in force`);
    }
  }

  /** A part's mistake that no part answers for: told, and the gateway goes on. */
  bug(error: unknown): void {
    const stack = error instanceof Error ? error.stack : undefined;
    this.#log.error({ event: 'bug', part: 'core', stack }, `a bug, please report it: ${reasonOf(error)}`);
    this.alarms.raise('core:bug', 'error', `a bug in the program, please report it with the log: ${reasonOf(error)}`);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#supervisor.stop();
    this.metrics.clear();
  }
}
