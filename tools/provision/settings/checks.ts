/** What the schema cannot say: how settings hang together, and what the board can do. Runs over all that the board will hold. */
import { isIPv4 } from 'node:net';
import type { Board } from '../../boards/board.ts';
import { type Chip, rangesText, within } from '../../boards/chips.ts';
import { didYouMean } from '../../cli/nearest.ts';
import type { Problem } from '../../cli/schema.ts';
import { STRING_BYTES_MAX } from '../nvs/layout.ts';
import type { Settings } from './board-settings.ts';
import { KEY_FLOOR, KEY_SPAN, type KeyText, QUANTITIES, SOURCE_FIELDS, type SourceText } from './key-fields.ts';
import { KEYS } from './names.ts';

/** What a source's pins are checked against; null where neither a board was named nor a chip found. */
export interface Target {
  board: Board | null;
  chip: Chip | null;
}

const SSID_BYTES_MAX = 32;
/** IEEE 802.11: a passphrase has 8 to 63 printable letters; 64 hexadecimal digits are the key itself. */
const PASSPHRASE = /^[\x20-\x7e]{8,63}$|^[0-9a-fA-F]{64}$/;
/** Bytes of a datagram for the diffs and claims of all keys, as firmware/settings.ts reckons. */
const CLAIMED_BYTES_MAX = 550;

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

function mqttProblems(settings: Settings): Problem[] {
  const text = settings.get('mqtt_url');
  if (typeof text !== 'string') return [];
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return problem('mqtt_url', undefined, 'must be an address such as mqtts://broker.local:8883');
  }
  // The value is not shown: what is wrong may be that it holds a password.
  if (url.username !== '' || url.password !== '') {
    return problem('mqtt_url', undefined, 'must not hold a name or password; give them as mqtt_user and mqtt_password');
  }
  if (!['mqtt:', 'mqtts:', 'ws:', 'wss:'].includes(url.protocol)) {
    return problem('mqtt_url', undefined, 'must begin with one of mqtt://, mqtts://, ws://, wss://');
  }
  const named = url.hostname.length > 0;
  return named ? [] : problem('mqtt_url', undefined, 'must name the broker, as mqtts://broker.local:8883 does');
}

function isTarget(text: string): boolean {
  const parts = text.trim().split(':');
  const [address, port = '1'] = parts;
  return parts.length < 3 && isIPv4(address) && /^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65535;
}

