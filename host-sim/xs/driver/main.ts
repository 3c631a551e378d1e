/**
 * Runs inside XS, beside the firmware bundle: carries out the world's orders (`../protocol.ts`) on the nodes and tells what
 * came of them. `session.ts` loads it and hands it the bundle's exports.
 */
import { Reader, Writer } from '../bytes.ts';
import {
  NEWS_DONE,
  NEWS_STATE,
  ORDER_DELIVER,
  ORDER_SETTINGS,
  ORDER_SHUTDOWN,
  ORDER_START,
  ORDER_SURVEY,
  ORDER_WAKE,
  ORDER_WORDS,
} from '../protocol.ts';
import type { FirmwareApi } from '../../world/bundle.ts';
import type { Settings } from '../../../firmware/node.ts';
import { HostedNode } from './hosted-node.ts';

class Driver {
  private readonly api: FirmwareApi;
  private readonly settings: Settings[] = [];
  private readonly nodes: HostedNode[] = [];
  private news = new Writer();

  constructor(api: FirmwareApi) {
    this.api = api;
  }

  carryOut(command: ArrayBuffer): ArrayBuffer {
    const orders = new Reader(new DataView(command));
    // What a command that failed had written would stand before the news of the next one.
    this.news.length = 0;
    while (!orders.done) this.carryOutOne(orders.u8(), orders);
    return this.news.written().slice().buffer;
  }

  private carryOutOne(order: number, orders: Reader): void {
    switch (order) {
      case ORDER_SETTINGS:
        this.settings[orders.u16()] = JSON.parse(textOf(orders.block())) as Settings;
        break;
      case ORDER_WORDS:
        this.hosted(orders.u16()).takeWords(orders);
        break;
      case ORDER_START: {
        const host = this.hosted(orders.u16());
        this.tellDone(host, host.start(this.api, this.settings[orders.u16()], orders));
        break;
      }
      case ORDER_WAKE: {
        const host = this.hosted(orders.u16());
        this.tellDone(
          host,
          host.during(orders, () => host.node.wake()),
        );
        break;
      }
      case ORDER_SHUTDOWN: {
        const host = this.hosted(orders.u16());
        host.during(orders, () => {
          host.node.shutdown();
        });
        this.tellDone(host, -1);
        break;
      }
      case ORDER_DELIVER:
        this.deliver(orders);
        break;
      case ORDER_SURVEY:
        for (const host of this.nodes) this.tellState(host);
        break;
      default:
        throw new Error(`unknown order ${order} at byte ${orders.at - 1}`);
    }
  }

  private hosted(index: number): HostedNode {
    while (this.nodes.length <= index) this.nodes.push(new HostedNode(this.nodes.length, this.news));
    return this.nodes[index];
  }

  private deliver(orders: Reader): void {
    const { node } = this.hosted(orders.u16());
    const medium = orders.u8() === 1;
    const source = orders.i32();
    const datagram = orders.block();
    if (medium) node.receiveMedium(datagram, datagram.byteLength, source);
    else node.receive(datagram, datagram.byteLength, source);
  }

  private tellDone({ index, node, wordsLeft }: HostedNode, wait_ms: number): void {
    const { news } = this;
    news.u8(NEWS_DONE);
    news.u16(index);
    news.i32(wait_ms);
    news.i32(node.parts.transport.tag);
    news.i32(node.parts.transport.cycle);
    news.u16(wordsLeft);
  }

  private tellState(host: HostedNode): void {
    if (!host.started) return;
    const { news } = this;
    const { state, transport } = host.node.parts;
    news.u8(NEWS_STATE);
    news.u16(host.index);
    news.i32(host.node.digest());
    news.i32(transport.relayed);
    news.i32(transport.sent);
    for (let key = 0; key < state.keys; key++) news.i32(state.b[key]);
    news.u8(transport.drops.length);
    news.i32s(transport.drops);
  }
}

function textOf(view: DataView): string {
  return new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
}

/** From now on XS carries out the commands that come through its pipe. */
export function install(api: FirmwareApi): void {
  const driver = new Driver(api);
  Object.assign(globalThis, { handleCommand: (command: ArrayBuffer) => driver.carryOut(command) });
}
