/** The firmware bundle: the very bytes that a device runs, loaded once, with the hash that names them in every report. */

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Failure } from '../../tools/cli/errors.ts';
import type * as Firmware from '../../firmware/node.ts';

export type FirmwareApi = typeof Firmware;

export interface Bundle {
  api: FirmwareApi;
  /** The bundle's text, for an engine other than this one to load. */
  code: string;
  /** SHA-256 of the bundle's bytes, in hex. */
  sha256: string;
}

/** Host programs stand in build/bin/, the bundle in build/firmware/. */
const DEFAULT_PATH = fileURLToPath(new URL('../firmware/node.mjs', import.meta.url));

/** @throws Failure when there is no bundle at `path` */
export async function loadBundle(path: string = DEFAULT_PATH): Promise<Bundle> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch {
    throw new Failure(`no firmware bundle at ${path}; build it with "npm run build:bundle"`);
  }
  const api = (await import(pathToFileURL(path).href)) as FirmwareApi;
  return { api, code: bytes.toString(), sha256: createHash('sha256').update(bytes).digest('hex') };
}
