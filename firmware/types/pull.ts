/** What the drift of one key comes to, all values as differences from the key's reference, filled in anew for each key: one record for a node's life, so that a cycle allocates nothing. */
export interface Pull {
  /** True when all of this is as it was a cycle ago. */
  recalled: boolean;
  /** Contributions counted, the node's own among them. */
  n: number;
  /** Guarded mean over sensors. */
  x: number;
  med: number;
  cap: number;
  /** Contributions farther than this from med are left out. */
  reject: number;
  /** How many of the least and of the largest contributions lie beyond cap. */
  clippedLow: number;
  clippedHigh: number;
  /** x with the other sites. */
  target: number;
  /** Voters: agreed values that passed. Below three the target itself is taken. */
  voters: number;
  /** The voters' median, within cap of the target. */
  middle: number;
  /** Of the fresh agreed values: how many lie within cap of ours, and how many do not. */
  agree: number;
  disagree: number;
  /** The drift from diffs, rounded down. */
  drift: number;
  /** What rounding down left, in units of 2^-shift lsb: what the entropy drift rounds by chance. */
  remainder: number;
}

export function createPull(): Pull {
  return {
    recalled: false,
    n: 0,
    x: 0,
    med: 0,
    cap: 0,
    reject: 0,
    clippedLow: 0,
    clippedHigh: 0,
    target: 0,
    voters: 0,
    middle: 0,
    agree: 0,
    disagree: 0,
    drift: 0,
    remainder: 0,
  };
}
