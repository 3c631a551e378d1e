/** What a world tells about a run: one report a cycle, one summary at the end. Values are in units of 2^-16 (lsb). */

export interface KeyReport {
  /** Largest less smallest agreed value of the honest nodes that are up. */
  spread_lsb: number;
  /** Mean agreed value of the honest nodes less the true mean. */
  bias_lsb: number;
  true_mean_lsb: number;
  /** Largest less smallest true input now: what per cent are taken of. */
  inputs_spread_lsb: number;
  /** Of the nodes up and honest: who is farthest from the true mean, and how far. */
  worst_node: number;
  worst_error_lsb: number;
}

export interface CycleReport {
  cycle: number;
  /** One for each key, in the scenario's order. */
  keys: KeyReport[];
  /** The largest over the keys, in per cent of the key's `inputs_spread_lsb`. */
  spread_pct: number;
  /** Of the key with the largest |bias|, signed. */
  bias_pct: number;
  worst_error_pct: number;
  nodes_up: number;
  /** Since the run began. */
  datagrams_sent: number;
  datagrams_delivered: number;
  bytes_sent: number;
  /** A 32-bit digest of every node's state after this cycle; 0 where a node is down. Written again each cycle. */
  node_digests: Int32Array;
}

export interface Summary {
  type: 'summary';
  scenario: string;
  seed: number;
  nodes: number;
  keys: number;
  cycles: number;
  /** First cycle from which spread and |bias| of every key stay within 1 % of the inputs' spread; null if never. */
  cycles_to_1pct: number | null;
  /** The same with spread within 2 % (the office's measure). */
  cycles_to_2pct: number | null;
  /** First cycle from which the spread of every key stays within four units in the last place. */
  cycles_to_4lsb: number | null;
  /** Mean over the last 50 cycles (of a run below 100, its second half), of the key where it is largest. */
  bias_pct: number;
  /** Mean over the last 50 cycles (of a run below 100, its second half), of the key where it is largest. */
  spread_pct: number;
  /** Largest error of any honest node, mean over the same cycles. */
  worst_error_pct: number;
  /** After the last cycle, of the key where it is largest. */
  spread_lsb: number;
  datagrams_sent: number;
  datagrams_delivered: number;
  bytes_per_node_per_minute: number;
  relayed_entries_per_datagram: number;
  /** Verdicts of "liar" that honest nodes passed on honest relays. */
  false_verdicts: number;
  /** Datagrams that honest nodes refused, by reason. */
  drops: Record<string, number>;
  wall_ms: number;
  node_cycles_per_second: number;
  /** Delivered datagrams, over the wall time. */
  datagrams_per_second: number;
  bundle_sha256: string;
  /** SHA-256 over every node's state after every cycle. */
  trace_sha256: string;
}
