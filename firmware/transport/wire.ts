/** The wire format's numbers (docs/protocol.md gives it byte by byte). Big-endian throughout. */

/** "LV" */
export const MAGIC = 0x4c56;
export const VERSION = 1;
/** The first three bytes of every datagram. */
export const MAGIC_AND_VERSION = (MAGIC << 8) | VERSION;

/** Fits the smallest IPv6 path (RFC 8200: 1,280 bytes) with its headers, so that no datagram is ever fragmented. */
export const DATAGRAM_MAX = 1232;

export const AT_VERSION = 2;
export const AT_FLAGS = 3;
export const AT_SWARM = 4;
export const AT_TAG = 6;
export const AT_CYCLE = 10;
export const AT_HELD = 14;
export const AT_MEAN_AGE = 16;
export const AT_PACE = 17;
export const HEADER_BYTES = 18;

/** A clock and an authentication tag follow the messages. */
export const FLAG_SEALED = 1;
/** The sender is shutting down: forget it. */
export const FLAG_LEAVING = 2;
/** The sender is new and asks for beacons. */
export const FLAG_HELLO = 4;
/** The sender is a gateway. */
export const FLAG_GATEWAY = 8;
/** All of them; the bits above are 0. */
export const FLAGS_KNOWN = 15;

export const MESSAGE_HEAD_BYTES = 3;
export const TYPE_EP = 1;
export const TYPE_SDM = 2;
export const TYPE_BEACON = 3;
export const TYPE_RELAY = 4;
export const TYPE_SITE = 5;
/** Types from here on may be added later: who does not know one skips it. */
export const TYPE_SKIPPABLE = 128;

/** timestamp i64, node_load u32, then words of 4 bytes. */
export const EP_HEAD_BYTES = 12;
export const EP_WORDS_MAX = 8;
/** shard_id u16, drift_weight u32, then 8 bytes a key. */
export const SDM_HEAD_BYTES = 6;
/** In shard_id: the diffs are a gateway's claims, values of the other sites and the sensors behind each. */
export const SHARD_CLAIM = 0x8000;
/** Sensors that a gateway's claim may speak for, and those that one site may: sums of value times weight stay below 2^52. */
export const CLAIM_WEIGHT_MAX = 0x100000;
export const SITE_WEIGHT_MAX = 0x4000;
/** nonce u32, earlier tag u32, cycle_ms u16. */
export const BEACON_BYTES = 10;
/** Bytes of each value u8; then entries. */
export const RELAY_HEAD_BYTES = 1;
/** tag u32, cycle u16, F and age u8; then the values. */
export const RELAY_ENTRY_BYTES = 7;
export const RELAY_FIRST_HAND = 0x80;
export const RELAY_AGE = 0x7f;
/** site u32, then 8 bytes a key: the site's mean and the number of sensors behind it. */
export const SITE_HEAD_BYTES = 4;

/** Why a datagram was refused, by number; `DROP_NAMES` has the words. */
export const DROP_NONE = 0;
export const DROP_SHORT = 1;
export const DROP_MAGIC = 2;
export const DROP_VERSION = 3;
export const DROP_FLAGS = 4;
export const DROP_SWARM = 5;
export const DROP_LENGTH = 6;
export const DROP_TYPE = 7;
export const DROP_VALUE = 8;
export const DROP_RATE = 9;
export const DROP_SEAL = 10;
export const DROP_ECHO = 11;
export const DROP_SOURCE = 12;
export const DROP_STALE = 13;
export const DROP_FULL = 14;
/** Not a whole datagram: a contribution outside its range, counted one by one. */
export const DROP_RANGE = 15;
/** Not a whole datagram: what an ignored relay passed on. */
export const DROP_IGNORED = 16;
/** Sealed, and older than the swarm's clock allows. */
export const DROP_REPLAY = 17;

export const DROP_NAMES: readonly string[] = Object.freeze([
  'none',
  'short',
  'magic',
  'version',
  'flags',
  'swarm',
  'length',
  'type',
  'value',
  'rate',
  'seal',
  'echo',
  'source',
  'stale',
  'full',
  'range',
  'ignored',
  'replay',
]);
