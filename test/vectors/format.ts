/** The vector files as types; README.md beside this file says what each field means. */

export interface VectorKey {
  name: string;
  reference: number;
  low: number;
  high: number;
  scope: 'site' | 'all';
}

export interface VectorSettings {
  swarm: string;
  keys: VectorKey[];
  shards: number;
  seal_bytes: number;
  relay: 'off' | 'safe' | 'open';
  /** Site name of the receiver, where it is a gateway. */
  site: string;
  /** Derived from the others. */
  swarm_id: number;
  shard_of: number[];
}

export interface SensorDiff {
  key: string;
  c: number | null;
  b: number | null;
}

export interface MeanDiff {
  key: string;
  value: number | null;
  weight: number;
}

export interface EP {
  type: 'ep';
  timestamp: number;
  node_load: number;
  entropy_vector: number[];
}

export interface SDM {
  type: 'sdm';
  shard_id: number;
  drift_weight: number;
  diff_vector: SensorDiff[];
}

export interface Claims {
  type: 'claims';
  shard_id: number;
  drift_weight: number;
  diff_vector: MeanDiff[];
}

export interface Beacon {
  type: 'beacon';
  nonce: number;
  earlier: number;
  cycle_ms: number;
}

export interface RelayEntry {
  tag: number;
  cycle: number;
  first_hand: boolean;
  age: number;
  diffs: (number | null)[];
}

export interface Relay {
  type: 'relay';
  width: number;
  entries: RelayEntry[];
}

export interface Site {
  type: 'site';
  site: number;
  diff_vector: MeanDiff[];
}

export interface Unknown {
  type: 'unknown';
  number: number;
  body: string;
}

export type Message = EP | SDM | Claims | Beacon | Relay | Site | Unknown;

export interface Fields {
  flags: string[];
  tag: number;
  cycle: number;
  held: number;
  mean_age: number;
  pace: number;
  /** The swarm's clock, in a sealed datagram. */
  clock_s?: number;
  messages: Message[];
}

export interface Mean {
  value: number;
  weight: number;
}

/** What a receiver has of a datagram after the checks against ranges and largest weights, and before any other rule. */
export interface Taken {
  sensors?: Record<string, { c: number | null; b: number | null }>;
  claims?: Record<string, Mean | null>;
  site?: Record<string, Mean | null>;
  relayed?: { tag: number; cycle: number; first_hand: boolean; age: number; values: Record<string, number | null> }[];
  /** Single values that were counted as `range`. */
  range: number;
}

export interface DecodeCase {
  kind: 'decode';
  name: string;
  bytes: string;
  fields: Fields;
  takes: Taken;
}

export interface EncodeCase {
  kind: 'encode';
  name: string;
  fields: Fields;
  bytes: string;
}

/** A datagram that comes before the one that a case is about. */
export interface Earlier {
  bytes: string;
  source: number;
  times: number;
}

export interface RefuseCase {
  kind: 'refuse';
  name: string;
  bytes: string;
  reason: string;
  /** What the receiver has heard before, in one and the same cycle; all of it is taken. */
  before?: Earlier[];
  source?: number;
  own_tag?: number;
  medium?: boolean;
}

export type VectorCase = DecodeCase | EncodeCase | RefuseCase;

export interface VectorFile {
  about: string;
  settings: VectorSettings;
  cases: VectorCase[];
}
