/** A site of the bench: nodes of the firmware bundle on a LAN in memory that loses datagrams, one of them its gateway. */

import type { DatagramPort, LvsNode, Platform, Settings } from '../../../firmware/node.ts';
import { clock, systemRandom } from '../../../host-sim/node-platform/ports.ts';
import { memoryStore } from '../../../host-sim/node-platform/store/memory-store.ts';
import type { FirmwareApi } from '../../core/bundle.ts';
import type { Uniform } from './random.ts';

export interface SiteOptions {
  api: FirmwareApi;
  settings: Settings;
  /** One a node, Q16.16. */
  readings: readonly number[];
  /** Share of datagrams that a listener misses. */
  loss: number;
  uniform: Uniform;
  /** What carries the gateway's datagrams to other sites. */
  medium: DatagramPort;
}

const NO_VITALS = { battery: () => -1, load: () => -1 };

export class Site {
  readonly nodes: LvsNode[];
  readonly #options: SiteOptions;
  readonly #timers = new Map<LvsNode, NodeJS.Timeout>();

  constructor(options: SiteOptions) {
    this.#options = options;
    this.nodes = options.readings.map((reading, index) =>
      options.api.createNode(this.#platform(reading, index), options.settings),
    );
  }

  get gateway(): LvsNode {
    return this.nodes[0];
  }

  start(): void {
    for (const node of this.nodes) {
      node.start();
      this.#wait(node);
    }
  }

  stop(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #wait(node: LvsNode): void {
    const timer = setTimeout(() => {
      node.wake();
      this.#wait(node);
    }, node.untilDue());
    this.#timers.set(node, timer);
  }

  #platform(reading: number, index: number): Platform {
    return {
      clock,
      datagrams: { send: (view, length) => this.#hear(index, view, length) },
      medium: index === 0 ? this.#options.medium : null,
      store: memoryStore(),
      random: systemRandom(),
      sensors: { read: () => reading },
      seal: null,
      vitals: NO_VITALS,
      log: { event: () => undefined },
    };
  }

  #hear(from: number, view: DataView, length: number): boolean {
    const { loss, uniform } = this.#options;
    const copy = new DataView(view.buffer.slice(view.byteOffset, view.byteOffset + length));
    for (const [to, node] of this.nodes.entries()) {
      if (to !== from && uniform() >= loss) node.receive(copy, length, from + 1);
    }
    return true;
  }
}
