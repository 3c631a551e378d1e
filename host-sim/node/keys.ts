/** The swarm's keys, from the files that the user named. */
import { resolve } from 'node:path';
import { UsageError } from '../../tools/cli/errors.ts';
import { EXIT_KEY_OPEN, EXIT_KEY_UNREADABLE, NodeFailure } from '../node-platform/failure.ts';
import { KeyFileError, readKeyFile } from '../node-platform/seal/key-file.ts';

/** What a swarm that changes its key has: the key that seals, and one that still opens. */
const KEYS_MAX = 2;

function readFile(file: string, cwd: string): Uint8Array[] {
  try {
    return readKeyFile(resolve(cwd, file));
  } catch (error) {
    if (!(error instanceof KeyFileError)) throw error;
    throw new NodeFailure(error.fault === 'others' ? EXIT_KEY_OPEN : EXIT_KEY_UNREADABLE, error.message);
  }
}

/**
 * One or two different keys, the one that seals first; none without a file.
 * @throws NodeFailure
 */
export function readKeys(file: string | undefined, old_file: string | undefined, cwd: string): Uint8Array[] {
  if (file === undefined) return [];
  const keys: Uint8Array[] = [];
  for (const key of [...readFile(file, cwd), ...(old_file === undefined ? [] : readFile(old_file, cwd))]) {
    if (!keys.some((known) => Buffer.compare(known, key) === 0)) keys.push(key);
  }
  if (keys.length <= KEYS_MAX) return keys;
  throw new UsageError(`--key-file-old ${old_file ?? ''}: makes more than ${KEYS_MAX} keys together with --key-file`);
}
