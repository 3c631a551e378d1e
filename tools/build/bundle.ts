/** The node's bundle, as Rollup made it: what goes onto the chip runs here too. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Firmware from '../../firmware/node.ts';

export async function loadBundle(root: string): Promise<typeof Firmware> {
  return (await import(pathToFileURL(join(root, 'build', 'firmware', 'node.mjs')).href)) as typeof Firmware;
}
