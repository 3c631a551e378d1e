/** The nodes of a site: the firmware bundle over real UDP, each at an address of its own on loopback. */
import { localAddresses } from '../../host-sim/node-platform/interfaces.ts';
import { memoryStore } from '../../host-sim/node-platform/store/memory-store.ts';
import { UdpCarrier } from '../../host-sim/node-platform/udp/udp.ts';
import { LoadMeter } from '../../host-sim/node-platform/vitals/load.ts';
import type { GatewayConfig } from '../config/config.ts';
import type { FirmwareApi } from '../core/bundle.ts';
import { GatewayNode } from '../core/node.ts';
import { swarmSeal } from '../core/seal.ts';
import { firmwareSettings, fromQ16, toQ16 } from '../core/settings.ts';
import { addressOf, NODES, SITES } from './plan.ts';
import { Place, type Uniform } from './weather.ts';

export interface SiteOptions {
  api: FirmwareApi;
  site: number;
  /** That of the site's gateway: its nodes are told the same. */
  config: GatewayConfig;
  uniform: Uniform;
  onFault: (error: unknown) => void;
}

/** A board does not notice how busy a laptop is. */
const IDLE = (): { busy_ms: number; all_ms: number } => ({ busy_ms: 0, all_ms: 0 });

export class Site {
  /** Of each node, in the order of keys. */
  readonly #readings: number[][];
  readonly #places: Place[];
  readonly #nodes: GatewayNode[];

  constructor(options: SiteOptions) {
    this.#places = Array.from({ length: NODES }, () => new Place(SITES[options.site], options.uniform));
    this.#readings = this.#places.map((place) => place.read(0));
    this.#nodes = this.#places.map((_, index) => this.#node(options, index));
  }

  #node({ api, site, config, onFault }: SiteOptions, index: number): GatewayNode {
    return new GatewayNode({
      api,
      settings: firmwareSettings(api, config),
      carrier: (take) =>
        new UdpCarrier({
          port: config.swarm.port,
          iface: addressOf(site, index + 1),
          list: localAddresses,
          group: '',
          everyone: true,
          peers: [],
          onEvent: () => undefined,
          take,
        }),
      medium: null,
      store: memoryStore(),
      seal: swarmSeal(config.swarm),
      sensors: { read: (key) => toQ16(this.#readings[index][key]) },
      load: new LoadMeter(() => performance.now(), IDLE),
      loses: () => false,
      onEvent: () => undefined,
      onCycle: () => undefined,
      onFault,
    });
  }

  /** @throws NodeFailure when a port or an address cannot be used */
  async start(): Promise<void> {
    for (const node of this.#nodes) await node.start();
  }

  sample(since_start_ms: number): void {
    for (const [index, place] of this.#places.entries()) this.#readings[index] = place.read(since_start_ms);
  }

  readings(key: number): number[] {
    return this.#readings.map((each) => each[key]);
  }

  /** What its nodes agree on, those that hold a value. */
  agreed(key: number): number[] {
    return this.#nodes.flatMap((node) => fromQ16(node.parts.state.b[key]) ?? []);
  }

  get cycle(): number {
    return Math.max(...this.#nodes.map(({ parts }) => parts.transport.cycle));
  }

  async stop(): Promise<void> {
    for (const node of this.#nodes) await node.stop();
  }
}
