/** The node's second medium, between gateways of other sites: somebody else carries its datagrams (MQTT does). */
import type { DatagramPort } from '../../firmware/node.ts';

/** What carries datagrams between sites. */
export interface MediumPort {
  /** Offers `view[0..length)` to the other sites, at once: the view is written again next cycle. False when it cannot. */
  send(view: DataView, length: number): boolean;
}

type Take = (view: DataView, length: number, source: number) => number;

export class Medium implements DatagramPort {
  #port: MediumPort | null = null;
  #take: Take | null = null;

  /** @returns how to let go */
  attach(port: MediumPort): () => void {
    this.#port = port;
    return () => {
      if (this.#port === port) this.#port = null;
    };
  }

  /**
   * A datagram has come from another site.
   * @param source stands for the sender, any number but 0
   * @returns 0 when the node took it, else the number of the reason why not; -1 when no node runs
   */
  onDatagram(view: DataView, length: number, source: number): number {
    return this.#take === null ? -1 : this.#take(view, length, source);
  }

  /** The node's side: who takes what comes in. */
  connect(take: Take | null): void {
    this.#take = take;
  }

  /** False without a port: the node counts it, and goes on. */
  send(view: DataView, length: number): boolean {
    return this.#port === null || this.#port.send(view, length);
  }
}
