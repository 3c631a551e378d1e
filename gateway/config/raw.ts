/** A configuration as the file has it, when the schema has been held against it and has filled its defaults in. */
import type { FederationConfig, HistoryConfig, KeyConfig, LogConfig, MqttConfig, SwarmConfig } from './config.ts';

export interface RawSecret {
  password_file?: string;
  password_env?: string;
}

export type RawSwarm = Omit<SwarmConfig, 'key_file' | 'key_file_old' | 'interface' | 'group' | 'state'> &
  Partial<Pick<SwarmConfig, 'key_file' | 'key_file_old' | 'interface' | 'group' | 'state'>>;

export interface RawSource {
  key: string;
  mqtt?: string;
  serial?: string;
  file?: string;
  one_wire?: string;
  one_wire_folder: string;
  command?: string;
  baud?: number;
  timeout_s?: number;
  field?: string;
  match?: string;
  scale: number;
  offset: number;
  unit?: string;
  min?: number;
  max?: number;
  jump?: number;
  jump_per_s?: number;
  silent_after_s?: number;
  every_s?: number;
  good: number;
}

export interface RawBroker extends RawSecret {
  url?: string;
  version?: 5 | 3;
  user?: string;
  ca_file?: string;
  cert_file?: string;
  key_file?: string;
  client_id?: string;
  keepalive_s?: number;
}

export interface RawMqtt extends RawBroker {
  prefix: string;
  every_s: number;
  discovery: MqttConfig['discovery'];
  embedded: RawSecret & { enabled: boolean; bind: string; port: number; user?: string };
}

export type RawFederation = Pick<FederationConfig, 'enabled' | 'topic' | 'weight_max' | 'weights' | 'window_s'> & {
  key_file?: string;
  key_file_old?: string;
  broker?: RawBroker;
};

export interface RawConfig {
  site: string;
  swarm: RawSwarm;
  keys: KeyConfig[];
  sources: RawSource[];
  mqtt: RawMqtt;
  federation?: RawFederation;
  http: RawSecret & { enabled: boolean; bind: string; port: number; proxies: string[] };
  history: HistoryConfig;
  log: LogConfig;
}
