/**
 * What a gateway shows of itself: one snapshot a cycle, made by `core/`, read by everything that tells somebody else (the
 * page, MQTT, metrics, history). Values are in the key's unit, times in milliseconds since 1970 unless a name says otherwise.
 */

export type Verdict = 'inside' | 'clamped' | 'left-out' | 'not-counted';

/** What one peer says of a key. */
export interface Contribution {
  /** A label that lives as long as the peer's session, such as `1a2b3c4d`; `own` for this node. */
  peer: string;
  value: number;
  age_cycles: number;
  verdict: Verdict;
}

export interface KeyView {
  name: string;
  unit: string;
  /** Null while the node has no agreed value, or recovers. */
  agreed: number | null;
  /** Largest difference between the fresh agreed values that the node hears, its own among them. */
  spread: number;
  own: number | null;
  /** The guarded mean of this site, and the sensors behind it. */
  mean: number | null;
  sensors: number;
  /** The guard's band: beyond `cap` of `middle` a contribution is clamped, beyond `reject` left out. */
  band: { middle: number; cap: number; reject: number } | null;
  contributions: Contribution[];
  recovering: boolean;
}

export interface PeerView {
  peer: string;
  age_cycles: number;
  /** 0 to 1 */
  trust: number;
  holds: number;
  pace: number;
}

export type SourceState = 'ok' | 'waiting' | 'silent' | 'jumped' | 'out-of-range' | 'failed';

/** A sensor source of the configuration. */
export interface SourceView {
  key: string;
  kind: string;
  state: SourceState;
  value: number | null;
  since_ms: number;
  /** What is wrong, in a sentence; '' when nothing is. */
  text: string;
}

export interface SiteView {
  site: string;
  age_s: number;
  gateways: number;
  keys: { name: string; value: number; weight: number }[];
}

export interface Alarm {
  id: string;
  severity: 'warning' | 'error';
  since_ms: number;
  text: string;
}

export interface Snapshot {
  time_ms: number;
  /** Name of the site, and the swarm's name. */
  site: string;
  swarm: string;
  sealed: boolean;
  cycle: number;
  cycle_ms: number;
  low_power: boolean;
  keys: KeyView[];
  peers: PeerView[];
  sources: SourceView[];
  sites: SiteView[];
  alarms: Alarm[];
  /** Refused datagrams since the start, by reason. */
  drops: Record<string, number>;
  bytes_per_minute: { sent: number; received: number };
  /** Share of incoming datagrams that the what-if throws away just now, and until when. */
  what_if: { loss: number; until_ms: number } | null;
}
