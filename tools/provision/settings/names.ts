/**
 * Every setting that a board may hold, and how it lies in NVS. The names are those that the firmware reads
 * (firmware/device/README.md). The kinds are what Moddable's `preference` module writes and reads on the ESP32
 * (modules/files/preference/esp32/modPreference.c): a boolean as u8, a whole number as i32, text as a string, an
 * ArrayBuffer as a blob; it reads in that order, so a name must be there with one type only.
 */
import type { NvsType } from '../nvs/contents.ts';

/** The namespace of the settings; the node's own are `lvs-state` and `lvs-crash`, and stay as they are. */
export const NAMESPACE = 'lvs';

export type Kind = 'text' | 'number' | 'flag' | 'key';

export interface SettingName {
  kind: Kind;
  /** Never shown, and taken from a file, the environment or a prompt only. */
  secret: boolean;
  /** The variable that may hold it. */
  variable?: string;
}

const TEXT: SettingName = { kind: 'text', secret: false };
const NUMBER: SettingName = { kind: 'number', secret: false };

/** In the order in which they are shown. */
export const SETTINGS: Readonly<Record<string, SettingName>> = {
  wifi_ssid: TEXT,
  wifi_password: { kind: 'text', secret: true, variable: 'LVS_WIFI_PASSWORD' },
  swarm: TEXT,
  swarm_key: { kind: 'key', secret: true, variable: 'LVS_SWARM_KEY' },
  swarm_key_old: { kind: 'key', secret: true, variable: 'LVS_SWARM_KEY_OLD' },
  private: { kind: 'flag', secret: false },
  role: TEXT,
  site: TEXT,
  transport: TEXT,
  port: NUMBER,
  group: TEXT,
  peers: TEXT,
  per_address: NUMBER,
  cycle_ms: NUMBER,
  table: NUMBER,
  relay: TEXT,
  relay_entries: NUMBER,
  shards: NUMBER,
  replicas: NUMBER,
  alpha: NUMBER,
  session_cycles: NUMBER,
  sleep: TEXT,
  time_server: TEXT,
  status_cycles: NUMBER,
  mqtt_url: TEXT,
  mqtt_user: TEXT,
  mqtt_password: { kind: 'text', secret: true, variable: 'LVS_MQTT_PASSWORD' },
  mqtt_prefix: TEXT,
  mqtt_discovery: TEXT,
  mqtt_every_s: NUMBER,
};

/** The quantities: `key0`, `key1` and so on, each as JSON. */
export const KEYS = 'keys';
export const KEYS_MAX = 64;

export function keyName(index: number): string {
  return `key${index}`;
}

/** Whether a name in NVS is one of `key0` to `key63`. */
export function isKeyName(name: string): boolean {
  return /^key([0-9]|[1-5][0-9]|6[0-3])$/.test(name);
}

export const NVS_TYPES: Readonly<Record<Kind, NvsType>> = { text: 'string', number: 'i32', flag: 'u8', key: 'blob' };

export function settingName(name: string): SettingName | undefined {
  return Object.hasOwn(SETTINGS, name) ? SETTINGS[name] : undefined;
}

/** Also of what a settings file may say besides: `wifi_password_file` is no secret, `wifi_password` is. */
export function isSecret(name: string): boolean {
  return settingName(name)?.secret === true;
}
