/** Addresses: what stands for a sender in the firmware, and where datagrams and connections go to. */
import { isIP, isIPv4, isIPv6 } from 'node:net';
import { UsageError } from '../../tools/cli/errors.ts';

/** "LV", the magic of the wire format, as a number: the device has the same (firmware/device/config/settings.ts). */
export const DEFAULT_PORT = 0x4c56;
/** 239.0.0.0/8 stays within a site (RFC 2365); the rest is "LVS". */
export const DEFAULT_GROUP = '239.76.86.83';
/** Link-local and not assigned by anyone (RFC 4291, flag T and scope 2); the rest is "LVS". */
export const DEFAULT_GROUP_IPV6 = 'ff12::4c:5653';

/** The address as an int32, big-endian. */
export function ipv4Word(address: string): number {
  return address.split('.').reduce((word, part) => (word << 8) | Number(part), 0);
}

/** Sockets for both families write an IPv4 address so. */
const MAPPED = '::ffff:';

/** The address without what a socket for both families puts before it. */
export function plainAddress(address: string): string {
  const inner = address.slice(MAPPED.length);
  return address.startsWith(MAPPED) && isIPv4(inner) ? inner : address;
}

/**
 * A number for the sender that is never 0: its address, or a hash of what is no IPv4 address. The same number that a
 * device makes of it (firmware/device/datagrams/address.ts). The port is no part of it: a host has many.
 */
export function sourceOf(address: string): number {
  const plain = plainAddress(address);
  if (isIPv4(plain)) {
    const word = ipv4Word(plain);
    if (word !== -1) return word === 0 ? 1 : word;
  }
  let hash = 0x811c9dc5 | 0;
  for (let i = 0; i < plain.length; i++) hash = Math.imul(hash ^ plain.charCodeAt(i), 0x01000193);
  return hash === 0 ? 1 : hash;
}

/** The eight words of an IPv6 address without an IPv4 address inside. */
export function ipv6Words(address: string): number[] {
  const [head, tail = ''] = address.replace(/%.*$/, '').split('::');
  const words = (part: string): number[] => (part === '' ? [] : part.split(':').map((word) => parseInt(word, 16)));
  const [before, after] = [words(head), words(tail)];
  const middle = address.includes('::') ? 8 - before.length - after.length : 0;
  return [...before, ...new Array<number>(middle).fill(0), ...after];
}

/** Addresses with the same name here may all be one host's: of IPv6 a host has a whole /64. */
export function hostGroup(address: string): string {
  const plain = plainAddress(address);
  if (!isIPv6(plain) || plain.includes('.')) return plain;
  return ipv6Words(plain)
    .slice(0, 4)
    .map((word) => word.toString(16))
    .join(':');
}

export function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

export interface Endpoint {
  /** A name or an address. */
  host: string;
  port: number;
}

export function endpointName({ host, port }: Endpoint): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Names of hosts, as RFC 1123 has them. */
const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\.?$/i;
/** Three or four numbers with dots between are meant as an address. */
const LIKE_ADDRESS = /^[\d.]+$/;

/**
 * Reads `192.168.1.20`, `seed.example:19542` or `[fe80::1%eth0]:19542`; without a port it is `usual_port`.
 * @throws UsageError
 */
export function parseEndpoint(flag: string, text: string, usual_port: number): Endpoint {
  const bare = isIP(text) === 6;
  const match = bare ? null : /^(?:\[(?<inside>[^\]]+)\]|(?<name>[^:]*))(?::(?<port>\d+))?$/.exec(text);
  const host = bare ? text : (match?.groups?.inside ?? match?.groups?.name ?? '');
  const port = match?.groups?.port === undefined ? usual_port : Number(match.groups.port);
  const known = isIP(host) !== 0 || (HOST_NAME.test(host) && !LIKE_ADDRESS.test(host));
  if (known && port >= 1 && port <= 65535) return { host, port };
  throw new UsageError(
    `${flag} ${text}: must be an address or a name, with :PORT (1 to 65535) where it is not ${usual_port}, such as 192.168.1.20:19542`,
  );
}
