/**
 * A swarm's key file: a line for each key, 43 characters of base64url, which are 32 bytes. The first key seals, each
 * opens; there is a second line only while the swarm changes its key. Who can read the file is a member, so on POSIX
 * nobody but its owner may.
 */

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { platform } from 'node:process';
import { systemReason } from '../../../tools/cli/errors.ts';
import { SWARM_KEY_BYTES, SWARM_KEYS_MAX } from './keys.ts';

/** Why a key file is of no use. `others`: somebody else may read or write it. `keys`: none, too many, or the same twice. */
export type KeyFileFault = 'unreadable' | 'others' | 'length' | 'characters' | 'keys';

/** Its message is one line for the user: the file, what is wrong, what to do. No key and no part of one is ever in it. */
export class KeyFileError extends Error {
  readonly fault: KeyFileFault;

  constructor(fault: KeyFileFault, message: string) {
    super(message);
    this.name = 'KeyFileError';
    this.fault = fault;
  }
}

const LINE_CHARACTERS = Math.ceil((SWARM_KEY_BYTES * 8) / 6);
/** Far beyond what a key file may hold: somebody named another file. */
const READ_MAX_BYTES = 1024;
const GROUP_AND_OTHERS = 0o077;

/**
 * One key, or two while the swarm changes its key.
 * @throws KeyFileError
 */
export function readKeyFile(path: string): Uint8Array[] {
  const text = readOwn(path);
  const lines = text.replace(/\r?\n$/, '').split(/\r?\n/);
  if (text.trim() === '') throw fault('keys', path, 'is empty');
  if (lines.length > SWARM_KEYS_MAX) throw fault('keys', path, `has more than ${SWARM_KEYS_MAX} lines`);
  const keys = lines.map((line, index) => readKey(line, `${path}, line ${index + 1}`));
  if (keys.length === 2 && Buffer.compare(keys[0], keys[1]) === 0) throw fault('keys', path, 'has the same key twice');
  return keys;
}

/** Mode and text are those of one and the same open file: nobody can put another in its place meanwhile. */
function readOwn(path: string): string {
  let file = -1;
  try {
    file = openSync(path, 'r');
    const status = fstatSync(file);
    if (status.isDirectory())
      throw new KeyFileError('unreadable', `key file ${path} cannot be read: it is a directory`);
    const { mode } = status;
    if (platform !== 'win32' && (mode & GROUP_AND_OTHERS) !== 0) {
      const octal = (mode & 0o777).toString(8).padStart(3, '0');
      throw new KeyFileError('others', `key file ${path} is open to others (mode ${octal}); run: chmod 600 ${path}`);
    }
    const bytes = Buffer.alloc(READ_MAX_BYTES);
    return bytes.toString('latin1', 0, readSync(file, bytes, 0, READ_MAX_BYTES, null));
  } catch (error) {
    if (error instanceof KeyFileError) throw error;
    throw new KeyFileError('unreadable', `key file ${path} cannot be read: ${systemReason(error)}`);
  } finally {
    if (file >= 0) closeSync(file);
  }
}

function readKey(line: string, where: string): Uint8Array {
  if (!/^[A-Za-z0-9_-]*$/.test(line)) throw fault('characters', where, 'has characters that base64url does not');
  const key = Buffer.from(line, 'base64url');
  // The last character carries four bits and two that must be 0: another one is a typing error, not another key.
  if (line.length !== LINE_CHARACTERS || key.toString('base64url') !== line) {
    throw fault('length', where, `is no key of ${SWARM_KEY_BYTES} bytes (it has ${line.length} characters)`);
  }
  return new Uint8Array(key);
}

function fault(kind: KeyFileFault, where: string, what: string): KeyFileError {
  const allowed = `a key is a line of ${LINE_CHARACTERS} characters, base64url of ${SWARM_KEY_BYTES} random bytes`;
  return new KeyFileError(
    kind,
    `key file ${where} ${what}; ${allowed}: make one with \`npm run provision -- new-key\``,
  );
}
