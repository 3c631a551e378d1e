/** What the laboratory speaks to the target through. */

export interface Origin {
  address: string;
  port: number;
}

export type OnDatagram = (bytes: Buffer, from: Origin) => void;

export interface ChannelOptions {
  target: Origin;
  /** The peers' own addresses. */
  addresses: readonly string[];
  /** Where datagrams for everyone may be heard: broadcast addresses. */
  broadcasts: readonly string[];
  /** Multicast group, and the addresses of the interfaces on which to join it. */
  group: string;
  interfaces: readonly string[];
  onDatagram: OnDatagram;
}

export interface Channel {
  /** The addresses that could be used; a peer is one of them, or several where the target allows that. */
  readonly addresses: readonly string[];
  /** What is not as it should be, for the user. */
  readonly warnings: readonly string[];
  /** Sends from the address at this index. What cannot be sent is lost, as on any network. */
  send(from: number, bytes: Buffer): void;
  close(): void;
}
