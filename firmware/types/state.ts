/** What a node knows of each key: the blueprint's shard state, as arrays by key index. Values are Q16.16. */
export interface ShardState {
  readonly keys: number;
  /** VU: the agreed value, never negative; NONE before the first cycle. */
  readonly b: Int32Array;
  /** Guarded mean of the sensors held. */
  readonly x: Int32Array;
  /** The target after other sites came in; equal to x for a key of scope `site`. */
  readonly target: Int32Array;
  /** Sensors behind x. */
  readonly sensors: Int32Array;
  /** The guard's band: contributions beyond cap of med are clamped, beyond twice of it left out. */
  readonly med: Int32Array;
  readonly cap: Int32Array;
  /** VaultGuard's anomaly energy E: what a usual step of b is, smoothed. */
  readonly energy: Int32Array;
  /** Where b stood when the drain window began. */
  readonly drainBase: Int32Array;
  /** Cycles since the key came to life here. */
  readonly life: Int32Array;
  /** Hash of the key's name, which says in the store whose value a value is. */
  readonly nameHash: Int32Array;
  /** 1 when the node computes and answers for the key's shard. */
  readonly held: Uint8Array;
  /** 1 while the agreed value is taken from the peers and not sent. */
  readonly recovering: Uint8Array;
  /** Cycles in a row in which most peers disagreed; while recovering, in which nobody told an agreed value. */
  readonly disagreed: Uint8Array;
  /** Key to shard, and how many shards there are. */
  readonly shardOf: Uint8Array;
  readonly shards: number;
  /** Newest words of received entropy packets, mixed into the pool with the next cycle. */
  readonly entropyCache: Int32Array;
  entropyCount: number;
}

/** DC: what drives the drift, chosen anew each cycle. */
export interface DriftCoefficients {
  /** How much of the entropy drift is applied, 0 to 65,536. */
  alpha: number;
  /** beta as a shift: the pull goes 1 - 2^-shift of the way from the peers' median to the node's own mean. */
  shift: number;
  /** Agreed values heard longer ago do not vote, in nominal cycles. */
  vote_age_max: number;
  /** Fewer agreed values than this are not voted on. */
  voters_min: number;
  /** True when the node's own mean leaves out much of the swarm: where votes are missing its own value stands in. */
  partial: boolean;
}
