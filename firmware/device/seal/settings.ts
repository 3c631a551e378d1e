/** The swarm's keys, from NVS. They are bytes, and are shown nowhere. */

import type { SettingsReader } from '../config/reader.ts';

const KEY_BYTES = 32;

export interface SealSettings {
  /** The first one seals, each opens. */
  keys: ArrayBuffer[];
  /** Whether what is said is hidden too. */
  private: boolean;
}

/**
 * Null where there is no key: the swarm is open.
 * @throws RangeError naming the setting that is wrong, and what is allowed
 */
export function readSeal(reader: SettingsReader): SealSettings | null {
  const key = readKey(reader, 'swarm_key');
  const old = readKey(reader, 'swarm_key_old');
  const hidden = readPrivate(reader);
  if (key !== null) return { keys: old === null ? [key] : [key, old], private: hidden };
  if (old !== null) throw new RangeError('swarm_key_old is there without swarm_key; give the board both');
  if (hidden) throw new RangeError('private needs swarm_key; give the board the key of its swarm');
  return null;
}

function readKey(reader: SettingsReader, name: string): ArrayBuffer | null {
  const value = reader.find(name);
  if (value === undefined) return null;
  if (value instanceof ArrayBuffer && value.byteLength === KEY_BYTES) return value;
  const is = value instanceof ArrayBuffer ? `${value.byteLength} bytes` : 'no bytes';
  throw new RangeError(`${name} is ${is}; it must be ${KEY_BYTES} bytes in NVS`);
}

/** NVS holds booleans and numbers, a command line texts. */
function readPrivate(reader: SettingsReader): boolean {
  const value = reader.find('private');
  if (value === true || value === 1 || value === '1' || value === 'true') return true;
  if (value === undefined || value === false || value === 0 || value === '0' || value === 'false') return false;
  throw new RangeError('private must be 0 or 1');
}
