/**
 * Names as levels of topics and as ids, as gateway/mqtt has them (topic.ts, homeassistant/ids.ts): a test holds both to
 * the same. The chip's JavaScript cannot take an accent off a letter, so in the readable part of an id such a letter
 * counts as a gap; the hash behind it is the same everywhere.
 */

import type { Crypt } from '../seal/crypt.ts';

const PERCENT = 0x25;
const PLUS = 0x2b;
const HASH = 0x23;
const HASH_BYTES = 4;
const SLUG_MAX = 32;
const REPLACEMENT = 0xfffd;

/** The bytes of UTF-8; half a surrogate pair becomes U+FFFD. */
export function utf8(text: string): Uint8Array {
  const bytes = new Uint8Array(utf8Length(text));
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const code = pointAt(text, i);
    if (code < 0x80) {
      bytes[at++] = code;
      continue;
    }
    if (code < 0x800) bytes[at++] = 0xc0 | (code >> 6);
    else {
      if (code < 0x10000) bytes[at++] = 0xe0 | (code >> 12);
      else {
        bytes[at++] = 0xf0 | (code >> 18);
        bytes[at++] = 0x80 | ((code >> 12) & 63);
        i++;
      }
      bytes[at++] = 0x80 | ((code >> 6) & 63);
    }
    bytes[at++] = 0x80 | (code & 63);
  }
  return bytes;
}

export function utf8Length(text: string): number {
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const code = pointAt(text, i);
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (code >= 0x10000) i++;
  }
  return length;
}

function pointAt(text: string, index: number): number {
  const code = text.codePointAt(index) ?? REPLACEMENT;
  return code >= 0xd800 && code <= 0xdfff ? REPLACEMENT : code;
}

/** A name as one or more levels of a topic: `room1/temp` stays as it is. */
export function topicPath(name: string): string {
  let path = '';
  for (const level of name.split('/')) path += `${path === '' ? '' : '/'}${level === '' ? '%' : escaped(level)}`;
  return path;
}

/** The same as a single level. */
export function topicLevel(name: string): string {
  return topicPath(name).split('/').join('%2f');
}

function escaped(level: string): string {
  let text = '';
  for (let i = 0; i < level.length; i++) {
    const code = level.charCodeAt(i);
    const control = code < 0x20 || (code >= 0x7f && code < 0xa0);
    const odd = control || code === PERCENT || code === PLUS || code === HASH;
    text += odd ? `%${hexByte(code)}` : level.charAt(i);
  }
  return text;
}

function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

/** Lower-case letters and digits, a `_` for each gap between them. */
function slug(name: string): string {
  let text = '';
  let gap = false;
  for (const letter of name.toLowerCase()) {
    const plain = (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
    if (plain) text += gap && text !== '' ? `_${letter}` : letter;
    gap = !plain;
  }
  return text.slice(0, SLUG_MAX);
}

/** The slug is for people; the hash keeps `a/b` and `a-b` apart. */
function idOf(name: string, crypt: Crypt): string {
  const digest = new crypt.Digest('SHA256');
  digest.write(utf8(name));
  const bytes = new Uint8Array(digest.close());
  let hash = '';
  for (let i = 0; i < HASH_BYTES; i++) hash += hexByte(bytes[i]);
  const readable = slug(name);
  return readable === '' ? hash : `${readable}_${hash}`;
}

export function deviceId(site: string, crypt: Crypt): string {
  return `lvs_${idOf(site, crypt)}`;
}

/** What the ids of a key's components begin with. */
export function keyId(key: string, crypt: Crypt): string {
  return `key_${idOf(key, crypt)}`;
}
