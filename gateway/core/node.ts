/** The swarm's node inside the gateway: fills the firmware's ports and calls the node when it is due. */
import type { LvsNode, Parts, Platform, SealPort, SensorPort, Settings, StorePort } from '../../firmware/node.ts';
import type { Carrier, TakeDatagram } from '../../host-sim/node-platform/carrier.ts';
import { eventDetail } from '../../host-sim/node-platform/inspect.ts';
import { clock, systemRandom } from '../../host-sim/node-platform/ports.ts';
import { RateMeter } from '../../host-sim/node-platform/rate.ts';
import type { LoadMeter } from '../../host-sim/node-platform/vitals/load.ts';
import type { FirmwareApi } from './bundle.ts';
import type { Medium } from './medium.ts';
import { NONE } from './settings.ts';

export interface NodeEvent {
  /** One of firmware/runtime/events.ts. */
  name: string;
  detail: Record<string, string | number>;
}

export interface GatewayNodeOptions {
  api: FirmwareApi;
  settings: Settings;
  carrier: (take: TakeDatagram) => Carrier;
  /** Null for a gateway that joins no sites. */
  medium: Medium | null;
  store: StorePort;
  seal: SealPort | null;
  sensors: SensorPort;
  load: LoadMeter;
  /** True for a datagram that is thrown away before the node sees it. */
  loses: () => boolean;
  onEvent: (event: NodeEvent) => void;
  onCycle: () => void;
  /** The node threw: it runs no further. */
  onFault: (error: unknown) => void;
}

export class GatewayNode {
  readonly #options: GatewayNodeOptions;
  readonly #carrier: Carrier;
  readonly #node: LvsNode;
  readonly #sent = new RateMeter();
  readonly #received = new RateMeter();
  #timer: NodeJS.Timeout | undefined;
  #cycle = 0;
  #ended = false;

  constructor(options: GatewayNodeOptions) {
    this.#options = options;
    this.#carrier = options.carrier((view, length, source) => this.#receive(view, length, source));
    this.#node = options.api.createNode(this.#platform(), options.settings);
  }

  #platform(): Platform {
    const { api, store, seal, sensors, load, medium, onEvent } = this.#options;
    return {
      clock,
      datagrams: this.#carrier,
      medium,
      store,
      random: systemRandom(),
      sensors,
      seal,
      // A gateway is on mains.
      vitals: { battery: () => NONE, load: () => load.load() },
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

  get parts(): Parts {
    return this.#node.parts;
  }

  get bytes_per_minute(): { sent: number; received: number } {
    return { sent: Math.round(this.#sent.per_minute()), received: Math.round(this.#received.per_minute()) };
  }

  facts(): ReturnType<Carrier['facts']> {
    return this.#carrier.facts();
  }

  /** @throws NodeFailure when the port or the interface cannot be used */
  async start(): Promise<void> {
    await this.#carrier.open();
    this.#options.medium?.connect((view, length, source) => this.#node.receiveMedium(view, length, source));
    this.#node.start();
    this.#wait();
  }

  #receive(view: DataView, length: number, source: number): number {
    if (this.#ended || this.#options.loses()) return NONE;
    return this.#node.receive(view, length, source);
  }

  #wait(): void {
    const wait_ms = this.#node.untilDue();
    if (wait_ms >= 0) this.#timer = setTimeout(() => this.#wake(), wait_ms);
  }

  #wake(): void {
    try {
      this.#node.wake();
    } catch (error) {
      this.#ended = true;
      this.#options.onFault(error);
      return;
    }
    this.#wait();
    const { cycle } = this.#node.parts.transport;
    if (cycle === this.#cycle) return;
    this.#cycle = cycle;
    const facts = this.#carrier.facts();
    const now_ms = performance.now();
    this.#sent.note(now_ms, facts.sent_bytes);
    this.#received.note(now_ms, facts.received_bytes);
    this.#options.onCycle();
  }

  /** Saves the state, takes leave of the peers, closes everything. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#options.medium?.connect(null);
    try {
      if (!this.#ended) this.#node.shutdown();
    } finally {
      this.#ended = true;
      await this.#carrier.close();
    }
  }
}
