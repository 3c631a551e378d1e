/** What the gateways of a node's own site say of the other sites, kept apart from the sensors. One slot a gateway. */
export interface GatewayTable {
  readonly capacity: number;
  count: number;
  /** [slot * GATEWAY_ROW + field], the fields being those below. */
  readonly rows: Int32Array;
  /**
   * [(key * capacity + slot) * 2] is the mean of the other sites, NONE where there is none, the next one the number of
   * sensors behind it.
   */
  readonly claims: Int32Array;
}

export const GATEWAY_ROW = 4;
/** The session that the slot belongs to, and the cycle of its newest claims. */
export const GATEWAY_TAG = 0;
export const GATEWAY_CYCLE = 1;
/** Cycles since then, and the peak gap between two claims, in 1/16 cycle. */
export const GATEWAY_AGE = 2;
export const GATEWAY_PEAK = 3;
