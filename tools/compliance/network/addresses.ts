/** Which addresses the scripted peers have, and where the target's datagrams to everyone can be heard. */
import { isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import process from 'node:process';
import { UsageError } from '../../cli/errors.ts';

export const DEFAULT_PORT = 0x4c56;
export const DEFAULT_GROUP = '239.76.86.83';

/**
 * On the loopback any address will do: 127.76.x.y, with 76 for "L" and an x of this process, so that two runs at once are
 * not the same peers.
 */
const LOOPBACK_PREFIX = `127.76.${(process.pid % 254) + 1}.`;

export interface LocalNetwork {
  name: string;
  address: string;
  /** Where everyone on the link hears. */
  broadcast: string;
}

function word(address: string): number {
  return address.split('.').reduce((all, part) => (all << 8) | Number(part), 0);
}

function dotted(bits: number): string {
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 0xff).join('.');
}

export function isLoopback(address: string): boolean {
  return address.startsWith('127.');
}

/** The computer's own IPv4 networks that hold `target`, or that of the interface given. */
export function networksTowards(target: string, iface: string): LocalNetwork[] {
  const found: LocalNetwork[] = [];
  const known: string[] = [];
  for (const [name, addresses] of Object.entries(networkInterfaces())) {
    for (const { address, netmask, family } of addresses ?? []) {
      if (family !== 'IPv4') continue;
      known.push(`${name} (${address})`);
      const mask = word(netmask);
      const holds = ((word(address) ^ word(target)) & mask) === 0;
      if (iface === '' ? !holds : iface !== name && iface !== address) continue;
      found.push({ name, address, broadcast: dotted(word(address) | ~mask) });
    }
  }
  if (iface !== '' && found.length === 0) {
    throw new UsageError(`--iface ${iface}: there is no such interface or address here; there are ${known.join(', ')}`);
  }
  return found;
}

/** @throws UsageError for what is no IPv4 address */
export function checkAddress(flag: string, address: string): void {
  if (isIPv4(address)) return;
  throw new UsageError(`${flag} ${address}: must be an IPv4 address, such as 192.168.1.20`);
}

/**
 * The peers' own addresses: those given; else on the loopback as many as there may be peers, and on any other network
 * the one that leads to the target ('0.0.0.0': the system chooses it).
 */
export function peerAddresses(
  target: string,
  given: readonly string[],
  networks: readonly LocalNetwork[],
  count: number,
): string[] {
  if (given.length > 0) return [...given];
  if (!isLoopback(target)) return [networks.length === 0 ? '0.0.0.0' : networks[0].address];
  const all = Array.from({ length: count + 1 }, (_, i) => `${LOOPBACK_PREFIX}${i + 1}`);
  return all.filter((address) => address !== target).slice(0, count);
}
