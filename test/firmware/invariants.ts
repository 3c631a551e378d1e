/** What must hold of a node whatever it was sent: each function lists what does not, in words. */
import { GATEWAY_AGE } from '../../firmware/types/gateways.ts';
import { expect } from 'vitest';
import type { Parts } from '../../firmware/node.ts';
import { WAIT_ROW } from '../../firmware/types/table.ts';
import type { PeerSeen } from './inspect.ts';
import { peersOf, claimOf, gatewaysBy } from './inspect.ts';

const NONE = -1;
const VALUE_MAX = 2 ** 31 - 1;
const ENERGY_MAX = 2 ** 28 - 1;
/** A contribution is forgotten after 320 cycles at the latest; one that just came by a relay may say an age up to 127. */
const AGE_MAX = 320;
const PEAK_MIN = 16;
const GATEWAY_WEIGHT_MAX = 2 ** 20;

type Complain = (what: string, value: number, low: number, high: number) => void;

export function expectInvariants(node: Parts): void {
  const wrong: string[] = [];
  const complain: Complain = (what, value, low, high) => {
    if (!(value >= low && value <= high)) wrong.push(`${what} is ${value}, not from ${low} to ${high}`);
  };
  checkState(node, complain);
  checkPeers(node, complain, wrong);
  checkOrders(node, wrong);
  checkGateways(node, complain);
  checkTransport(node, complain);
  if (wrong.length > 0) expect.fail(wrong.join('\n'));
}

function checkState({ state, settings, pool }: Parts, complain: Complain): void {
  for (let key = 0; key < state.keys; key++) {
    complain(`b of key ${key}`, state.b[key], NONE, VALUE_MAX);
    complain(`x of key ${key}`, state.x[key], NONE, settings.keys[key].high);
    complain(`target of key ${key}`, state.target[key], NONE, settings.keys[key].high);
    complain(`energy of key ${key}`, state.energy[key], 0, ENERGY_MAX);
    complain(`drainBase of key ${key}`, state.drainBase[key], NONE, VALUE_MAX);
    complain(`recovering of key ${key}`, state.recovering[key], 0, 1);
    complain(`disagreed of key ${key}`, state.disagreed[key], 0, 8);
  }
  complain('entropyCount', state.entropyCount, 0, 2 * state.entropyCache.length - 1);
  complain('bits of the pool', (pool.s0 | pool.s1 | pool.s2 | pool.s3) >>> 0, 1, 2 ** 32 - 1);
}

function checkPeers(node: Parts, complain: Complain, wrong: string[]): void {
  const { transport, settings } = node;
  const { table } = transport;
  complain('count', table.count, 1, table.capacity);
  complain('direct', table.direct, 0, table.capacity);
  complain('waitNext', table.waitNext, 0, table.waiting.length - WAIT_ROW);
  complain('goneNext', table.goneNext, 0, table.capacity - 1);
  const [self, ...peers] = peersOf(node);
  if (self.tag !== transport.tag) wrong.push('slot 0 has another tag than the node');
  const tags = new Set([self, ...peers].map(({ tag }) => tag));
  if (tags.size !== table.count || tags.has(0)) wrong.push('a tag is there twice, or 0');
  peers.forEach((peer, i) => {
    const of = `of slot ${i + 1}`;
    complain(`age ${of}`, peer.age, 0, AGE_MAX);
    complain(`directAge ${of}`, peer.directAge, NONE, AGE_MAX);
    complain(`peak ${of}`, peer.peak, PEAK_MIN, 16 * 2 * AGE_MAX);
    complain(`directPeak ${of}`, peer.directPeak, PEAK_MIN, 16 * 2 * AGE_MAX);
    complain(`trust ${of}`, peer.trust, 0, 256);
    complain(`pace ${of}`, peer.pace, 1, 255);
    complain(`cycle ${of}`, peer.cycle, 0, 0xffff);
    complain(`staleCount ${of}`, peer.staleCount, 0, 7);
    complain(`ignore ${of}`, peer.ignore, 0, 64);
    peer.c.forEach((c, key) => {
      if (c !== null) complain(`c ${of}, key ${key}`, c, settings.keys[key].low, settings.keys[key].high);
    });
    if (peer.source === 0) complain(`directAge ${of}, which has no source`, peer.directAge, NONE, NONE);
  });
  checkSources(peers, settings.nodes_per_address, complain);
}

/** One address may speak for so many tags. */
function checkSources(peers: PeerSeen[], most: number, complain: Complain): void {
  const tags = new Map<number, number>();
  for (const { source } of peers) if (source !== 0) tags.set(source, (tags.get(source) ?? 0) + 1);
  for (const [source, count] of tags) complain(`tags of source ${source}`, count, 1, most);
}

/** Each key's order is a permutation of the slots in use. */
function checkOrders({ transport }: Parts, wrong: string[]): void {
  const { table } = transport;
  for (let key = 0; key < table.keys; key++) {
    const seen = new Uint8Array(table.capacity);
    let different = 0;
    for (let rank = 0; rank < table.count; rank++) {
      const slot = table.order[key * table.capacity + rank];
      if (slot < table.count && seen[slot]++ === 0) different++;
    }
    if (different !== table.count) wrong.push(`the order of key ${key} is no permutation of ${table.count} slots`);
  }
}

function checkGateways({ transport, federation, settings }: Parts, complain: Complain): void {
  const tables = [transport.gateways, ...(federation === null ? [] : federation.tables.slice(0, federation.count))];
  if (federation !== null) complain('sites', federation.count, 0, federation.sites.length);
  for (const gateways of tables) {
    complain('gateways', gateways.count, 0, gateways.capacity);
    for (let slot = 0; slot < gateways.count; slot++) {
      complain(`age of gateway ${slot}`, gatewaysBy(gateways, GATEWAY_AGE)[slot], 0, AGE_MAX);
      settings.keys.forEach(({ low, high }, key) => {
        const [value, weight] = claimOf(gateways, key, slot);
        if (value === NONE) return;
        complain(`value of gateway ${slot}, key ${key}`, value, low, high);
        complain(`weight of gateway ${slot}, key ${key}`, weight, 1, GATEWAY_WEIGHT_MAX);
      });
    }
  }
}

function checkTransport({ transport }: Parts, complain: Complain): void {
  const { rate, drops } = transport;
  complain('demand', transport.demand, 0, 4);
  complain('datagrams admitted', rate.all, 0, rate.limit);
  for (const used of rate.buckets) complain('datagrams of a bucket', used, 0, 16);
  for (const count of drops) complain('a drop counter', count, 0, VALUE_MAX);
}
