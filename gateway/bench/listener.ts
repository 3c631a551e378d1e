/** Another member of the swarm, which notes when the gateway's contribution has reached it. */
import { localAddresses } from '../../host-sim/node-platform/interfaces.ts';
import { memoryStore } from '../../host-sim/node-platform/store/memory-store.ts';
import { UdpCarrier } from '../../host-sim/node-platform/udp/udp.ts';
import { LoadMeter } from '../../host-sim/node-platform/vitals/load.ts';
import type { GatewayConfig } from '../config/config.ts';
import type { FirmwareApi } from '../core/bundle.ts';
import { GatewayNode } from '../core/node.ts';
import { firmwareSettings, NONE, ONE } from '../core/settings.ts';
import { DIFF_NONE } from '../core/table.ts';

/** The key whose values are numbers of probes. */
const PROBE_KEY = 0;

export class Listener {
  /** Of each probe: how long until a datagram carried it or a newer one. */
  readonly latencies_ms: number[] = [];
  readonly #sent_ms = new Map<number, number>();
  readonly #node: GatewayNode;

  constructor(api: FirmwareApi, config: GatewayConfig, address: string) {
    this.#node = new GatewayNode({
      api,
      settings: firmwareSettings(api, config),
      carrier: (take) =>
        new UdpCarrier({
          port: config.swarm.port,
          iface: address,
          list: localAddresses,
          group: '',
          everyone: true,
          peers: [],
          onEvent: () => undefined,
          take: (view, length, source) => {
            const taken = take(view, length, source);
            if (taken === 0) this.#look();
            return taken;
          },
        }),
      medium: null,
      store: memoryStore(),
      seal: null,
      sensors: { read: () => NONE },
      load: new LoadMeter(() => performance.now()),
      loses: () => false,
      onEvent: () => undefined,
      onCycle: () => undefined,
      onFault: (error) => {
        throw error;
      },
    });
  }

  /** A probe of this number was given to the gateway's broker. */
  sent(probe: number): void {
    this.#sent_ms.set(probe, performance.now());
  }

  #look(): void {
    const { table } = this.#node.parts.transport;
    const now_ms = performance.now();
    for (let slot = 1; slot < table.count; slot++) {
      const diff = table.values[(slot * table.keys + PROBE_KEY) * 2];
      if (diff === DIFF_NONE) continue;
      const newest = diff / ONE;
      for (const [probe, sent_ms] of this.#sent_ms) {
        if (probe > newest) break;
        this.latencies_ms.push(now_ms - sent_ms);
        this.#sent_ms.delete(probe);
      }
    }
  }

  async start(): Promise<void> {
    await this.#node.start();
  }

  async stop(): Promise<void> {
    await this.#node.stop();
  }
}
