/**
 * The contributions that a node holds, one slot a peer, as plain arrays of integers. Slots 0 to count - 1 are in use and
 * slot 0 is the node itself, so that one pass over the table is a pass over "contributions held, and u".
 * `transport/peers.ts` keeps it; everyone else reads it.
 */
export interface PeerTable {
  /** Slots, the node's own among them. */
  readonly capacity: number;
  readonly keys: number;
  count: number;
  /** The session that the slot belongs to; never 0. */
  readonly tag: Int32Array;
  /** Source address by which the tag is bound; 0 while it was never heard directly. */
  readonly source: Int32Array;

  /** Contribution and agreed value, [key * capacity + slot], Q16.16 or NONE. */
  readonly c: Int32Array;
  readonly b: Int32Array;
  /** Slots by rising c, [key * capacity + rank]: kept from cycle to cycle, because it hardly changes. */
  readonly order: Uint16Array;

  /** Sender's cycle of the contribution held, modulo 2^16. */
  readonly cycle: Int32Array;
  /** Cycles since the contribution held was sent, as far as the node knows. */
  readonly age: Int32Array;
  /** Peak gap between contributions, in 1/16 cycle. */
  readonly peak: Int32Array;
  /** The same three for what was heard from the peer itself; age NONE when it was not, or not for long. */
  readonly directCycle: Int32Array;
  readonly directAge: Int32Array;
  readonly directPeak: Int32Array;
  /** The most that the peer's cycle was ahead of ours when it was heard, let down slowly: who comes later than that is late. */
  readonly lead: Int32Array;
  /** Ids at or below the newest that came in rising order: eight of them mean that the sender restarted. */
  readonly staleCycle: Int32Array;
  readonly staleCount: Uint8Array;

  /** Tag of the relay that the contribution came by; 0 when it was heard directly. */
  readonly by: Int32Array;
  /** 1 when `by` says that it heard the contribution itself. */
  readonly firstHand: Uint8Array;
  /** 1 when two relays brought the same. */
  readonly confirmed: Uint8Array;
  /** A relayed contribution that waits for a second relay with the same: its cycle, hash and relay (0: none waits). */
  readonly pendingCycle: Int32Array;
  readonly pendingHash: Int32Array;
  readonly pendingBy: Int32Array;
  /** A bit for each relay that claims to hear the peer itself, now and in the period before. */
  readonly witnesses: Int32Array;
  readonly witnessesBefore: Int32Array;
  /** Cycles for which what this peer relays is ignored. */
  readonly ignore: Int32Array;

  /** When the node last relayed this slot (its own cycle), what (the contribution's cycle), and how often. */
  readonly sentAt: Int32Array;
  readonly sentCycle: Int32Array;
  readonly sentTimes: Uint8Array;

  /** TC: 0 to 256, the share of its contribution that the guard let through, averaged over time. */
  readonly trust: Int32Array;
  /** What the guard took away this cycle, summed over the keys, 256 for a whole contribution. */
  readonly penalty: Int32Array;
  /** 1 when the slot counts in this cycle's mean. */
  readonly counted: Uint8Array;
  /** Nominal cycles between two of the peer's sends, as it announces: 1, or 8 in low-power mode. */
  readonly pace: Uint8Array;
  /** Peers that it says it holds. */
  readonly holds: Uint16Array;
  /** Random word of its beacon, which shards are dealt by; 0 while none came. */
  readonly nonce: Int32Array;
  /** Timestamp of its newest entropy packet, low 32 bits. */
  readonly entropyStamp: Int32Array;

  /** Second-hand entries of tags that the table does not hold, each waiting for a second relay: a ring, newest last. */
  readonly waitTag: Int32Array;
  readonly waitCycle: Int32Array;
  readonly waitHash: Int32Array;
  readonly waitBy: Int32Array;
  waitNext: number;

  /** Peers forgotten not long ago and the cycle of what was held of them: a ring. Relays must not bring them back with older news. */
  readonly goneTag: Int32Array;
  readonly goneCycle: Int32Array;
  goneNext: number;

  /** tag & (length - 1) to the slot where it was seen last: a guess that is checked, so it is never cleaned. */
  readonly hint: Uint16Array;
  /** Directly heard peers, counted anew each cycle. */
  direct: number;
  /** Peers held that do not count in this cycle's mean. */
  uncounted: number;
  /** Cycles for which the table is known to be too small: set when a direct peer found no room. */
  crowded: number;
}
