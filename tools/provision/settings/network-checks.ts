/** Settings of the network and the broker, as the firmware reads them (firmware/device/config/settings.ts, mqtt/settings.ts). */
import { isIPv4 } from 'node:net';
import { within } from '../../boards/chips.ts';
import type { Problem } from '../../cli/schema.ts';
import type { Settings } from './board-settings.ts';

const SSID_BYTES_MAX = 32;
/** IEEE 802.11: a passphrase has 8 to 63 printable letters; 64 hexadecimal digits are the key itself. */
const PASSPHRASE = /^[\x20-\x7e]{8,63}$|^[0-9a-fA-F]{64}$/;
/** The board looks the name up as it stands, so what a URL may hold besides is no part of it. */
const BROKER = /^mqtt:\/\/([A-Za-z0-9._-]{1,253})(?::(\d{1,5}))?\/?$/;
const BROKER_EXAMPLE = 'mqtt://broker.local:1883';
/** Every board hears it, and the firmware takes it as no address: transport broadcast sends there. */
const EVERYONE = '255.255.255.255';

function problem(name: string, value: unknown, says: string): Problem[] {
  return [{ path: [name], value, says }];
}

function wifiProblems(settings: Settings): Problem[] {
  const [ssid, password] = [settings.get('wifi_ssid'), settings.get('wifi_password')];
  const problems: Problem[] = [];
  if (typeof ssid === 'string' && Buffer.byteLength(ssid) > SSID_BYTES_MAX) {
    problems.push(
      ...problem('wifi_ssid', ssid, `must be at most ${SSID_BYTES_MAX} bytes; it has ${Buffer.byteLength(ssid)}`),
    );
  }
  if (typeof password === 'string' && !PASSPHRASE.test(password)) {
    problems.push(...problem('wifi_password', password, 'must be 8 to 63 letters of ASCII, or 64 hexadecimal digits'));
  }
  return problems;
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65535;
}

function isTarget(text: string): boolean {
  const parts = text.trim().split(':');
  const [address, port = '1'] = parts;
  return parts.length < 3 && isIPv4(address) && address !== EVERYONE && isPort(port);
}

export function networkProblems(settings: Settings): Problem[] {
  const [transport, peers, group] = ['transport', 'peers', 'group'].map((name) => settings.get(name));
  const problems = wifiProblems(settings);
  if (transport === 'peers' && peers === undefined) {
    problems.push(
      ...problem('peers', undefined, 'is missing; with transport peers it says where to send, such as 10.0.0.7:19542'),
    );
  }
  const wrong = typeof peers === 'string' ? peers.split(',').find((one) => !isTarget(one)) : undefined;
  if (wrong?.trim().startsWith(EVERYONE) === true) {
    problems.push(...problem('peers', wrong.trim(), 'must not be everyone; transport broadcast is for that'));
  } else if (wrong !== undefined) {
    problems.push(
      ...problem(
        'peers',
        wrong.trim(),
        'must be IPv4 addresses, each with :port where it is another, joined by commas',
      ),
    );
  }
  if (typeof group === 'string' && !(isIPv4(group) && within([[224, 239]], Number(group.split('.')[0])))) {
    problems.push(...problem('group', group, 'must be a multicast address from 224.0.0.0 to 239.255.255.255'));
  }
  return problems;
}

/** @returns what is wrong with the broker's address, in words; '' for nothing */
function brokerProblem(text: string): string {
  if (text.includes('@')) return 'must not hold a name or password; give them as mqtt_user and mqtt_password';
  if (!text.startsWith('mqtt://')) {
    return `must begin with mqtt://, such as ${BROKER_EXAMPLE}: a board speaks MQTT over TCP, without TLS and WebSocket`;
  }
  const match = BROKER.exec(text) as [string, string, string | undefined] | null;
  if (match !== null) return match[2] === undefined || isPort(match[2]) ? '' : 'must have a port from 1 to 65535';
  if (text.startsWith('mqtt://[')) return `must have a name or an IPv4 address, such as ${BROKER_EXAMPLE}`;
  return `must be a name or an IPv4 address, and a port where it is not 1883, such as ${BROKER_EXAMPLE}`;
}

export function mqttProblems(settings: Settings): Problem[] {
  const url = settings.get('mqtt_url');
  if (typeof url !== 'string') {
    if (settings.get('role') !== 'gateway') return [];
    return problem('role', 'gateway', `needs mqtt_url, the broker that it publishes to, such as ${BROKER_EXAMPLE}`);
  }
  const says = brokerProblem(url);
  // The value is not shown: what is wrong may be that it holds a password.
  return says === '' ? [] : problem('mqtt_url', undefined, says);
}
