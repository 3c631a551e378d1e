/** What a device is told about MQTT. */

import type { SourceSettings } from '../sensors/source.ts';
import { isObject, numberField, shown, textField } from '../config/fields.ts';
import { DEFAULT_FLOOR } from '../config/keys.ts';
import type { SettingsReader } from '../config/reader.ts';

const SCHEME = 'mqtt://';
const PORT = 1883;
const EVERY_S = 10;
const EVERY_MAX_S = 3600;
const ROLES: readonly string[] = Object.freeze(['node', 'gateway']);
const GATEWAY = 1;

export interface MqttKey {
  name: string;
  unit: string;
  /** Its floor, in its unit. */
  resolution: number;
  /** Whether this node has a sensor for it. */
  own: boolean;
}

export interface MqttSettings {
  host: string;
  port: number;
  user: string;
  password: string;
  /** What the topics begin with. */
  prefix: string;
  /** Home Assistant's discovery prefix; '' for no discovery. */
  discovery: string;
  every_ms: number;
  /** Names the device: the site, or the swarm where there is none. */
  site: string;
  version: string;
  keys: MqttKey[];
}

export interface KeySources {
  /** As the reader gave it. */
  raw: unknown;
  name: string;
  source: SourceSettings | null;
}

/**
 * @returns null while `mqtt_url` is empty
 * @throws RangeError naming the first setting that is wrong, and what is allowed
 */
export function readMqtt(reader: SettingsReader, keys: readonly KeySources[], site: string): MqttSettings | null {
  const role = reader.choice('role', 0, ROLES);
  const url = reader.text('mqtt_url', '');
  if (url === '') {
    if (role === GATEWAY) throw new RangeError('role is gateway and mqtt_url is empty; set it to mqtt://host:port');
    return null;
  }
  return {
    ...readUrl(url),
    user: reader.text('mqtt_user', ''),
    password: reader.text('mqtt_password', ''),
    prefix: prefixOf(reader, 'mqtt_prefix', 'lvs'),
    discovery:
      reader.text('mqtt_discovery', 'homeassistant') === '' ? '' : prefixOf(reader, 'mqtt_discovery', 'homeassistant'),
    every_ms: 1000 * reader.whole('mqtt_every_s', EVERY_S, 1, EVERY_MAX_S),
    site,
    version: reader.text('bundle', 'unknown'),
    keys: keys.map(readKey),
  };
}

function readKey({ raw, name, source }: KeySources, index: number): MqttKey {
  const fields: { unit?: unknown; floor?: unknown } = isObject(raw) ? raw : {};
  return {
    name,
    unit: textField(`keys[${index}].unit`, fields.unit, ''),
    resolution: numberField(`keys[${index}].floor`, fields.floor, DEFAULT_FLOOR),
    own: source !== null,
  };
}

function readUrl(url: string): { host: string; port: number } {
  const rest = url.startsWith(SCHEME) ? url.slice(SCHEME.length) : '';
  const place = rest.endsWith('/') ? rest.slice(0, -1) : rest;
  const colon = place.indexOf(':');
  const host = colon < 0 ? place : place.slice(0, colon);
  const port = colon < 0 ? PORT : Number(place.slice(colon + 1));
  const odd = host === '' || host.includes('/') || host.includes('@') || host.includes(' ');
  if (odd || !Number.isInteger(port) || port < 1 || port > 65535) {
    throw new RangeError(`mqtt_url is ${shown(url)}; it must be mqtt://host:port, without TLS, user or path`);
  }
  return { host, port };
}

function prefixOf(reader: SettingsReader, name: string, fallback: string): string {
  const prefix = reader.text(name, fallback);
  const odd =
    prefix === '' || prefix.includes('+') || prefix.includes('#') || prefix.startsWith('/') || prefix.endsWith('/');
  if (!odd) return prefix;
  throw new RangeError(
    `${name} is ${shown(prefix)}; it must be levels of a topic such as ${fallback}, without + and #`,
  );
}
