/** Files with secrets, kept as ssh keeps its keys: one that others may read is refused. */
import { closeSync, fchmodSync, fstatSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { Failure, systemReason, UsageError, writeReason } from '../../cli/errors.ts';

/** Bits for the group and for others. */
const OTHERS = 0o077;
const MINE_ALONE = 0o600;
/** Longer than any secret: a wrong file is told from a right one. */
const BYTES_MAX = 4096;

/** What is wrong with a file's rights, and what mends it; '' where nothing is, and on Windows, which has other rights. */
export function rightsProblem(mode: number, name: string): string {
  if (process.platform === 'win32' || (mode & OTHERS) === 0) return '';
  const shown = (mode & 0o777).toString(8).padStart(3, '0');
  return `it holds a secret and others may read it (mode ${shown}); make it yours alone: chmod 600 ${name}`;
}

/**
 * A file's text and its mode, both of the same file even when another takes its place meanwhile.
 *
 * @throws UsageError when it cannot be read
 */
export function readWithRights(path: string, name: string): { text: string; mode: number } {
  try {
    const file = openSync(path, 'r');
    try {
      return { mode: fstatSync(file).mode, text: readFileSync(file, 'utf8') };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw new UsageError(`${name}: cannot be read: ${systemReason(error)}`);
  }
}

/**
 * The first line of a file.
 *
 * @param name as the user would name it
 * @throws UsageError when it cannot be read, others may read it, or it is empty or no text
 */
export function readSecret(path: string, name: string): string {
  const { text, mode } = readWithRights(path, name);
  const problem = rightsProblem(mode, name);
  if (problem !== '') throw new UsageError(`${name}: ${problem}`);
  const [line] = text.split(/\r?\n/);
  if (line === '') throw new UsageError(`${name}: its first line is empty; the secret belongs there`);
  if (text.length > BYTES_MAX || line.includes('\0')) throw new UsageError(`${name}: it is too long to hold a secret`);
  return line;
}

/**
 * Writes a file that only its owner may read.
 *
 * @throws Failure when it cannot be written, or is there already and `replace` is false
 */
export function writePrivate(path: string, name: string, data: string | Uint8Array, replace: boolean): void {
  try {
    const file = openSync(path, replace ? 'w' : 'wx', MINE_ALONE);
    try {
      // A file that was there before keeps its mode when it is opened.
      if (process.platform !== 'win32') fchmodSync(file, MINE_ALONE);
      writeFileSync(file, data);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const there = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    throw new Failure(
      there
        ? `${name} is there already and may be the key of a swarm: name another file with --out, or remove it first`
        : `${name} cannot be written: ${writeReason(error)}`,
    );
  }
}
