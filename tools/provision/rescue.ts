/**
 * A copy of the partition that is about to be written, kept until it is verified. A cable pulled in the middle leaves the
 * flash half erased; the next run finds the copy, so that nothing of what the board held is lost. It holds secrets, so
 * only its owner may read it.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, writeReason } from '../cli/errors.ts';
import type { NvsContents, NvsEntry } from './nvs/contents.ts';
import { writePrivate } from './settings/secret-file.ts';

function pathOf(root: string, mac: string): string {
  return join(root, 'build', 'provision', `${mac.replaceAll(':', '')}.bin`);
}

export function keepCopy(root: string, mac: string, image: Uint8Array): void {
  const folder = join(root, 'build', 'provision');
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new Failure(`the folder ${folder} cannot be made for a copy of the settings: ${writeReason(error)}`);
  }
  const path = pathOf(root, mac);
  writePrivate(path, path, image, true);
}

/** What was kept when writing to this board did not come to its end; undefined where it did, or the size is another. */
export function findCopy(root: string, mac: string, size_bytes: number): Uint8Array | undefined {
  const path = pathOf(root, mac);
  if (!existsSync(path)) return undefined;
  const image = new Uint8Array(readFileSync(path));
  return image.length === size_bytes ? image : undefined;
}

export function dropCopy(root: string, mac: string): void {
  rmSync(pathOf(root, mac), { force: true });
}

/** The board may have run since, so what it holds is newer than the copy; the copy fills in what is gone. */
export function withCopy(held: NvsContents, copy: NvsContents): NvsContents {
  const place = ({ namespace, key }: NvsEntry): string => `${namespace} ${key}`;
  const there = new Set(held.entries.map(place));
  const gone = copy.entries.filter((entry) => !there.has(place(entry)));
  return { ...held, entries: [...held.entries, ...gone] };
}
