/**
 * What a scenario says. Everything has a default of "no fault"; `host-sim/scenarios/*.json` and the command line fill
 * it in, and `host-sim/scenarios/schema.json` checks both. Cycles count from 1; shares are 0 to 1.
 */

export type Topology = 'lan' | 'sites' | 'mesh' | 'ring' | 'links';
export type RelayMode = 'safe' | 'open' | 'off';
export type Estimator = 'huber' | 'hodges-lehmann' | 'trimmed';

export const ATTACKS = [
  'extreme', // own contribution at the top of the range
  'zero', // own contribution 0
  'flip', // top of the range and 0 in turn
  'drain', // own contribution sinks slowly from the true value to 0
  'stealth', // own contribution 2.9 MAD below the honest median, just inside the guard
  'lie-b', // honest contribution, agreed value at the top of the range
  'on-off', // honest for 64 cycles, extreme for 16, and again
  'poison-ahead', // relays forged first-hand values for others' tags, cycles ahead
  'poison-stealth', // the same with values just inside the guard
  'poison-collude', // all poisoners relay the same forged second-hand values, one cycle ahead
  'poison-own', // relays forged values under each receiver's own tag
  'invent', // relays 20 invented tags each with extreme values
  'invent-stealth', // the same with values just inside the guard
  'invent-collude', // all attackers relay the same 20 invented tags, second hand
  'replay', // sends old datagrams of others again from its own address
  'malformed', // sends mutated and random bytes
  'flood', // sends 200 valid datagrams a cycle
] as const;
export type AttackKind = (typeof ATTACKS)[number];

export interface Attack {
  kind: AttackKind;
  /** Share of the nodes that attack; at least one node when above 0. */
  share: number;
  from_cycle: number;
}

export interface KeyScenario {
  name: string;
  /** In the key's unit (degrees, watts): converted to Q16.16 when the nodes are made. */
  floor: number;
  span: number;
  range: [number, number];
  reference: number;
  guard: boolean;
  estimator: Estimator;
  scope: 'site' | 'all';
}

export interface Inputs {
  /**
   * uniform: each node draws once from [low, high]. constant: every node has `low`. step: uniform, and all rise by
   * half of (high - low) at `at_cycle`. ramp: uniform plus `rate` a cycle. noise: uniform plus Gaussian noise of
   * standard deviation `sigma`, fresh each cycle. csv: readings from `file`.
   */
  kind: 'uniform' | 'constant' | 'step' | 'ramp' | 'noise' | 'csv';
  low: number;
  high: number;
  at_cycle: number;
  rate: number;
  sigma: number;
  /** csv: `time_s,node,key,value`. Relative to the data directory. */
  file: string;
  /** csv: the reading of this time is held constant; -1 replays them all, one time step each `step_cycles`. */
  at_s: number;
  step_cycles: number;
  /** sites: each site's inputs are moved by a uniform draw from [-0.5, 0.5] times this. */
  site_offset: number;
}

export interface Partition {
  from_cycle: number;
  to_cycle: number;
  /** Share of the nodes on the smaller side. */
  share: number;
}

export interface Cut {
  from_cycle: number;
  to_cycle: number;
  /** Share of the directed links that are cut, one way. */
  share: number;
}

export interface Crash {
  cycle: number;
  share: number;
  /** 0: never. */
  restart_cycle: number;
  /** torn: the slot being written when the power went is left half written. */
  store: 'kept' | 'lost' | 'torn';
}

export interface Change {
  cycle: number;
  share: number;
}

export interface StuckSensor {
  from_cycle: number;
  /** How many nodes' sensors stick. */
  nodes: number;
  value: number;
}

export interface Scenario {
  name: string;
  description: string;
  topology: Topology;
  nodes: number;
  /** sites: number of sites; `nodes` is the total and divides evenly. */
  sites: number;
  /** sites: gateways in each. */
  gateways: number;
  /** mesh: mean number of neighbours. */
  degree: number;
  /** links: a CSV `from,to,delivery`, relative to the data directory. */
  links: string;
  cycles: number;
  cycle_ms: number;
  seed: number;
  keys: KeyScenario[];
  relay: RelayMode;
  /** Relayed entries in a datagram at the most. */
  relay_entries: number;
  /** Peers that a node's table holds. 0: as many as the swarm has nodes, or its site. */
  table: number;
  /** Shards that the keys hash into. 0: one for each 16 keys. */
  shards: number;
  loss: number;
  /** sites: loss between gateways. -1: as `loss`. */
  medium_loss: number;
  /** Mean length of a loss burst in cycles (Gilbert-Elliott); 0: independent losses. */
  burst: number;
  duplication: number;
  /** Every datagram takes at least `delay_min_ms`, on average `delay_mean_ms` (exponential above the minimum). */
  delay_min_ms: number;
  delay_mean_ms: number;
  /** Share of the datagrams that are held back for one to two cycles, so that later ones overtake them. */
  reorder: number;
  /** Bytes a second that one directed link carries; 0: no limit. */
  capacity: number;
  partitions: Partition[];
  cuts: Cut[];
  crashes: Crash[];
  joins: Change[];
  leaves: Change[];
  /** Clocks start up to this far apart (either way). */
  clock_skew_ms: number;
  /** Clocks run up to this much fast or slow. */
  clock_drift_ppm: number;
  /** Share of the nodes that are in low-power mode throughout (their battery is low). */
  low_power: number;
  attacks: Attack[];
  inputs: Inputs;
  stuck: StuckSensor[];
}
