/**
 * The contributions that a node holds, one slot a peer. Slots 0 to count - 1 are in use and slot 0 is the node itself, so
 * that one pass over the table is a pass over "contributions held, and u". `transport/peers.ts` keeps it; others read it.
 *
 * A peer's fields stand side by side in one row of integers: handling a datagram then touches three cache lines where
 * arrays by field touch twenty, and one typed array costs 112 bytes less of an ESP32's heap than two.
 */
export interface PeerTable {
  /** Slots, the node's own among them. */
  readonly capacity: number;
  readonly keys: number;
  count: number;
  /** [slot * ROW + field], the fields being those below. */
  readonly rows: Int32Array;
  /**
   * What each peer said, as differences from the keys' references; DIFF_NONE where it has none.
   * [(slot * keys + key) * 2] is its contribution c, the next one its agreed value b. Slot 0 is what the node tells.
   */
  readonly values: Int32Array;
  /** Slots by rising contribution, [key * capacity + rank]: kept from cycle to cycle, because it hardly changes. */
  readonly order: SlotArray;
  /** By key: 1 when a contribution that counts has changed since the key's mean was reckoned. */
  readonly changed: Uint8Array;
  /** Second-hand entries of tags that the table does not hold, each waiting for a second relay: a ring of WAIT_ROWs. */
  readonly waiting: Int32Array;
  waitNext: number;
  /** Peers forgotten not long ago, tag and cycle of what was held: a ring. Relays must not bring them back with older news. */
  readonly gone: Int32Array;
  goneNext: number;
  /** tag & (length - 1) to the slot where it was seen last: a guess that is checked, so it is never cleaned. */
  readonly hint: SlotArray;
  /** Length of `hint` less 1: asking an array for its length costs a call on the chip. */
  readonly hintMask: number;
  /** Directly heard peers, counted anew each cycle. */
  direct: number;
  /** Mean age of the contributions held when the cycle began, in whole cycles. */
  meanAge: number;
  /** Peers held that do not count in this cycle's mean. */
  uncounted: number;
  /** Cycles for which the table is known to be too small: set when a direct peer found no room. */
  crowded: number;
}

/** Slot numbers, in as few bytes as hold them. */
export type SlotArray = Uint8Array | Uint16Array;

/** Integers of a row: 128 bytes, two cache lines. */
export const ROW = 32;

/** The session that the slot belongs to; 0 in a slot that is not in use, and nowhere else. */
export const TAG = 0;
/** Source address by which the tag is bound; 0 while it was never heard directly. */
export const SOURCE = 1;
/** Sender's cycle of the contribution held, modulo 2^16. */
export const CYCLE = 2;
/** Cycles since the contribution held was sent, as far as the node knows; NONE while there is none. */
export const AGE = 3;
/** Peak gap between contributions, in 1/16 cycle. */
export const PEAK = 4;
/** The same three for what was heard from the peer itself; age NONE when it was not, or not for long. */
export const DIRECT_CYCLE = 5;
export const DIRECT_AGE = 6;
export const DIRECT_PEAK = 7;
/** The most that the peer's cycle was ahead of ours when it was heard, let down slowly: who comes later than that is late. */
export const LEAD = 8;
/** Tag of the relay that the contribution came by; 0 when it was heard directly. */
export const BY = 9;
/** 1 when BY says that it heard the contribution itself. */
export const FIRST_HAND = 10;
/** 1 when two relays brought the same. */
export const CONFIRMED = 11;
/** A relayed contribution that waits for a second relay with the same: its cycle, hash and the relay's address (0: none waits). */
export const PENDING_CYCLE = 12;
export const PENDING_HASH = 13;
export const PENDING_BY = 14;
/** Peers that it says it holds. */
export const HOLDS = 15;
/** Nominal cycles between two of its sends, as it announces: 1, or 8 in low-power mode. */
export const PACE = 16;
/** Ids at or below the newest that came in rising order: eight of them mean that the sender restarted. */
export const STALE_CYCLE = 17;
export const STALE_COUNT = 18;
/** A bit for each relay that claims to hear the peer itself, now and in the period before. */
export const WITNESSES = 19;
export const WITNESSES_BEFORE = 20;
/** Cycles for which what this peer relays is ignored. */
export const IGNORE = 21;
/** When the node last relayed this slot (its own cycle), what (the contribution's cycle), and how often. */
export const SENT_AT = 22;
export const SENT_CYCLE = 23;
export const SENT_TIMES = 24;
/** TC: 0 to 256, the share of its contribution that the guard let through, averaged over time. */
export const TRUST = 25;
/** What the guard took away this cycle, summed over the keys, 256 for a whole contribution. */
export const PENALTY = 26;
/** 1 when the slot counts in this cycle's mean. */
export const COUNTED = 27;
/** Random word of its beacon, which shards are dealt by; 0 while none came. */
export const NONCE = 28;
/** Timestamp of its newest entropy packet, low 32 bits. */
export const ENTROPY_STAMP = 29;

/** Address of that relay: a host that changes its tag does not become a second one. */
export const BY_SOURCE = 30;

/** A waiting entry: tag, cycle, hash, address of the relay. */
export const WAIT_ROW = 4;
/** A forgotten peer: tag, cycle. */
export const GONE_ROW = 2;
