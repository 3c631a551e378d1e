/** What the world holds in place of a node that runs inside XS: passes calls on, answers for its ports, and keeps what was told of it. */
import type { DatagramPort, Platform, Settings } from '../../firmware/node.ts';
import type { WorldNode } from '../world/node.ts';
import type { Reader } from './bytes.ts';
import type { XsNodes } from './nodes.ts';
import { ORDER_SHUTDOWN, ORDER_START, ORDER_WAKE, ORDER_WORDS } from './protocol.ts';

/** Random words are sent ahead, up to the larger number when fewer than the smaller are left: a start draws some 15, a cycle up to 24. */
const WORDS_MIN = 64;
const WORDS_SENT = 256;
/** Larger than what a node stores: 12 bytes a key and a few more. */
const SLOT_BYTES_MAX = 4096;

export class XsNode implements WorldNode {
  readonly platform: Platform;
  readonly parts: WorldNode['parts'];
  wordsLeft: number;

  private readonly nodes: XsNodes;
  private readonly settings: Settings;
  private readonly index: number;
  private wait_ms = -1;
  private state_digest = 0;
  private readonly inside;

  constructor(nodes: XsNodes, platform: Platform, settings: Settings, index: number, wordsLeft: number) {
    this.nodes = nodes;
    this.platform = platform;
    this.settings = settings;
    this.index = index;
    this.wordsLeft = wordsLeft;
    const keys = settings.keys.length;
    const inside = {
      b: new Int32Array(keys).fill(-1),
      target: new Int32Array(keys).fill(-1),
      cap: new Int32Array(keys),
      tag: 0,
      cycle: 0,
      drops: new Int32Array(0),
      relayed: 0,
      sent: 0,
    };
    this.inside = inside;
    /** After a survey, unless nothing happened since the last one. */
    const surveyed = (): typeof inside => {
      nodes.survey();
      return inside;
    };
    this.parts = {
      state: {
        get b() {
          return surveyed().b;
        },
        target: inside.target,
        cap: inside.cap,
      },
      transport: {
        get tag() {
          return inside.tag;
        },
        get cycle() {
          return inside.cycle;
        },
        get drops() {
          return surveyed().drops;
        },
        get relayed() {
          return surveyed().relayed;
        },
        get sent() {
          return surveyed().sent;
        },
      },
    };
  }

  start(): void {
    const { nodes, platform } = this;
    const id = nodes.settingsId(this.settings);
    this.topUpWords();
    nodes.order(ORDER_START);
    nodes.orders.u16(this.index);
    nodes.orders.u16(id);
    nodes.orders.u8(platform.medium === null ? 0 : 1);
    this.tellMoment();
    const slot = new DataView(new ArrayBuffer(SLOT_BYTES_MAX));
    for (let i = 0; i < 2; i++) nodes.orders.block(slot, platform.store.read(i, slot));
    nodes.carryOut();
  }

  untilDue(): number {
    return this.wait_ms;
  }

  wake(): number {
    this.run(ORDER_WAKE);
    return this.wait_ms;
  }

  shutdown(): void {
    this.run(ORDER_SHUTDOWN);
  }

  receive(view: DataView, length: number, source: number): void {
    this.nodes.deliver(this.index, false, view, length, source);
  }

  receiveMedium(view: DataView, length: number, source: number): void {
    this.nodes.deliver(this.index, true, view, length, source);
  }

  digest(): number {
    this.nodes.survey();
    return this.state_digest;
  }

  /* News of this node. */

  sends(news: Reader, port: DatagramPort | null): void {
    const { inside } = this;
    inside.tag = news.i32();
    inside.cycle = news.i32();
    news.i32s(inside.target);
    news.i32s(inside.cap);
    const datagram = news.block();
    if (port?.send(datagram, datagram.byteLength) !== true) throw refusal('datagram', this.index);
  }

  writes(news: Reader): void {
    const slot = news.u8();
    const bytes = news.block();
    if (!this.platform.store.write(slot, bytes, bytes.byteLength)) throw refusal('store', this.index);
  }

  done(news: Reader): void {
    this.wait_ms = news.i32();
    this.inside.tag = news.i32();
    this.inside.cycle = news.i32();
    this.wordsLeft = news.u16();
  }

  stands(news: Reader): void {
    const { inside } = this;
    this.state_digest = news.i32();
    inside.relayed = news.i32();
    inside.sent = news.i32();
    news.i32s(inside.b);
    const reasons = news.u8();
    if (inside.drops.length !== reasons) inside.drops = new Int32Array(reasons);
    news.i32s(inside.drops);
  }

  private run(order: number): void {
    this.topUpWords();
    this.nodes.order(order);
    this.nodes.orders.u16(this.index);
    this.tellMoment();
    this.nodes.carryOut();
  }

  private tellMoment(): void {
    const { orders } = this.nodes;
    const { clock, vitals, sensors } = this.platform;
    orders.i32(clock.ticks_ms());
    orders.f64(clock.epoch_ms());
    orders.i32(vitals.battery());
    orders.i32(vitals.load());
    for (let key = 0; key < this.settings.keys.length; key++) orders.i32(sensors.read(key));
  }

  /** Nobody but the node draws from its port, so it does not matter when the words are drawn, only in which order. */
  private topUpWords(): void {
    if (this.wordsLeft >= WORDS_MIN) return;
    const { nodes, platform } = this;
    nodes.order(ORDER_WORDS);
    nodes.orders.u16(this.index);
    nodes.orders.u16(WORDS_SENT - this.wordsLeft);
    for (; this.wordsLeft < WORDS_SENT; this.wordsLeft++) nodes.orders.i32(platform.random.word());
  }
}

/** Inside XS the node was already told that its port had taken it. */
function refusal(port: string, index: number): Error {
  return new Error(
    `the ${port} port of node ${index} refused what it sent: a world with XS nodes has to take everything`,
  );
}
