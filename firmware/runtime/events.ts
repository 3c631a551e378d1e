/** What a node tells its log, as numbers: a cycle makes no text. */

export const EVENT_NAMES: readonly string[] = Object.freeze([
  '',
  'started',
  'stopped',
  'session-renewed',
  'state-loaded',
  'state-corrupt',
  'store-failed',
  'low-power-entered',
  'low-power-left',
  'recovery-entered',
  'recovery-left',
  'liar-caught',
  'send-failed',
]);

/** a: keys. */
export const EVENT_STARTED = 1;
/** a: cycles run. */
export const EVENT_STOPPED = 2;
/** A new tag was drawn. */
export const EVENT_SESSION_RENEWED = 3;
/** a: sequence number of the state. */
export const EVENT_STATE_LOADED = 4;
/** Something was stored, and no slot of it is whole: the node recovers from its peers. */
export const EVENT_STATE_CORRUPT = 5;
export const EVENT_STORE_FAILED = 6;
/** a: a REASON_ number of `power.ts`. */
export const EVENT_LOW_POWER_ENTERED = 7;
export const EVENT_LOW_POWER_LEFT = 8;
/** a: the key's index. */
export const EVENT_RECOVERY_ENTERED = 9;
export const EVENT_RECOVERY_LEFT = 10;
/** a: the relay's tag. */
export const EVENT_LIAR_CAUGHT = 11;
/** The datagram port took nothing. a: how often so far. */
export const EVENT_SEND_FAILED = 12;