function networkProblems(settings: Settings): Problem[] {
  const [transport, peers, group] = ['transport', 'peers', 'group'].map((name) => settings.get(name));
  const problems: Problem[] = [];
  if (transport === 'peers' && peers === undefined) {
    problems.push(
      ...problem('peers', undefined, 'is missing; with transport peers it says where to send, such as 10.0.0.7:19542'),
    );
  }
  const wrong = typeof peers === 'string' ? peers.split(',').find((one) => !isTarget(one)) : undefined;
  if (wrong !== undefined) {
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

/** A swarm key as its text, from bytes or text; '' for none. */
function keyText(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64url');
  return typeof value === 'string' ? value.trim().replace(/=$/, '') : '';
}

function keyFileProblems(settings: Settings): Problem[] {
  const [key, old] = [keyText(settings.get('swarm_key')), keyText(settings.get('swarm_key_old'))];
  if (old !== '' && old === key) return problem('swarm_key_old', undefined, 'must be another key than swarm_key');
  if (old !== '' && key === '')
    return problem('swarm_key', undefined, 'is missing; swarm_key_old alone keeps nobody out');
  if (settings.get('private') === true && key === '') {
    const make = 'make one with `npm run provision -- new-key`, then give it with --key-file swarm.key';
    return problem('private', true, `needs a swarm key: ${make}`);
  }
  return [];
}

function pinProblem(source: SourceText, { board, chip }: Target): string {
  const { kind, pin = -1 } = source;
  if (kind === 'i2c')
    return board !== null && board.i2c === null ? `needs I2C pins, and board.json of ${board.name} has none` : '';
  if (chip === null || kind === 'synthetic') return '';
  if (!within(chip.pins, pin)) return `must be a GPIO of the ${chip.name}, which has ${rangesText(chip.pins)}`;
  if (within([chip.flashPins], pin)) {
    return `must be another GPIO: ${rangesText([chip.flashPins])} belong to the flash of the ${chip.name}`;
  }
  if (kind === 'analog' && !within([chip.analog], pin)) {
    return `must be on the first converter of the ${chip.name}: ${rangesText([chip.analog])}`;
  }
  const i2c = board?.i2c;
  if (i2c !== null && i2c !== undefined && [i2c.data, i2c.clock].includes(pin))
    return 'must be another GPIO: the I2C bus of the board is on it';
  if (board?.led?.pin === pin) return 'must be another GPIO: the lamp of the board is on it';
  return '';
}

function sourceProblems(source: SourceText, path: Problem['path'], target: Target): Problem[] {
  const { needs, may } = SOURCE_FIELDS[source.kind];
  const values: Readonly<Record<string, unknown>> = { ...source };
  const problems: Problem[] = [];
  const add = (field: string, value: unknown, says: string): void => {
    problems.push({ path: [...path, field], value, says });
  };
  for (const field of Object.keys(source)) {
    if (may.includes(field)) continue;
    add(field, undefined, `does not go with kind ${source.kind}, which has ${may.join(', ')}${didYouMean(field, may)}`);
  }
  for (const field of needs) {
    if (values[field] === undefined) add(field, undefined, `is missing; kind ${source.kind} needs it`);
  }
  const quantities = QUANTITIES[source.driver ?? ''] as readonly string[] | undefined;
  const { quantity = 'temperature' } = source;
  if (source.kind === 'i2c' && quantities !== undefined && !quantities.includes(quantity)) {
    add('quantity', quantity, `must be one of ${quantities.join(', ')}, which the ${source.driver ?? ''} measures`);
  }
  const says = problems.length > 0 ? '' : pinProblem(source, target);
  if (says !== '') add(source.kind === 'i2c' ? 'kind' : 'pin', source.kind === 'i2c' ? 'i2c' : source.pin, says);
  return problems;
}

function keyProblems(key: KeyText, index: number, keys: readonly KeyText[], target: Target): Problem[] {
  const path = [KEYS, index];
  const { name, floor = KEY_FLOOR, span = KEY_SPAN, range = [0, 1000], source } = key;
  const problems: Problem[] = [];
  const first = keys.findIndex((other) => other.name === name);
  if (first < index)
    problems.push({ path: [...path, 'name'], value: name, says: `must be another name than that of keys[${first}]` });
  if (span < floor) problems.push({ path: [...path, 'span'], value: span, says: `must be at least floor, ${floor}` });
  if (range[1] < range[0])
    problems.push({ path: [...path, 'range'], value: range, says: 'must be the lowest value, then the highest' });
  const bytes = Buffer.byteLength(JSON.stringify(key));
  if (bytes >= STRING_BYTES_MAX)
    problems.push({ path, value: undefined, says: `takes ${bytes} bytes; NVS holds ${STRING_BYTES_MAX - 1}` });
  if (source !== undefined) problems.push(...sourceProblems(source, [...path, 'source'], target));
  return problems;
}

function shardProblems(settings: Settings, keys: number): Problem[] {
  const shards = settings.get('shards');
  const most = Math.min(64, Math.floor((CLAIMED_BYTES_MAX - 8 * keys) / 9));
  if (typeof shards !== 'number' || shards <= most) return [];
  return problem(
    'shards',
    shards,
    `must be at most ${most} with ${keys} keys, or their claims would not fit a datagram`,
  );
}

/** @param settings all that the board will hold; each value fits the schema */
export function crossProblems(settings: Settings, target: Target): Problem[] {
  const keys = (settings.get(KEYS) ?? []) as readonly KeyText[];
  return [
    ...wifiProblems(settings),
    ...mqttProblems(settings),
    ...networkProblems(settings),
    ...keyFileProblems(settings),
    ...shardProblems(settings, keys.length),
    ...keys.flatMap((key, i) => keyProblems(key, i, keys, target)),
  ];
}
