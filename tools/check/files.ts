/** Which files a check is about. */
import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { systemReason, UsageError } from '../cli/errors.ts';

const DEFAULT_FOLDER = 'firmware';

function isSource(path: string): boolean {
  return path.endsWith('.ts') && !path.endsWith('.d.ts');
}

function sourcesIn(folder: string): string[] {
  const files: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'node_modules') files.push(...sourcesIn(path));
    else if (entry.isFile() && isSource(entry.name)) files.push(path);
  }
  return files.sort();
}

/** The sources that one word of the command line names, or why it names none. */
function sourcesOf(word: string, cwd: string): string[] | string {
  const path = resolve(cwd, word);
  try {
    if (statSync(path).isDirectory()) {
      const files = sourcesIn(path);
      return files.length > 0 ? files : `${word}: no TypeScript file is in this folder`;
    }
  } catch (error) {
    return `${word}: ${systemReason(error)}`;
  }
  return isSource(path) ? [path] : `${word}: the checker reads TypeScript files (.ts) and folders of them`;
}

/** @param words files and folders from `cwd`; none stands for the firmware of the project at `root` */
export function chooseFiles(words: readonly string[], cwd: string, root: string): string[] {
  const found = (words.length === 0 ? [join(root, DEFAULT_FOLDER)] : words).map((word) => sourcesOf(word, cwd));
  const wrong = found.filter((one) => typeof one === 'string');
  if (wrong.length > 0) throw new UsageError(wrong);
  return [...new Set(found.filter((one) => typeof one !== 'string').flat())];
}
