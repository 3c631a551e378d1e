/**
 * All nodes of a world in one XS machine, each with a stand-in here that the world takes for the node. The world keeps time,
 * network, faults and chance to itself: the ports that it fills in stay on this side, and only what passes through them crosses.
 */
import type { Platform, Settings } from '../../firmware/node.ts';
import type { CreateNode } from '../world/node.ts';
import { Reader, Writer } from './bytes.ts';
import {
  NEWS_DONE,
  NEWS_EVENT,
  NEWS_SEND,
  NEWS_SEND_MEDIUM,
  NEWS_STATE,
  NEWS_WRITE,
  ORDER_DELIVER,
  ORDER_SETTINGS,
  ORDER_SURVEY,
} from './protocol.ts';
import { openSession } from './session.ts';
import type { XsSession } from './session.ts';
import { XsNode } from './xs-node.ts';

/** Orders that wait for an answer to be needed are sent at the latest when there are so many bytes of them. */
const WAITING_BYTES_MAX = 1 << 20;

export class XsNodes {
  readonly orders = new Writer();
  private readonly session: XsSession;
  private readonly settingsIds = new Map<Settings, number>();
  /** By index; a node that joins later is not there yet. */
  private readonly nodes: (XsNode | undefined)[] = [];
  /** True while what `NEWS_STATE` told of the nodes still holds. */
  private surveyed = false;

  /**
   * @param bundle the bundle's code
   * @param programs the folder that build/xs/driver.mjs lies in, where it is not beside the program's own
   */
  constructor(bundle: string, programs?: string) {
    this.session = openSession(bundle, 'driver.mjs', programs);
  }

  /** Makes the stand-in of a node's next life; the node itself is made when it starts. */
  readonly create: CreateNode = (platform: Platform, settings: Settings, index: number) => {
    const node = new XsNode(this, platform, settings, index, this.nodes[index]?.wordsLeft ?? 0);
    this.nodes[index] = node;
    return node;
  };

  /** The number under which XS knows these settings; it is told them when they are new. */
  settingsId(settings: Settings): number {
    const known = this.settingsIds.get(settings);
    if (known !== undefined) return known;
    const id = this.settingsIds.size;
    this.settingsIds.set(settings, id);
    const json = new TextEncoder().encode(JSON.stringify(settings));
    this.order(ORDER_SETTINGS);
    this.orders.u16(id);
    this.orders.block(new DataView(json.buffer), json.length);
    return id;
  }

  /** Begins an order; its fields go to `orders`. */
  order(order: number): void {
    this.surveyed = false;
    this.orders.u8(order);
  }

  deliver(node: number, medium: boolean, view: DataView, length: number, source: number): void {
    this.order(ORDER_DELIVER);
    this.orders.u16(node);
    this.orders.u8(medium ? 1 : 0);
    this.orders.i32(source);
    this.orders.block(view, length);
    if (this.orders.length > WAITING_BYTES_MAX) this.carryOut();
  }

  /** Brings what is known of the nodes' insides up to now. */
  survey(): void {
    if (this.surveyed) return;
    this.order(ORDER_SURVEY);
    this.carryOut();
    this.surveyed = true;
  }

  /** Sends the orders that wait, and acts on the news in their order: what a node sends may give rise to new orders. */
  carryOut(): void {
    const answer = this.session.machine.command(this.orders.written());
    this.orders.length = 0;
    const news = new Reader(
      new DataView(answer.buffer.slice(answer.byteOffset, answer.byteOffset + answer.byteLength)),
    );
    while (!news.done) this.actOn(news.u8(), news);
  }

  close(): void {
    this.session.close();
  }

  private actOn(kind: number, news: Reader): void {
    const index = news.u16();
    const node = this.nodes[index];
    if (node === undefined) throw new Error(`XS told of node ${index}, which nobody made`);
    switch (kind) {
      case NEWS_EVENT:
        node.platform.log.event(news.u8(), news.i32(), news.i32());
        break;
      case NEWS_SEND:
        node.sends(news, node.platform.datagrams);
        break;
      case NEWS_SEND_MEDIUM:
        node.sends(news, node.platform.medium);
        break;
      case NEWS_WRITE:
        node.writes(news);
        break;
      case NEWS_DONE:
        node.done(news);
        break;
      case NEWS_STATE:
        node.stands(news);
        break;
      default:
        throw new Error(`unknown news ${kind} from XS`);
    }
  }
}
