/** One virtual broadcast medium: takes what a node sends and hands it to those who hear it, with the scenario's faults. */

import type { EventQueue } from '../world/kernel.ts';
import type { Random } from '../world/random.ts';
import type { Scenario } from '../world/scenario.ts';
import type { Links } from './links.ts';
import { burstyLoss, independentLoss, type Loss } from './loss.ts';

/** Bytes that wait for a link at the most, in milliseconds of its capacity: beyond it the link drops. */
const QUEUE_MS = 1000;

/** `view` is one datagram from end to end, to be read and kept, not written. */
export type Receive = (to: number, view: DataView, from: number) => void;

export interface MediumCounts {
  sent: number;
  delivered: number;
  bytes: number;
}

export class Medium {
  readonly counts: MediumCounts = { sent: 0, delivered: 0, bytes: 0 };
  /** True for a link that carries nothing now: partitions and cuts. */
  readonly blocked: Uint8Array;
  private readonly lost: Loss;
  private readonly free_ms: Float64Array;
  private readonly plain: boolean;

  private readonly queue: EventQueue;
  private readonly links: Links;
  private readonly scenario: Scenario;
  private readonly random: Random;
  private readonly up: Uint8Array;
  private readonly receive: Receive;

  constructor(queue: EventQueue, links: Links, scenario: Scenario, random: Random, up: Uint8Array, receive: Receive) {
    this.queue = queue;
    this.links = links;
    this.scenario = scenario;
    this.random = random;
    this.up = up;
    this.receive = receive;
    const { burst, duplication, reorder, delay_min_ms, delay_mean_ms, capacity } = scenario;
    this.blocked = new Uint8Array(links.to.length);
    this.lost = burst > 0 ? burstyLoss(links, burst, random) : independentLoss(links, random);
    this.free_ms = new Float64Array(capacity > 0 ? links.to.length : 0);
    this.plain = duplication + reorder + delay_min_ms + delay_mean_ms + capacity === 0;
  }

  /** Sends view[0..length) from a node to everyone who hears it. They share one copy, which nobody writes to. */
  send(from: number, view: DataView, length: number): void {
    const { links, up, blocked, counts } = this;
    const cycle = Math.floor(this.queue.now_ms / this.scenario.cycle_ms);
    counts.sent++;
    counts.bytes += length;
    const copy = new DataView(view.buffer.slice(view.byteOffset, view.byteOffset + length));
    for (let link = links.off[from]; link < links.off[from + 1]; link++) {
      const to = links.to[link];
      if (up[to] === 0 || blocked[link] === 1 || this.lost(link, cycle)) continue;
      if (this.plain) {
        counts.delivered++;
        this.receive(to, copy, from);
        continue;
      }
      this.deliverLater(link, copy, from);
      if (this.random.uniform() < this.scenario.duplication) this.deliverLater(link, copy, from);
    }
  }

  private deliverLater(link: number, view: DataView, from: number): void {
    const { queue, scenario } = this;
    const wait_ms = this.waitForLink(link, view.byteLength);
    if (wait_ms < 0) return;
    const { delay_min_ms, delay_mean_ms, cycle_ms } = scenario;
    let delay_ms = wait_ms + delay_min_ms;
    if (delay_mean_ms > delay_min_ms) delay_ms += (delay_mean_ms - delay_min_ms) * exponential(this.random);
    if (this.random.uniform() < scenario.reorder) delay_ms += cycle_ms * (1 + this.random.uniform());
    const to = this.links.to[link];
    queue.at(queue.now_ms + delay_ms, () => {
      if (this.up[to] === 0) return;
      this.counts.delivered++;
      this.receive(to, view, from);
    });
  }

  /** How long a datagram waits for and takes the link's capacity; -1 when the link's queue is full. */
  private waitForLink(link: number, length: number): number {
    const { capacity } = this.scenario;
    if (capacity === 0) return 0;
    const { now_ms } = this.queue;
    const start_ms = Math.max(now_ms, this.free_ms[link]);
    if (start_ms - now_ms > QUEUE_MS) return -1;
    this.free_ms[link] = start_ms + (1000 * length) / capacity;
    return this.free_ms[link] - now_ms;
  }
}

/** Exponential with mean 1 from comparisons alone (von Neumann 1951): a logarithm's last bit differs between engines. */
function exponential(random: Random): number {
  for (let whole = 0; ; whole++) {
    const first = random.uniform();
    let before = first;
    let run = 1;
    for (let next = random.uniform(); next < before; next = random.uniform()) {
      before = next;
      run++;
    }
    if (run % 2 === 1) return whole + first;
  }
}
