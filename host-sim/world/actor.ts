/** One node of the world: the bundle's node on ports that the world fills in, and the body that survives its restarts. */

import type { DatagramPort, Platform, Settings } from '../../firmware/node.ts';
import type { EventQueue } from './kernel.ts';
import type { CreateNode, WorldNode } from './node.ts';
import type { Random } from './random.ts';
import { MemoryStore } from './store.ts';

/** Charge of a node that the scenario keeps in low-power mode: below the 20 % at which a node enters it. */
const LOW_BATTERY = 6554;
const MAINS = -1;

/** What the world does for an actor. */
export interface Surroundings {
  send(node: number, view: DataView, length: number): void;
  sendMedium(node: number, view: DataView, length: number): void;
  reading(node: number, key: number): number;
  event(node: number, code: number, a: number): void;
}

interface Delivery {
  view: DataView;
  from: number;
  overMedium: boolean;
}

export class Actor {
  readonly store = new MemoryStore();
  node: WorldNode | null = null;
  private readonly inbox: Delivery[] = [];
  /** Counts starts, so that what an earlier life had planned does not happen to a later one. */
  private life = 0;
  private readonly rate: number;

  readonly index: number;
  private readonly createNode: CreateNode;
  private readonly settings: Settings;
  private readonly queue: EventQueue;
  private readonly random: Random;
  private readonly around: Surroundings;
  private readonly body: { gateway: boolean; low_power: boolean; skew_ms: number; drift_ppm: number };

  constructor(
    index: number,
    createNode: CreateNode,
    settings: Settings,
    queue: EventQueue,
    random: Random,
    around: Surroundings,
    body: { gateway: boolean; low_power: boolean; skew_ms: number; drift_ppm: number },
  ) {
    this.index = index;
    this.createNode = createNode;
    this.settings = settings;
    this.queue = queue;
    this.random = random;
    this.around = around;
    this.body = body;
    this.rate = 1 + body.drift_ppm / 1e6;
  }

  /**
   * A datagram has arrived. The node takes it before anything else happens to it or is asked of it; until then it waits,
   * so that a node handles a cycle's datagrams in one go while its memory is at hand (a world of 1,000 nodes does not fit
   * a processor's caches: one by one the same datagrams took twice as long).
   */
  deliver(view: DataView, from: number, overMedium: boolean): void {
    this.inbox.push({ view, from, overMedium });
  }

  /** Hands the node what has arrived, in order. */
  takeDeliveries(): void {
    const { node, inbox } = this;
    for (const { view, from, overMedium } of inbox) {
      if (overMedium) node?.receiveMedium(view, view.byteLength, from + 1);
      else node?.receive(view, view.byteLength, from + 1);
    }
    inbox.length = 0;
  }

  start(): void {
    this.node = this.createNode(this.platform(), this.settings, this.index);
    const life = ++this.life;
    this.node.start();
    this.wakeLater(life, this.node.untilDue());
  }

  /** Takes leave of the others, stores its state and is gone. */
  leave(): void {
    this.takeDeliveries();
    this.node?.shutdown();
    this.crash();
  }

  /** Gone, without a word. */
  crash(): void {
    this.inbox.length = 0;
    this.node = null;
    this.life++;
  }

  private wakeLater(life: number, wait_ms: number): void {
    this.queue.at(this.queue.now_ms + Math.max(wait_ms, 0) / this.rate, () => {
      if (life !== this.life || this.node === null) return;
      this.takeDeliveries();
      this.wakeLater(life, this.node.wake());
    });
  }

  private ticks_ms(): number {
    return Math.floor(this.queue.now_ms * this.rate + this.body.skew_ms) | 0;
  }

  private platform(): Platform {
    const { around, index, body, random } = this;
    const medium: DatagramPort = {
      send: (view, length) => {
        around.sendMedium(index, view, length);
        return true;
      },
    };
    return {
      clock: {
        ticks_ms: () => this.ticks_ms(),
        epoch_ms: () => Math.floor(this.queue.now_ms),
      },
      datagrams: {
        send: (view, length) => {
          around.send(index, view, length);
          return true;
        },
      },
      medium: body.gateway ? medium : null,
      store: this.store,
      random: { word: () => random.word() },
      sensors: { read: (key) => around.reading(index, key) },
      seal: null,
      vitals: {
        battery: () => (body.low_power ? LOW_BATTERY : MAINS),
        load: () => 0,
      },
      log: {
        event: (code, a) => {
          around.event(index, code, a);
        },
      },
    };
  }
}
