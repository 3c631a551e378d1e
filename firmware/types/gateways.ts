/** What the gateways of a node's own site say of the other sites, kept apart from the sensors. One slot a gateway. */
export interface GatewayTable {
  readonly capacity: number;
  count: number;
  readonly tag: Int32Array;
  readonly cycle: Int32Array;
  readonly age: Int32Array;
  /** Peak gap between two claims, in 1/16 cycle. */
  readonly peak: Int32Array;
  /** Mean of the other sites and the number of sensors behind it, [key * capacity + slot]; NONE where there is none. */
  readonly value: Int32Array;
  readonly weight: Int32Array;
}
