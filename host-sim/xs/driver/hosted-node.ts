/** One node inside XS: the bundle's node on ports that are filled from the world's orders and answered by news to it. */
import type { LvsNode, Platform, Settings } from '../../../firmware/node.ts';
import type { FirmwareApi } from '../../world/bundle.ts';
import type { Reader, Writer } from '../bytes.ts';
import { NEWS_EVENT, NEWS_SEND, NEWS_SEND_MEDIUM, NEWS_WRITE } from '../protocol.ts';

export class HostedNode {
  readonly index: number;
  started = false;
  private life: LvsNode | null = null;
  private readonly news: Writer;
  private readonly words: number[] = [];
  private drawn = 0;
  private readonly slots: DataView[] = [];
  /** True while the fields below are those of this moment. */
  private isNow = false;
  private ticks_ms = 0;
  private epoch_ms = 0;
  private battery = 0;
  private load = 0;
  private readings: number[] = [];

  constructor(index: number, news: Writer) {
    this.index = index;
    this.news = news;
  }

  get node(): LvsNode {
    if (this.life === null) throw new Error(`node ${this.index} was not started`);
    return this.life;
  }

  get wordsLeft(): number {
    return this.words.length - this.drawn;
  }

  /** Random words belong to the node's body: what one life leaves, the next one draws. */
  takeWords(orders: Reader): void {
    this.words.splice(0, this.drawn);
    this.drawn = 0;
    for (let left = orders.u16(); left > 0; left--) this.words.push(orders.i32());
  }

  /** Begins a life, and tells in how many milliseconds its first cycle is due. */
  start(api: FirmwareApi, settings: Settings, orders: Reader): number {
    const gateway = orders.u8() === 1;
    this.readings = settings.keys.map(() => 0);
    return this.during(orders, () => {
      for (let slot = 0; slot < 2; slot++) this.slots[slot] = copyOf(orders.block());
      this.life = api.createNode(this.platform(gateway), settings);
      this.started = true;
      this.life.start();
      return this.life.untilDue();
    });
  }

  /** Reads a moment from the orders and lets the node run in it. */
  during<T>(orders: Reader, run: () => T): T {
    this.ticks_ms = orders.i32();
    this.epoch_ms = orders.f64();
    this.battery = orders.i32();
    this.load = orders.i32();
    orders.i32s(this.readings);
    this.isNow = true;
    const result = run();
    this.isNow = false;
    return result;
  }

  private platform(gateway: boolean): Platform {
    return {
      clock: {
        ticks_ms: () => this.now('clock').ticks_ms,
        epoch_ms: () => this.now('clock').epoch_ms,
      },
      datagrams: { send: (view, length) => this.tellSend(NEWS_SEND, view, length) },
      medium: gateway ? { send: (view, length) => this.tellSend(NEWS_SEND_MEDIUM, view, length) } : null,
      store: {
        read: (slot, into) => copyInto(into, this.slots[slot]),
        write: (slot, from, length) => this.write(slot, from, length),
      },
      random: { word: () => this.drawWord() },
      sensors: { read: (key) => this.now('sensors').readings[key] },
      seal: null,
      vitals: {
        battery: () => this.now('vitals').battery,
        load: () => this.now('vitals').load,
      },
      log: {
        event: (code, a, b) => {
          this.tellEvent(code, a, b);
        },
      },
    };
  }

  /** Deliveries carry no time: a node that began to look at these ports while receiving would see old values and not know it. */
  private now(port: string): this {
    if (!this.isNow) {
      throw new Error(
        `node ${this.index} used the ${port} port while receiving: ORDER_DELIVER has to carry a moment now`,
      );
    }
    return this;
  }

  private drawWord(): number {
    if (this.drawn === this.words.length) {
      throw new Error(`node ${this.index} drew more random words at once than host-sim/xs/nodes.ts sends ahead`);
    }
    return this.words[this.drawn++];
  }

  private tellSend(news: number, view: DataView, length: number): boolean {
    const { state, transport } = this.node.parts;
    this.news.u8(news);
    this.news.u16(this.index);
    this.news.i32(transport.tag);
    this.news.i32(transport.cycle);
    for (let key = 0; key < state.keys; key++) this.news.i32(state.target[key]);
    for (let key = 0; key < state.keys; key++) this.news.i32(state.cap[key]);
    this.news.block(view, length);
    return true;
  }

  private write(slot: number, from: DataView, length: number): boolean {
    this.slots[slot] = copyOf(new DataView(from.buffer, from.byteOffset, length));
    this.news.u8(NEWS_WRITE);
    this.news.u16(this.index);
    this.news.u8(slot);
    this.news.block(from, length);
    return true;
  }

  private tellEvent(code: number, a: number, b: number): void {
    this.news.u8(NEWS_EVENT);
    this.news.u16(this.index);
    this.news.u8(code);
    this.news.i32(a);
    this.news.i32(b);
  }
}

function copyOf(view: DataView): DataView {
  return new DataView(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}

/** As much of `from` as fits; tells how much that is. */
function copyInto(into: DataView, from: DataView): number {
  const length = Math.min(from.byteLength, into.byteLength);
  for (let i = 0; i < length; i++) into.setUint8(i, from.getUint8(i));
  return length;
}
