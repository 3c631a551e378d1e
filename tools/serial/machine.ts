/** What is asked of the computer around serial ports, as an argument: tests describe one of their own. */
import { readdirSync, readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import process from 'node:process';

export interface SerialMachine {
  platform: NodeJS.Platform;
  /** The process that asks, which is no stranger to itself. */
  pid: number;
  user: string;
  /** Numbers of the groups that this process is in. */
  groups: readonly number[];
  /** Names in a folder; none where it cannot be read. */
  list: (folder: string) => string[];
  /** Where a link leads, '' where it cannot be read. */
  readLink: (path: string) => string;
  /** A file as text, '' where it cannot be read. */
  readText: (path: string) => string;
  /** The path without links; the path itself where there is none. */
  realPath: (path: string) => string;
  /** The number of the group that a file belongs to, -1 where that cannot be said. */
  groupOf: (path: string) => number;
}

function attempt<Value>(work: () => Value, otherwise: Value): Value {
  try {
    return work();
  } catch {
    return otherwise;
  }
}

export function thisSerialMachine(): SerialMachine {
  return {
    platform: process.platform,
    pid: process.pid,
    user: attempt(() => userInfo().username, ''),
    groups: process.getgroups?.() ?? [],
    list: (folder) => attempt(() => readdirSync(folder), []),
    readLink: (path) => attempt(() => readlinkSync(path), ''),
    readText: (path) => attempt(() => readFileSync(path, 'utf8'), ''),
    realPath: (path) => attempt(() => realpathSync(path), path),
    groupOf: (path) => attempt(() => statSync(path).gid, -1),
  };
}
