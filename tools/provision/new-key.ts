/** `provision new-key`: a swarm key in a file of its owner alone. */
import { resolve } from 'node:path';
import { EXIT_OK } from '../cli/exit-codes.ts';
import type { Surroundings } from '../cli/surroundings.ts';
import { writeAll } from '../cli/surroundings.ts';
import type { NewKeyOptions } from './options.ts';
import { writePrivate } from './settings/secret-file.ts';
import { fingerprint, makeSwarmKey, swarmKeyBytes } from './settings/swarm-key.ts';

export async function newKey({ out, json }: NewKeyOptions, around: Surroundings): Promise<number> {
  const { stdout, stderr, cwd } = around;
  const key = makeSwarmKey();
  const print = fingerprint(swarmKeyBytes(key) ?? new Uint8Array());
  if (out === '-') {
    // Asked for by name: for a program that keeps secrets itself.
    await writeAll(stdout, `${key}\n`);
    return EXIT_OK;
  }
  writePrivate(resolve(cwd, out), out, `${key}\n`, false);
  if (json) {
    await writeAll(stdout, `${JSON.stringify({ type: 'key', file: out, fingerprint: print })}\n`);
    return EXIT_OK;
  }
  await writeAll(stdout, `${out}\n`);
  await writeAll(
    stderr,
    `A new swarm key with the fingerprint ${print} is in ${out}, which only you may read (mode 600).\n` +
      `Give it to every board of the swarm: npm run provision -- --key-file ${out}\n` +
      `Keep a copy in a safe place, and out of version control: without it no board can join later.\n`,
  );
  return EXIT_OK;
}
