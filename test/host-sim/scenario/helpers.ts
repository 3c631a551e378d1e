/** Loads scenarios as the command does, from words. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../../tools/cli/errors.ts';
import { parseOptions } from '../../../host-sim/cli/options.ts';
import { DataFiles } from '../../../host-sim/scenario/data.ts';
import { loadScenario } from '../../../host-sim/scenario/load.ts';
import type { Loaded } from '../../../host-sim/scenario/load.ts';

/** A folder of its own with these files in it. */
export function folderWith(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'lvs-test-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** `words` as on the command line. `cwd` is the current folder and that of the data. */
export function load(words: readonly string[], cwd = folderWith()): Loaded {
  const options = parseOptions(words, cwd, 80);
  return loadScenario(options.scenario, cwd, options.settings, new DataFiles(options.data ?? cwd));
}

/** The lines with which something is refused. */
export function refusal(act: () => unknown): readonly string[] {
  try {
    act();
  } catch (error) {
    if (error instanceof UsageError) return error.lines;
    throw error;
  }
  throw new Error('it was not refused');
}

/** What loading this text as a scenario file is refused with. */
export function fileRefusal(text: string, ...words: string[]): readonly string[] {
  const folder = folderWith({ 'mine.json': text });
  return refusal(() => load(['./mine.json', ...words], folder));
}

/** A ring of eight sensors that all hear each other, and a ninth that nobody hears. */
export const LINKS_CSV = `from,to,delivery\n${Array.from({ length: 8 }, (_, i) =>
  Array.from({ length: 8 }, (_unused, j) => (i === j ? '' : `${i + 1},${j + 1},0.${i + 1}${j + 1}\n`)).join(''),
).join('')}1,9,0.5\n`;

export const READINGS_CSV =
  'time_s,node,key,value\n0,1,temperature,20\n0,2,temperature,21\n60,1,temperature,22\n60,2,temperature,23\n';
