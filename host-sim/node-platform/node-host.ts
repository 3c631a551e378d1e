/**
 * A node on this computer: fills the firmware's ports, starts the node, and calls it when it is due. What it is made of
 * comes in as an argument; who watches it is told by events and can ask for its status.
 */
import type { LvsNode, Platform, SealPort, Settings, StorePort } from '../../firmware/node.ts';
import type { FirmwareApi } from '../world/bundle.ts';
import type { Carrier, CarrierFacts, TakeDatagram } from './carrier.ts';
import { dropCounts, eventDetail, keyStatus, lowPowerReason, trustStatus } from './inspect.ts';
import type { KeyStatus, TrustStatus } from './inspect.ts';
import { clock, systemRandom } from './ports.ts';
import { RateMeter } from './rate.ts';
import type { Sampler } from './sensors/sampler.ts';

const NONE = -1;
const ONE = 65536;

/** Names are those of firmware/runtime/events.ts, of the carrier, and of the store: docs/node.md lists them. */
export interface HostEvent {
  name: string;
  detail: Record<string, string | number>;
}

export interface HostStatus {
  swarm: string;
  uptime_s: number;
  cycle: number;
  cycle_ms: number;
  /** Cycles from one run to the next: 1, or 8 in low power. */
  pace: number;
  /** Why it is in low-power mode: battery, load or network; '' when it is not. */
  low_power: string;
  /** 0 to 1; null where the system does not tell, or the node is on mains. */
  load: number | null;
  battery: number | null;
  /** Peers whose contribution is held, and those of them heard directly. */
  peers: number;
  heard: number;
  keys: KeyStatus[];
  trust: TrustStatus | null;
  /** Refused datagrams by reason (docs/protocol.md). */
  drops: Record<string, number>;
  datagrams_sent: number;
  sent_bytes_per_minute: number;
  received_bytes_per_minute: number;
  carrier: CarrierFacts;
}

/** The charge, 0 to 65,536; NONE (-1) on mains. */
export interface BatteryGauge {
  start(): Promise<void>;
  charge(): number;
  stop(): void;
}

/** The busy share of the processors, 0 to 65,536; NONE (-1) where nobody tells. */
export interface LoadGauge {
  load(): number;
}

export interface NodeHostOptions {
  api: FirmwareApi;
  settings: Settings;
  carrier: (take: TakeDatagram) => Carrier;
  store: StorePort;
  seal: SealPort | null;
  sampler: Sampler;
  battery: BatteryGauge;
  load: LoadGauge;
  onEvent: (event: HostEvent) => void;
  /** After each run of the cycle. */
  onCycle: () => void;
}

export class NodeHost {
  readonly #options: NodeHostOptions;
  readonly #carrier: Carrier;
  readonly #sent = new RateMeter();
  readonly #received = new RateMeter();
  readonly #began_ms = performance.now();
  #node: LvsNode;
  #sampler: Sampler;
  #timer: NodeJS.Timeout | undefined;
  #cycle = 0;

  constructor(options: NodeHostOptions) {
    this.#options = options;
    this.#sampler = options.sampler;
    this.#carrier = options.carrier((view, length, source) => this.#node.receive(view, length, source));
    this.#node = options.api.createNode(this.#platform(), options.settings);
  }

  #platform(): Platform {
    const { api, store, seal, battery, load, onEvent } = this.#options;
    return {
      clock,
      datagrams: this.#carrier,
      medium: null,
      store,
      random: systemRandom(),
      sensors: { read: (key) => this.#sampler.read(key) },
      seal,
      vitals: { battery: () => battery.charge(), load: () => load.load() },
      log: {
        event: (code, a) => {
          const name = api.EVENT_NAMES[code];
          // It comes with each cycle while there is no network: then the 1st, 2nd, 4th, 8th ... time are told.
          if (name === 'send-failed' && (a & (a - 1)) !== 0) return;
          onEvent({ name, detail: eventDetail(name, a, this.#node.parts) });
        },
      },
    };
  }

  /** @throws NodeFailure when the port or the interface cannot be used */
  async start(): Promise<void> {
    await this.#carrier.open();
    await this.#options.battery.start();
    this.#begin();
  }

  #begin(): void {
    this.#sampler.sample();
    this.#node.start();
    this.#wait();
  }

  #wait(): void {
    const wait_ms = this.#node.untilDue();
    if (wait_ms >= 0) this.#timer = setTimeout(() => this.#wake(), wait_ms);
  }

  #wake(): void {
    this.#sampler.sample();
    this.#node.wake();
    const { cycle } = this.#node.parts.transport;
    this.#wait();
    if (cycle === this.#cycle) return;
    this.#cycle = cycle;
    const facts = this.#carrier.facts();
    const now_ms = performance.now();
    this.#sent.note(now_ms, facts.sent_bytes);
    this.#received.note(now_ms, facts.received_bytes);
    this.#options.onCycle();
  }

  /** Other settings make another node, which takes over what this one has stored. */
  replace(settings: Settings, sampler: Sampler): void {
    clearTimeout(this.#timer);
    this.#node.shutdown();
    this.#sampler.close();
    this.#sampler = sampler;
    this.#node = this.#options.api.createNode(this.#platform(), settings);
    this.#cycle = 0;
    this.#begin();
  }

  status(): HostStatus {
    const { api, battery, load } = this.#options;
    const { parts } = this.#node;
    const { transport, settings, schedule } = parts;
    const share = (value: number): number | null => (value === NONE ? null : value / ONE);
    return {
      swarm: settings.swarm,
      uptime_s: Math.round((performance.now() - this.#began_ms) / 1000),
      cycle: transport.cycle,
      cycle_ms: settings.cycle_ms,
      pace: schedule.pace,
      low_power: lowPowerReason(parts),
      load: share(load.load()),
      battery: share(battery.charge()),
      peers: transport.table.count - 1,
      heard: transport.table.direct,
      keys: keyStatus(parts, (key) => this.#sampler.read(key)),
      trust: trustStatus(parts),
      drops: dropCounts(parts, api.DROP_NAMES),
      datagrams_sent: transport.sent,
      sent_bytes_per_minute: Math.round(this.#sent.per_minute()),
      received_bytes_per_minute: Math.round(this.#received.per_minute()),
      carrier: this.#carrier.facts(),
    };
  }

  /** Saves the state, takes leave of the peers, closes everything. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#node.shutdown();
    this.#sampler.close();
    this.#options.battery.stop();
    await this.#carrier.close();
  }
}
