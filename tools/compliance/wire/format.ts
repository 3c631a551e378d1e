/** Numbers and names of the wire format, from docs/protocol.md. */

/** The swarm's clock in seconds, between messages and seal of a sealed datagram. */
export const CLOCK_BYTES = 4;
export const HEADER_BYTES = 18;
export const DATAGRAM_MAX = 1232;
export const SDM_HEAD_BYTES = 6;

export const FLAG_SEALED = 1;
export const FLAG_LEAVING = 2;
export const FLAG_HELLO = 4;
export const FLAG_GATEWAY = 8;

export const TYPE_EP = 1;
export const TYPE_SDM = 2;
export const TYPE_BEACON = 3;
export const TYPE_RELAY = 4;
export const TYPE_SITE = 5;
/** The first type that those who do not know it skip. */
export const TYPE_SKIPPED = 128;

/** Added to the shard_id of a gateway's claims. */
export const SHARD_CLAIM = 0x8000;
/** drift_weight of a node: 1.0. */
export const WEIGHT_ONE = 0x10000;

/** 1.0 of a key's unit; values are whole numbers of 1/65,536. */
export const ONE = 65_536;
export const VALUE_MAX = 0x7fffffff;
/** What stands on the wire where there is no value. */
export const NO_VALUE = -0x80000000;

/** Difference from the key's reference, or null where there is no value. */
export type Diff = number | null;

/** Contribution and agreed value. */
export interface Pair {
  c: Diff;
  b: Diff;
}

export const NO_PAIR: Readonly<Pair> = Object.freeze({ c: null, b: null });
