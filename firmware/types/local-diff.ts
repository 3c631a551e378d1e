/** What a node tells its peers of each key, by key index: differences from the key's reference. */
export interface LocalDiff {
  /** Its own contribution. */
  readonly contribution: Int32Array;
  /** Its agreed value. */
  readonly agreed: Int32Array;
}
