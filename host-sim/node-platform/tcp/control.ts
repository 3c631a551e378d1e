/**
 * Control frames, by which nodes on TCP find each other where nothing can be broadcast: each says on which port it
 * listens, and tells members where the other members listen. A type, then:
 *
 *   1 hello   u16 port on which the sender listens; 0 when it does not
 *   2 peers   for each: u8 family (4 or 6), 4 or 16 bytes of address, u16 port
 */
import { BlockList, isIPv4, isIPv6, SocketAddress } from 'node:net';
import { ipv6Words, type Endpoint } from '../address.ts';
import { DATAGRAM_MAX_BYTES } from '../carrier.ts';

const HELLO = 1;
const PEERS = 2;
const PORT_BYTES = 2;

export type Control = { type: 'hello'; port: number } | { type: 'peers'; endpoints: Endpoint[] };

export function helloBytes(port: number): Uint8Array {
  return Uint8Array.of(HELLO, port >> 8, port & 0xff);
}

function entryBytes({ host, port }: Endpoint): number[] {
  const place = [port >> 8, port & 0xff];
  if (isIPv4(host)) return [4, ...host.split('.').map(Number), ...place];
  // An address with its link's name, or with an IPv4 address inside, means nothing on another computer.
  if (isIPv6(host) && !/[%.]/.test(host))
    return [6, ...ipv6Words(host).flatMap((word) => [word >> 8, word & 0xff]), ...place];
  return [];
}

/** As many as a frame holds. */
export function peersBytes(endpoints: readonly Endpoint[]): Uint8Array {
  const bytes = [PEERS];
  for (const endpoint of endpoints) {
    const entry = entryBytes(endpoint);
    if (bytes.length + entry.length <= DATAGRAM_MAX_BYTES) bytes.push(...entry);
  }
  return Uint8Array.from(bytes);
}

/** Addresses that no member has: nobody is made to knock there. */
const NOBODY = new BlockList();
NOBODY.addSubnet('0.0.0.0', 8);
NOBODY.addSubnet('224.0.0.0', 3);
NOBODY.addAddress('::', 'ipv6');
NOBODY.addSubnet('ff00::', 8, 'ipv6');

function readPeers(bytes: Buffer): Endpoint[] | null {
  const endpoints: Endpoint[] = [];
  let at = 1;
  while (at < bytes.length) {
    const size = bytes[at] === 4 ? 4 : bytes[at] === 6 ? 16 : 0;
    const end = at + 1 + size + PORT_BYTES;
    if (size === 0 || end > bytes.length) return null;
    const address = bytes.subarray(at + 1, at + 1 + size);
    const family = size === 4 ? 'ipv4' : 'ipv6';
    const text = size === 4 ? [...address].join('.') : (address.toString('hex').match(/.{4}/g) ?? []).join(':');
    // Written as the system writes it, so that the same address is the same text.
    const host = new SocketAddress({ address: text, family }).address;
    const port = bytes.readUInt16BE(end - PORT_BYTES);
    if (port > 0 && !NOBODY.check(host, family)) endpoints.push({ host, port });
    at = end;
  }
  return endpoints;
}

/** Null for what is not understood: another version may know more. */
export function readControl(bytes: Buffer): Control | null {
  if (bytes[0] === HELLO && bytes.length === 1 + PORT_BYTES) return { type: 'hello', port: bytes.readUInt16BE(1) };
  if (bytes[0] !== PEERS) return null;
  const endpoints = readPeers(bytes);
  return endpoints === null ? null : { type: 'peers', endpoints };
}
