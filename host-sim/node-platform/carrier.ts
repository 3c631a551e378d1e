/** What carries datagrams: UDP or TCP. Both bring the same bytes to the same firmware. */
import type { DatagramPort } from '../../firmware/node.ts';
import type { LocalAddress } from './interfaces.ts';

/** Fits the smallest IPv6 path; the firmware makes none that is longer (docs/protocol.md). */
export const DATAGRAM_MAX_BYTES = 1232;

/** Gives the datagram to the node. Returns 0 when it was taken, else the number of the reason why not. */
export type TakeDatagram = (view: DataView, length: number, source: number) => number;

export interface CarrierEvent {
  /**
   * network-up, network-down: there are addresses to send from, or none any more. network-changed: other ones.
   * port-lost: the port could not be opened again; it is tried until it works. connected, disconnected, refused: TCP.
   */
  name: 'network-up' | 'network-down' | 'network-changed' | 'port-lost' | 'connected' | 'disconnected' | 'refused';
  detail: string;
}

export interface CarrierFacts {
  /** Addresses that it sends from. */
  addresses: string[];
  /** Where it sends to. */
  targets: string[];
  received: number;
  received_bytes: number;
  /** As they left: a datagram to three connections counts three times. */
  sent_bytes: number;
  /** Datagrams that the system refused, to one target each. */
  send_errors: number;
  /** TCP: datagrams thrown away because a connection was too slow for them. */
  queue_drops: number;
  /** TCP: connections that work. */
  connections: number;
}

export interface Carrier extends DatagramPort {
  /** @throws NodeFailure when the port or the interface cannot be used */
  open(): Promise<void>;
  /** What was given to `send` before leaves first. */
  close(): Promise<void>;
  facts(): CarrierFacts;
}

export interface CarrierOptions {
  port: number;
  /** A name or an address; '' for all that lead outside. */
  iface: string;
  list: () => LocalAddress[];
  take: TakeDatagram;
  onEvent: (event: CarrierEvent) => void;
}

export function noFacts(): CarrierFacts {
  return {
    addresses: [],
    targets: [],
    received: 0,
    received_bytes: 0,
    sent_bytes: 0,
    send_errors: 0,
    queue_drops: 0,
    connections: 0,
  };
}
