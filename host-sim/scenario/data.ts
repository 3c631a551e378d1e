/** Finds and reads the CSV files that a scenario names. They are not part of the project: see docs/simulator.md. */
import { existsSync, readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { systemReason, UsageError } from '../../tools/cli/errors.ts';
import type { Environment } from '../../tools/cli/colour.ts';
import { projectRoot } from '../../tools/cli/project-root.ts';
import { parseLinks } from './links.ts';
import type { LinkTable } from './links.ts';
import { parseReadings } from './readings.ts';
import type { ReadingTable } from './readings.ts';

/** The files of the real office that the shipped scenarios name. */
const OFFICE_FILES = ['links.csv', 'temperature.csv'];
const OFFICE_SOURCE =
  'it comes from the Intel Berkeley Research Lab deployment (db.csail.mit.edu/labdata), see docs/simulator.md; ' +
  'name the folder that holds it with --data DIR or LVS_DATA';

/** Where the files lie: `--data`, else LVS_DATA, else beside the project. */
export function dataFolder(flag: string | undefined, env: Environment, cwd: string): string {
  if (flag !== undefined) return resolve(cwd, flag);
  if ((env.LVS_DATA ?? '') !== '') return resolve(cwd, env.LVS_DATA ?? '');
  return join(projectRoot(), '..', 'shared', 'data', 'intel-lab');
}

/** A file that a flag names: in the current folder, where the user's shell completes it, else left to the data folder. */
export function nearFile(name: string, cwd: string): string {
  const here = resolve(cwd, name);
  return existsSync(here) ? here : name;
}

function readData(name: string, folder: string): { file: string; text: string } {
  const file = isAbsolute(name) ? name : join(folder, name);
  const here = relative('', file);
  const shown = here.startsWith('..') ? file : here;
  try {
    return { file: shown, text: readFileSync(file, 'utf8') };
  } catch (error) {
    const hint = OFFICE_FILES.includes(name)
      ? OFFICE_SOURCE
      : `paths are taken from the current folder, then from ${folder} (--data DIR)`;
    throw new UsageError(`${shown}: cannot be read: ${systemReason(error)}; ${hint}`);
  }
}

/** Reads each file once, however many scenarios of a sweep name it. */
export class DataFiles {
  readonly #folder: string;
  readonly #links = new Map<string, LinkTable>();
  readonly #readings = new Map<string, ReadingTable>();
  readonly #sha256 = new Map<string, string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  links(name: string): LinkTable {
    return this.#read(this.#links, name, parseLinks);
  }

  readings(name: string): ReadingTable {
    return this.#read(this.#readings, name, parseReadings);
  }

  /** Of a file that was read. */
  sha256(name: string): string {
    return this.#sha256.get(name) ?? '';
  }

  #read<T>(cache: Map<string, T>, name: string, parse: (file: string, text: string) => T): T {
    const known = cache.get(name);
    if (known !== undefined) return known;
    const { file, text } = readData(name, this.#folder);
    const table = parse(file, text);
    cache.set(name, table);
    this.#sha256.set(name, createHash('sha256').update(text).digest('hex'));
    return table;
  }
}
