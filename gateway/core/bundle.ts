/** The firmware bundle: the very bytes that a device runs, loaded when the gateway starts. */
import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type * as Firmware from '../../firmware/node.ts';
import { Failure } from '../../tools/cli/errors.ts';

export type FirmwareApi = typeof Firmware;

/** The gateway stands in build/bin/, the bundle in build/firmware/. */
const DEFAULT_PATH = fileURLToPath(new URL('../firmware/node.mjs', import.meta.url));

/** @throws Failure when there is no bundle at `path` */
export async function loadBundle(path: string = DEFAULT_PATH): Promise<FirmwareApi> {
  if (!existsSync(path)) throw new Failure(`no firmware bundle at ${path}; build it with "npm run build:bundle"`);
  return (await import(pathToFileURL(path).href)) as FirmwareApi;
}
