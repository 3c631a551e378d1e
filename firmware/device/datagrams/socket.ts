/** A datagram socket as ECMA-419 has it, as far as it is used here. */

export interface Datagram extends ArrayBuffer {
  readonly address: string;
  readonly port: number;
}

export interface DatagramSocketOptions {
  port: number;
  /** Multicast group to join, or ''. */
  group: string;
  /** So many datagrams wait to be read. */
  onReadable: (count: number) => void;
}

export interface DatagramSocket {
  read(): Datagram | undefined;
  /** @throws when the datagram could not be taken */
  write(bytes: Uint8Array, address: string, port: number): void;
  close(): void;
}
