/** What the schema cannot say: how settings hang together, and what the board can do. Runs over all that the board will hold. */
import type { Problem } from '../../cli/schema.ts';
import { fitsString } from '../nvs/contents.ts';
import { STRING_BYTES_MAX } from '../nvs/layout.ts';
import type { Settings } from './board-settings.ts';
import { keyProblems, type Target } from './key-checks.ts';
import type { KeyText } from './key-fields.ts';
import { KEYS } from './names.ts';
import { mqttProblems, networkProblems } from './network-checks.ts';

/** Bytes of a datagram for the diffs and claims of all keys, as firmware/settings.ts reckons. */
const CLAIMED_BYTES_MAX = 550;

function problem(name: string, value: unknown, says: string): Problem[] {
  return [{ path: [name], value, says }];
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

/** Keys of a board that was told none: the demonstration in the root `manifest.json`. */
const KEYS_BUILT_IN = 1;

function shardProblems(settings: Settings, told: number): Problem[] {
  const keys = told === 0 ? KEYS_BUILT_IN : told;
  const shards = settings.get('shards');
  const most = Math.min(64, Math.floor((CLAIMED_BYTES_MAX - 8 * keys) / 9));
  if (typeof shards !== 'number' || shards <= most) return [];
  return problem(
    'shards',
    shards,
    `must be at most ${most} with ${keys} ${keys === 1 ? 'key' : 'keys'}, or their claims would not fit a datagram`,
  );
}

/** NVS ends a text at its first zero, and the board would be told another one. */
function textProblems(settings: Settings): Problem[] {
  return [...settings].flatMap(([name, value]) =>
    typeof value !== 'string' || fitsString(value)
      ? []
      : problem(name, undefined, `must be text of less than ${STRING_BYTES_MAX} bytes, without the character U+0000`),
  );
}

/** @param settings all that the board will hold; each value fits the schema */
export function crossProblems(settings: Settings, target: Target): Problem[] {
  const keys = (settings.get(KEYS) ?? []) as readonly KeyText[];
  return [
    ...textProblems(settings),
    ...networkProblems(settings),
    ...mqttProblems(settings),
    ...keyFileProblems(settings),
    ...shardProblems(settings, keys.length),
    ...keys.flatMap((key, i) => keyProblems(key, i, keys, target)),
  ];
}
