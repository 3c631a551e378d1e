/**
 * Names under which Home Assistant remembers a device and its entities. They are made of the site's and the keys' names in
 * the configuration, never of a session. The device keeps the id of the site's first name (`memory.ts`), so that a rename
 * changes what people read and nothing that they have built on it.
 */

import { createHash } from 'node:crypto';

const HASH_CHARACTERS = 8;
const SLUG_MAX = 32;

/** Lower-case letters, digits and `_`: what is allowed in a discovery topic. */
function slug(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return plain
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '')
    .slice(0, SLUG_MAX);
}

/** The slug is for people; the hash keeps `a/b` and `a-b` apart. */
function idOf(name: string): string {
  const hash = createHash('sha256').update(name).digest('hex').slice(0, HASH_CHARACTERS);
  const readable = slug(name);
  return readable === '' ? hash : `${readable}_${hash}`;
}

export function deviceId(site: string): string {
  return `lvs_${idOf(site)}`;
}

export function componentId(key: string, what: string): string {
  return `key_${idOf(key)}_${what}`;
}

export function alarmId(alarmClass: string): string {
  return `alarm_${idOf(alarmClass)}`;
}
