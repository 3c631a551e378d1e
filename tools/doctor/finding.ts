/** What a look at one thing came to. */

export type State = 'ok' | 'missing' | 'wrong';

export interface Finding {
  name: string;
  state: State;
  /** What is there. */
  found: string;
  /** What to do about it; '' when all is well. */
  mend: string;
  /** What cannot be done without it. */
  needed_for: 'everything' | 'boards' | 'flashing' | 'linux-simulator';
}

/** What a look needs of the computer, as an argument: tests give their own. */
export interface Machine {
  env: Readonly<Record<string, string | undefined>>;
  platform: NodeJS.Platform;
  node_version: string;
  /** First line of what a program prints, or '' when it cannot be started or fails. */
  firstLine: (command: string, args: readonly string[]) => Promise<string>;
  /** Names in a folder; none when it is not there. */
  list: (folder: string) => string[];
  /** Whether the user may read and write it. */
  mayUse: (path: string) => boolean;
  isRoot: boolean;
}

export function ok(name: string, needed_for: Finding['needed_for'], found: string): Finding {
  return { name, state: 'ok', found, mend: '', needed_for };
}
