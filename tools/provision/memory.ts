/** Whether the node that a board will be told to run fits the chip's memory: a board tells of it only by starting again and again. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadBundle } from '../build/bundle.ts';
import { fitProblem } from '../build/fit.ts';
import { type Merged, nodeSettings } from '../build/settings.ts';
import { projectRoot } from '../cli/project-root.ts';
import type { Settings } from './settings/board-settings.ts';

/**
 * Reckoned by the node's own bundle, over the settings that the root manifest builds in; without a bundle there is nothing to reckon with.
 *
 * @returns what to warn of; '' for nothing
 */
export async function memoryWarning(settings: Settings): Promise<string> {
  const root = projectRoot();
  if (!existsSync(join(root, 'build', 'firmware', 'node.mjs'))) return '';
  const { config, creation } = JSON.parse(readFileSync(join(root, 'manifest.json'), 'utf8')) as Merged;
  const firmware = await loadBundle(root);
  const told = nodeSettings(firmware, { config: { ...config, ...Object.fromEntries(settings) }, creation });
  // What the board held wrongly before is told by the board itself.
  return firmware.checkSettings(told) === '' ? fitProblem(firmware, told, creation) : '';
}
