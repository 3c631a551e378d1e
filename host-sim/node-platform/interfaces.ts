/** The computer's own addresses: which of them a node uses, and when that changes. */
import { existsSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { ipv4Word } from './address.ts';
import { EXIT_NO_INTERFACE, NodeFailure } from './failure.ts';

export interface LocalAddress {
  /** The interface's name, such as eth0. */
  name: string;
  address: string;
  family: 'IPv4' | 'IPv6';
  netmask: string;
  internal: boolean;
}

export type ListAddresses = () => LocalAddress[];

/** Of interfaces that are up. */
export function localAddresses(): LocalAddress[] {
  const list: LocalAddress[] = [];
  for (const [name, addresses] of Object.entries(networkInterfaces())) {
    for (const { address, family, netmask, internal } of addresses ?? []) {
      list.push({ name, address, family, netmask, internal });
    }
  }
  return list;
}

function wordAddress(word: number): string {
  return [24, 16, 8, 0].map((shift) => (word >>> shift) & 0xff).join('.');
}

/** Where a datagram for everyone on the link goes; '' where there is no everyone (a point-to-point link). */
export function broadcastOf({ address, netmask }: LocalAddress): string {
  const mask = ipv4Word(netmask);
  // /31 and /32 have no broadcast address (RFC 3021).
  return ~mask >>> 0 <= 1 ? '' : wordAddress(ipv4Word(address) | ~mask);
}

/** Whether an IPv4 address lies on the same link as the local one. */
export function isOnLink(address: string, local: LocalAddress): boolean {
  if (local.family === 'IPv6') return address.includes('%') ? address.endsWith(`%${local.name}`) : !isIPv4(address);
  return isIPv4(address) && ((ipv4Word(address) ^ ipv4Word(local.address)) & ipv4Word(local.netmask)) === 0;
}

/** The whole of 127.0.0.0/8 belongs to this computer, though only 127.0.0.1 is listed. */
function loopbackAddress(wanted: string, all: readonly LocalAddress[]): LocalAddress[] {
  const loopback = all.find(({ internal, family }) => internal && family === 'IPv4');
  if (!isIPv4(wanted) || !wanted.startsWith('127.') || loopback === undefined) return [];
  return [{ ...loopback, address: wanted }];
}

/**
 * The addresses that a node uses. `wanted` is a name, an address, or '' for every interface that leads outside (and
 * the loopback where none does).
 */
export function chooseAddresses(
  all: readonly LocalAddress[],
  wanted: string,
  family: LocalAddress['family'],
): LocalAddress[] {
  const fitting = all.filter((one) => one.family === family && isUsable(one));
  if (wanted === '') {
    const outside = fitting.filter(({ internal }) => !internal);
    return outside.length > 0 ? outside : fitting;
  }
  const named = fitting.filter(({ name, address }) => name === wanted || address === wanted);
  return named.length > 0 ? named : loopbackAddress(wanted, fitting);
}

/** Of IPv6 only what is the link's own: the group does not leave it either. */
function isUsable({ family, address, internal }: LocalAddress): boolean {
  return family === 'IPv4' || internal || address.startsWith('fe80:');
}

/** An interface that is there and has no address yet. */
function isKnownDevice(name: string): boolean {
  return /^[\w.:@-]+$/.test(name) && !/^\.+$/.test(name) && existsSync(`/sys/class/net/${name}`);
}

/** @throws NodeFailure when there is no such interface */
export function checkInterface(wanted: string, all: readonly LocalAddress[]): void {
  if (wanted === '' || all.some(({ name, address }) => name === wanted || address === wanted)) return;
  if (loopbackAddress(wanted, all).length > 0 || isKnownDevice(wanted)) return;
  const known = [...new Set(all.map(({ name, address }) => `${name} (${address})`))].join(', ');
  throw new NodeFailure(
    EXIT_NO_INTERFACE,
    `--iface ${wanted}: there is no such interface or address here; there are ${known === '' ? 'none' : known}`,
  );
}

export interface NetworkWatchOptions {
  list: ListAddresses;
  choose: (all: readonly LocalAddress[]) => LocalAddress[];
  onChange: (chosen: LocalAddress[]) => void;
}

/** Node.js is not told when an address changes, so it looks: once a second costs a tenth of a millisecond. */
const LOOK_MS = 1000;

export class NetworkWatch {
  readonly #options: NetworkWatchOptions;
  #timer: NodeJS.Timeout | undefined;
  #seen = '';
  chosen: LocalAddress[] = [];

  constructor(options: NetworkWatchOptions) {
    this.#options = options;
  }

  start(): LocalAddress[] {
    this.look();
    this.#timer = setInterval(() => {
      if (this.look()) this.#options.onChange(this.chosen);
    }, LOOK_MS);
    return this.chosen;
  }

  /** True when something has changed. */
  look(): boolean {
    this.chosen = this.#options.choose(this.#options.list());
    const now = JSON.stringify(this.chosen);
    const changed = now !== this.#seen;
    this.#seen = now;
    return changed;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
