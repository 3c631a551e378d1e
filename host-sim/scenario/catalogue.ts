/** The scenarios that ship with the project, and those that a user keeps elsewhere. */
import { readdirSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { UsageError } from '../../tools/cli/errors.ts';
import { didYouMean } from '../../tools/cli/nearest.ts';
import { readJson, type JsonSource } from '../../tools/cli/json-file.ts';
import { SCENARIO_FOLDER } from './schema.ts';

/** What runs when nobody says what to run. */
export const DEFAULT_SCENARIO = 'lan-50';

export function scenarioNames(): string[] {
  const files = readdirSync(SCENARIO_FOLDER).filter((file) => file.endsWith('.json') && file !== 'schema.json');
  return files.map((file) => basename(file, '.json')).sort(new Intl.Collator('en', { numeric: true }).compare);
}

export interface NamedSource {
  name: string;
  source: JsonSource;
}

/** Reads a scenario by the name of a shipped one or, with a slash or `.json` in it, by path. */
export function readScenario(nameOrPath: string, cwd: string): NamedSource {
  if (nameOrPath.endsWith('.json') || /[\\/]/.test(nameOrPath)) {
    return { name: basename(nameOrPath, '.json'), source: readJson(resolve(cwd, nameOrPath), nameOrPath, 'strict') };
  }
  const names = scenarioNames();
  if (!names.includes(nameOrPath)) {
    const hint = didYouMean(nameOrPath, names) || `; there are ${names.join(', ')}, or give the path of a .json file`;
    throw new UsageError(`there is no scenario "${nameOrPath}"${hint}`);
  }
  const file = join(SCENARIO_FOLDER, `${nameOrPath}.json`);
  return { name: nameOrPath, source: readJson(file, relative(cwd, file), 'strict') };
}

/** Names and descriptions, for `--list`. */
export function scenarioList(cwd: string): { name: string; description: string }[] {
  return scenarioNames().map((name) => {
    const value = readScenario(name, cwd).source.value as { description?: string };
    return { name, description: value.description ?? '' };
  });
}
