/** Reads a node's table of peers by name, so that a test says what it looks at and not where it stands. */
import { GATEWAY_ROW, type GatewayTable } from '../../firmware/types/gateways.ts';
import type { Parts } from '../../firmware/node.ts';
import { DIFF_NONE } from '../../firmware/fixed/diff.ts';
import * as row from '../../firmware/types/table.ts';

export interface PeerSeen {
  tag: number;
  source: number;
  cycle: number;
  age: number;
  peak: number;
  directCycle: number;
  directAge: number;
  directPeak: number;
  by: number;
  firstHand: boolean;
  confirmed: boolean;
  holds: number;
  pace: number;
  staleCount: number;
  ignore: number;
  trust: number;
  nonce: number;
  entropyStamp: number;
  /** By key, Q16.16; null where there is none. */
  c: (number | null)[];
  b: (number | null)[];
}

function valueAt({ transport, settings }: Parts, slot: number, key: number, column: 0 | 1): number | null {
  const { table } = transport;
  const diff = table.values[(slot * table.keys + key) * 2 + column];
  return diff === DIFF_NONE ? null : diff + settings.keys[key].reference;
}

/** What a slot holds; slot 0 is the node itself. */
export function slotOf(node: Parts, slot: number): PeerSeen {
  const { rows } = node.transport.table;
  const at = slot * row.ROW;
  const keys = node.settings.keys.map((_, key) => key);
  return {
    tag: rows[at + row.TAG],
    source: rows[at + row.SOURCE],
    cycle: rows[at + row.CYCLE],
    age: rows[at + row.AGE],
    peak: rows[at + row.PEAK],
    directCycle: rows[at + row.DIRECT_CYCLE],
    directAge: rows[at + row.DIRECT_AGE],
    directPeak: rows[at + row.DIRECT_PEAK],
    by: rows[at + row.BY],
    firstHand: rows[at + row.FIRST_HAND] === 1,
    confirmed: rows[at + row.CONFIRMED] === 1,
    holds: rows[at + row.HOLDS],
    pace: rows[at + row.PACE],
    staleCount: rows[at + row.STALE_COUNT],
    ignore: rows[at + row.IGNORE],
    trust: rows[at + row.TRUST],
    nonce: rows[at + row.NONCE],
    entropyStamp: rows[at + row.ENTROPY_STAMP],
    c: keys.map((key) => valueAt(node, slot, key, 0)),
    b: keys.map((key) => valueAt(node, slot, key, 1)),
  };
}

/** All peers held, the node itself first. */
export function peersOf(node: Parts): PeerSeen[] {
  return Array.from({ length: node.transport.table.count }, (_, slot) => slotOf(node, slot));
}

/** The peer with this tag, of any sign; undefined when the node does not hold it. */
export function peerOf(node: Parts, tag: number): PeerSeen | undefined {
  return peersOf(node).find((peer) => peer.tag === (tag | 0));
}

/** What a gateway claims of a key: the other sites' mean and the sensors behind it. */
export function claimOf({ claims, capacity }: GatewayTable, key: number, slot: number): [number, number] {
  const at = (key * capacity + slot) * 2;
  return [claims[at], claims[at + 1]];
}

/** The field of each gateway in the table. */
export function gatewaysBy({ rows, count }: GatewayTable, field: number): number[] {
  return Array.from({ length: count }, (_, slot) => rows[slot * GATEWAY_ROW + field]);
}

/** The node's cycle as its datagrams tell it, int32. */
export function wireCycle({ transport }: Parts): number {
  return (transport.cycle + transport.cycleOffset) | 0;
}
