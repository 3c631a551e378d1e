/** A board as its folder says it. A new board is a new folder: the list is whatever lies in boards/. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../cli/errors.ts';
import { nearest } from '../cli/nearest.ts';

export interface Board {
  name: string;
  chip: string;
  sdk_target: string;
  refused?: string;
  flash: { size_mb: number; mode: string; frequency_mhz: number };
  psram_mb: number;
  usb: { kind: 'uart-bridge' | 'serial-jtag' | 'otg'; chip: string; ids: string[] };
  i2c: { data: number; clock: number } | null;
  pins: Record<string, number>;
  sensors: { part: string; address: number }[];
  led: { kind: 'gpio' | 'pixel'; pin: number; active_low?: boolean; power?: number } | null;
  battery: { pin: number; enable?: number; divider: number; empty_mv: number; full_mv: number } | null;
  button: { name: string; pin: number; active_low: boolean } | null;
  download_mode: string;
}

/** The folder's files as text; undefined for one that is not there. */
export interface BoardFolder {
  id: string;
  path: string;
  board: string | undefined;
  sdkconfig: string | undefined;
  partitions: string | undefined;
  readme: string | undefined;
}

export function boardIds(root: string): string[] {
  const folder = join(root, 'boards');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

export function readBoardFolder(root: string, id: string): BoardFolder {
  const path = join(root, 'boards', id);
  const text = (name: string): string | undefined =>
    existsSync(join(path, name)) ? readFileSync(join(path, name), 'utf8') : undefined;
  return {
    id,
    path,
    board: text('board.json'),
    sdkconfig: text('sdkconfig.defaults'),
    partitions: text('partitions.csv'),
    readme: text('README.md'),
  };
}

/** @throws UsageError for a board that is not there, naming the one that was likely meant */
export function findBoardFolder(root: string, id: string): BoardFolder {
  const ids = boardIds(root);
  if (ids.includes(id)) return readBoardFolder(root, id);
  const near = nearest(id, ids);
  const hint = near === '' ? `there are ${ids.join(', ')}` : `did you mean ${near}?`;
  throw new UsageError(`there is no board "${id}"; ${hint} (\`npm run boards\` lists them)`);
}
