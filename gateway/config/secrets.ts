/** Passwords and keys: from a file that nobody else may read, or from the environment; never from the configuration. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { platform } from 'node:process';
import type { Environment } from '../../tools/cli/colour.ts';
import { systemReason } from '../../tools/cli/errors.ts';
import { readKeyFile } from '../../host-sim/node-platform/seal/key-file.ts';

export interface Found<Value> {
  value: Value;
  /** What is wrong; '' when nothing is. */
  says: string;
}

const GROUP_AND_OTHERS = 0o077;
/** A password is a line, not a book. */
const READ_MAX_BYTES = 4096;

/** The file's first line. Mode and text are those of one and the same open file. */
export function readPasswordFile(path: string): Found<string> {
  const wrong = (says: string): Found<string> => ({ value: '', says: `the file ${path} ${says}` });
  let file = -1;
  try {
    file = openSync(path, 'r');
    const status = fstatSync(file);
    if (!status.isFile()) return wrong('is no file');
    if (platform !== 'win32' && (status.mode & GROUP_AND_OTHERS) !== 0) {
      const octal = (status.mode & 0o777).toString(8).padStart(3, '0');
      return wrong(`is open to others (mode ${octal}); run: chmod 600 ${path}`);
    }
    const bytes = Buffer.alloc(READ_MAX_BYTES);
    const [line = ''] = bytes.toString('utf8', 0, readSync(file, bytes, 0, READ_MAX_BYTES, null)).split(/\r?\n/);
    return line === '' ? wrong('is empty; write the password into its first line') : { value: line, says: '' };
  } catch (error) {
    return wrong(`cannot be read: ${systemReason(error)}`);
  } finally {
    if (file >= 0) closeSync(file);
  }
}

export function readPasswordVariable(name: string, env: Environment): Found<string> {
  const value = env[name] ?? '';
  return value === '' ? { value, says: `the environment variable ${name} is not set` } : { value, says: '' };
}

/** One or two swarm keys. No key and no part of one is in what it says. */
export function readKeys(files: readonly string[]): Found<Uint8Array[]> {
  try {
    const keys: Uint8Array[] = [];
    for (const key of files.flatMap((file) => (file === '' ? [] : readKeyFile(file)))) {
      if (!keys.some((known) => Buffer.compare(known, key) === 0)) keys.push(key);
    }
    const says = keys.length <= 2 ? '' : 'makes more than two keys together with key_file';
    return { value: keys, says };
  } catch (error) {
    return { value: [], says: error instanceof Error ? error.message : String(error) };
  }
}
