/** What reading a configuration goes by: where it lies, the environment, and the problems found so far. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Environment } from '../../tools/cli/colour.ts';
import type { Path } from '../../tools/cli/json-path.ts';
import type { Problem } from './fault.ts';
import type { Found } from './secrets.ts';

export class Reader {
  readonly problems: Problem[] = [];
  readonly env: Environment;
  readonly #folder: string;

  /** @param folder that paths in the file are relative to */
  constructor(folder: string, env: Environment) {
    this.#folder = folder;
    this.env = env;
  }

  problem(path: Path, says: string): void {
    this.problems.push({ path, says });
  }

  /** The value, and what is wrong with it noted. */
  take<Value>(path: Path, { value, says }: Found<Value>): Value {
    if (says !== '') this.problem(path, says);
    return value;
  }

  absolute(path: string): string {
    return path === '~' || path.startsWith('~/') ? join(this.home, path.slice(1)) : resolve(this.#folder, path);
  }

  /** A file that has to be there; '' where none is named. */
  file(name: string | undefined, path: Path): string {
    if (name === undefined) return '';
    const file = this.absolute(name);
    if (!existsSync(file)) this.problem(path, `there is no file ${file}`);
    return file;
  }

  /** systemd gives a service a folder of its own; a person has one for such things. */
  stateFolder(given: string | undefined): string {
    if (given !== undefined) return this.absolute(given);
    const { STATE_DIRECTORY = '', XDG_STATE_HOME = '' } = this.env;
    if (STATE_DIRECTORY !== '') return STATE_DIRECTORY.split(':')[0];
    return join(XDG_STATE_HOME === '' ? join(this.home, '.local', 'state') : XDG_STATE_HOME, 'lvs-gateway');
  }

  get home(): string {
    return this.env.HOME ?? homedir();
  }
}
