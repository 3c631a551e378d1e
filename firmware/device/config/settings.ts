/** All that a device is told, read once at start. */

import { defaultSettings, type Settings } from '../../node.ts';
import { ipv4, readTargets, type Target } from '../datagrams/address.ts';
import type { Board } from '../hardware.ts';
import { readMqtt, type MqttSettings } from '../mqtt/settings.ts';
import { SLEEP_MODES, type SleepMode } from '../power/rest.ts';
import { readSeal, type SealSettings } from '../seal/settings.ts';
import type { SourceSettings } from '../sensors/source.ts';
import { readKey } from './keys.ts';
import type { SettingsReader } from './reader.ts';

const KEYS_MAX = 64;
/** In the order of the constants in firmware/settings.ts. */
const RELAYS: readonly string[] = Object.freeze(['off', 'safe', 'open']);
const TRANSPORTS: readonly string[] = Object.freeze(['broadcast', 'multicast', 'peers']);
const BROADCAST = 0;
const MULTICAST = 1;
const PEERS = 2;

/** "LV", the magic of the wire format, as a number: 19542. */
const PORT = 0x4c56;
/** 239.0.0.0/8 stays within a site (RFC 2365); the rest is "LVS". */
const GROUP = '239.76.86.83';
const ALL = '255.255.255.255';
/** First byte of a multicast address (RFC 5771). */
const GROUP_FIRST = 224;
const GROUP_LAST = 239;

export interface NetworkSettings {
  ssid: string;
  password: string;
  port: number;
  /** Multicast group to join, or ''. */
  group: string;
  targets: Target[];
  time_server: string;
}

export interface DeviceSettings {
  node: Settings;
  /** One for each key; null where this node has no sensor. */
  sources: (SourceSettings | null)[];
  network: NetworkSettings;
  /** Null for an open swarm. */
  seal: SealSettings | null;
  /** Null where nothing is published. */
  mqtt: MqttSettings | null;
  board: Board;
  sleep: SleepMode;
  /** Cycles between two status lines; 0 for none. */
  status_cycles: number;
}

/** @throws RangeError naming the first setting that is wrong, and what is allowed */
export function readSettings(reader: SettingsReader, board: Board): DeviceSettings {
  const raw = reader.list('keys', 'key', KEYS_MAX);
  const keys = raw.map(readKey);
  const node = readNodeSettings(
    reader,
    keys.map(({ settings }) => settings),
  );
  const published = keys.map(({ settings, source }, key) => ({ raw: raw[key], name: settings.name, source }));
  return {
    node,
    sources: keys.map(({ source }) => source),
    network: readNetwork(reader),
    seal: readSeal(reader),
    mqtt: readMqtt(reader, published, node.site === '' ? node.swarm : node.site),
    board,
    sleep: SLEEP_MODES[reader.choice('sleep', 1, SLEEP_MODES)],
    status_cycles: reader.whole('status_cycles', 60, 0, 1_000_000),
  };
}

/** What the node itself checks (`checkSettings`) is only made a number here. */
function readNodeSettings(reader: SettingsReader, keys: Settings['keys']): Settings {
  const usual = defaultSettings();
  const whole = (name: string, fallback: number): number => reader.whole(name, fallback, 0, 0x7fffffff);
  return {
    swarm: reader.text('swarm', usual.swarm),
    keys,
    cycle_ms: whole('cycle_ms', usual.cycle_ms),
    relay: reader.choice('relay', usual.relay, RELAYS),
    relay_entries: whole('relay_entries', usual.relay_entries),
    table: whole('table', usual.table),
    shards: whole('shards', usual.shards),
    replicas: whole('replicas', usual.replicas),
    alpha: whole('alpha', usual.alpha),
    nodes_per_address: whole('per_address', usual.nodes_per_address),
    session_cycles: whole('session_cycles', usual.session_cycles),
    site: reader.text('site', usual.site),
  };
}

function readNetwork(reader: SettingsReader): NetworkSettings {
  const transport = reader.choice('transport', BROADCAST, TRANSPORTS);
  const port = reader.whole('port', PORT, 1, 65535);
  const group = transport === MULTICAST ? readGroup(reader) : '';
  return {
    ssid: reader.text('wifi_ssid', ''),
    password: reader.text('wifi_password', ''),
    port,
    group,
    targets:
      transport === PEERS
        ? readTargets(reader.text('peers', ''), port)
        : [{ address: transport === MULTICAST ? group : ALL, port }],
    time_server: reader.text('time_server', 'pool.ntp.org'),
  };
}

function readGroup(reader: SettingsReader): string {
  const group = reader.text('group', GROUP);
  const first = ipv4(group) >>> 24;
  if (first >= GROUP_FIRST && first <= GROUP_LAST) return group;
  throw new RangeError(
    `group is "${group}"; it must be one IPv4 address from ${GROUP_FIRST}.0.0.0 to ${GROUP_LAST}.255.255.255`,
  );
}
