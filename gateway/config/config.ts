/**
 * What a gateway is told, as it stands after reading: every default filled in, every file path absolute, every password
 * read from where it is kept. `schema.json` says what each field means; this says what the program is given.
 */
import type { BrokerOptions } from '../mqtt/options.ts';

export const TRANSPORTS = ['udp', 'multicast', 'peers', 'tcp'] as const;
export type TransportName = (typeof TRANSPORTS)[number];

export interface SwarmConfig {
  name: string;
  /** '' for an open swarm. */
  key_file: string;
  /** A second key that still opens, while the swarm changes its key; '' for none. */
  key_file_old: string;
  private: boolean;
  transport: TransportName;
  port: number;
  /** A name or an address; '' for all that lead outside. */
  interface: string;
  group: string;
  /** `host`, `host:port`. */
  peers: string[];
  cycle_ms: number;
  relay: 'off' | 'safe' | 'open';
  table: number;
  nodes_per_address: number;
  /** Folder in which state and history outlive a restart. */
  state: string;
}

export interface KeyConfig {
  name: string;
  unit: string;
  /** All of these in the key's unit. */
  floor: number;
  span: number;
  range: [number, number];
  reference: number;
  guard: boolean;
  estimator: 'huber' | 'hodges-lehmann' | 'trimmed';
  scope: 'site' | 'all';
}

/** Where a source's readings come from. */
export type SourceInput =
  | { kind: 'mqtt'; topic: string }
  | { kind: 'serial'; device: string; baud: number }
  | { kind: 'file'; path: string }
  | { kind: 'one-wire'; device: string; folder: string }
  | { kind: 'command'; command: string; timeout_s: number };

export interface SourceConfig {
  /** Names the source in logs and on the page: `room1/temp (mqtt zigbee2mqtt/living)`. */
  name: string;
  key: string;
  input: SourceInput;
  /** Path into JSON, such as `ENERGY.Power` or `$.sensors[0].value`; '' for plain text. */
  field: string;
  /** A regular expression whose group `value`, or else first group, is the number; '' for none. */
  match: string;
  /** The value is `reading * scale + offset`, in `unit`; that is turned into the key's unit. */
  scale: number;
  offset: number;
  /** '' for the key's own. */
  unit: string;
  /** In the key's unit. */
  min: number;
  max: number;
  /** The most that two readings in a row may differ, and the most a second; Infinity for no limit. */
  jump: number;
  jump_per_s: number;
  silent_after_s: number;
  /** Time between two readings of what is asked; of what comes by itself, the least time between two that are taken. */
  every_s: number;
  /** Good readings in a row after which a source that was taken out comes back. */
  good: number;
}

/** Its `url` is '' for the broker inside the gateway. */
export interface MqttConfig extends BrokerOptions {
  /** What all topics of this gateway begin with. */
  prefix: string;
  /** Least time between two publications of the values. */
  every_s: number;
  discovery: { enabled: boolean; prefix: string };
  /** The broker inside, used where `url` is ''. */
  embedded: { enabled: boolean; bind: string; port: number; user: string; password: string };
}

export interface FederationConfig {
  enabled: boolean;
  /** Signs what is said between sites. */
  key_file: string;
  /** A second key that still opens; '' for none. */
  key_file_old: string;
  /** Topic under which all sites meet. */
  topic: string;
  /** The most sensors that one site may speak for. */
  weight_max: number;
  /** The same for single sites, by name. */
  weights: Record<string, number>;
  /** How far the clocks of two sites may be apart. */
  window_s: number;
  /** A broker of its own; null for that of `mqtt`. */
  broker: BrokerOptions | null;
}

export interface HttpConfig {
  enabled: boolean;
  bind: string;
  port: number;
  /** Addresses whose X-Forwarded-For is believed. */
  proxies: readonly string[];
  /** '' for none, which only a loopback address may have. */
  password: string;
}

export interface HistoryConfig {
  enabled: boolean;
  hours: number;
  every_s: number;
}

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LogConfig {
  level: LogLevel;
  /** `auto`: lines for people on a terminal, JSON elsewhere. */
  format: 'auto' | 'json' | 'pretty';
}

export interface GatewayConfig {
  site: string;
  swarm: SwarmConfig;
  keys: KeyConfig[];
  sources: SourceConfig[];
  mqtt: MqttConfig;
  federation: FederationConfig;
  http: HttpConfig;
  history: HistoryConfig;
  log: LogConfig;
}
