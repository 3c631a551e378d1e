/** What is to be written, as ESP-IDF's flasher_args.json says it: our own builds, and those of any ESP-IDF project. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { CHIPS } from '../boards/chips.ts';
import { systemReason, UsageError } from '../cli/errors.ts';
import { readPartitionTable, TABLE_OFFSET } from './partition-table.ts';
import { type Region, SECTOR_BYTES } from './plan.ts';

export type Role = 'application' | 'data' | 'otadata' | 'partition table' | 'boot loader';

export interface ImageRegion extends Region {
  role: Role;
  file: string;
}

export interface FlashImage {
  folder: string;
  /** As board.json has it, '' where nothing says it. */
  chip: string;
  /** What the build took the flash to be; 0 where nothing says it. */
  flash_bytes: number;
  /** In the order in which they are written. */
  regions: ImageRegion[];
}

/** As far as it is used here; ESP-IDF's esptool_py component writes it. */
interface FlasherArgs {
  flash_files?: Record<string, unknown>;
  flash_settings?: { flash_size?: unknown };
  extra_esptool_args?: { chip?: unknown };
  [entry: string]: unknown;
}

export const ARGS_FILE = 'flasher_args.json';
/** The name that ESP-IDF has for a part, and what it is. */
const ROLES: Readonly<Record<string, Role>> = {
  bootloader: 'boot loader',
  app: 'application',
  'partition-table': 'partition table',
  otadata: 'otadata',
};

/**
 * What keeps a board alive comes last: until the boot loader and the table are new, the old ones start what they know.
 * The mark of which application starts comes after the application, so that it never points at half of one.
 */
const ORDER: readonly Role[] = ['application', 'data', 'otadata', 'partition table', 'boot loader'];

export const hex = (value: number): string => `0x${value.toString(16)}`;

function parseArgs(path: string): FlasherArgs {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as FlasherArgs;
  } catch (error) {
    const why = error instanceof SyntaxError ? `it is no JSON: ${error.message}` : systemReason(error);
    throw new UsageError(`${path} cannot be read: ${why}; build again`);
  }
}

function roleOf(args: FlasherArgs, offset: string, address: number): Role {
  for (const [entry, role] of Object.entries(ROLES)) {
    const part = args[entry] as { offset?: unknown } | undefined;
    if (part?.offset === offset) return role;
  }
  return address === TABLE_OFFSET ? 'partition table' : 'data';
}

function encryptedParts(args: FlasherArgs): string[] {
  const isEncrypted = (part: unknown): boolean =>
    typeof part === 'object' && part !== null && 'encrypted' in part && String(part.encrypted) === 'true';
  return Object.entries(args)
    .filter(([, part]) => isEncrypted(part))
    .map(([name]) => name);
}

function readRegion(args: FlasherArgs, folder: string, offset: string, file: unknown): ImageRegion {
  const address = Number(offset);
  if (typeof file !== 'string' || !Number.isInteger(address) || address < 0) {
    throw new UsageError(
      `${join(folder, ARGS_FILE)}: flash_files: "${offset}" does not say which file goes where; build again`,
    );
  }
  const path = resolve(folder, file);
  if (!existsSync(path)) {
    throw new UsageError(
      `${join(folder, ARGS_FILE)} names ${file}, and there is no such file in ${folder}; build again`,
    );
  }
  const role = roleOf(args, offset, address);
  const name = role === 'data' ? basename(file, '.bin') : role;
  return { name, role, file: path, address, data: new Uint8Array(readFileSync(path)) };
}

/** `4MB` in bytes; 0 for `detect`, `keep` and the like. */
export function flashSizeBytes(text: unknown): number {
  const match = /^(\d+)(K|M)B$/.exec(typeof text === 'string' ? text : '');
  return match === null ? 0 : Number(match[1]) * (match[2] === 'M' ? 0x100000 : 0x400);
}

function shapeProblems(regions: readonly ImageRegion[]): string[] {
  const problems: string[] = [];
  const inPlace = [...regions].sort((a, b) => a.address - b.address);
  for (const [i, { name, address, data }] of inPlace.entries()) {
    if (address % SECTOR_BYTES !== 0)
      problems.push(`${name} begins at ${hex(address)}, in the middle of a sector of ${hex(SECTOR_BYTES)}`);
    if (data.length === 0) problems.push(`${name} is empty`);
    if (i === 0) continue;
    const before = inPlace[i - 1];
    if (before.address + before.data.length > address) {
      problems.push(
        `${before.name} ends at ${hex(before.address + before.data.length)} and ${name} begins at ${hex(address)}`,
      );
    }
  }
  return problems;
}

/** Whether each part fits the partition that the image's own table gives it. */
function partitionProblems(regions: readonly ImageRegion[]): string[] {
  const table = regions.find(({ role }) => role === 'partition table');
  if (table === undefined) return [];
  const partitions = readPartitionTable(table.data);
  return regions.flatMap(({ name, address, data }) => {
    const own = partitions.find(({ offset }) => offset === address);
    if (own === undefined || data.length <= own.size) return [];
    return [`${name} has ${data.length} bytes, and its partition ${own.name} takes ${own.size}`];
  });
}

/** @throws UsageError that names the file and what is wrong with it */
export function readImage(folder: string): FlashImage {
  const path = join(folder, ARGS_FILE);
  if (!existsSync(path)) {
    throw new UsageError(
      `there is no ${ARGS_FILE} in ${folder}; name the build folder of an ESP-IDF project, or build first`,
    );
  }
  const args = parseArgs(path);
  const encrypted = encryptedParts(args);
  if (encrypted.length > 0) {
    throw new UsageError(
      `${path}: ${encrypted.join(', ')} is to be encrypted, which this tool does not do; flash it with ESP-IDF's own`,
    );
  }
  const regions = Object.entries(args.flash_files ?? {}).map(([offset, file]) =>
    readRegion(args, folder, offset, file),
  );
  if (regions.length === 0) throw new UsageError(`${path} names no files in flash_files; build again`);
  const problems = [...shapeProblems(regions), ...partitionProblems(regions)];
  if (problems.length > 0) throw new UsageError(problems.map((problem) => `${path}: ${problem}`));
  regions.sort((a, b) => ORDER.indexOf(a.role) - ORDER.indexOf(b.role) || a.address - b.address);
  const chip = args.extra_esptool_args?.chip;
  return {
    folder,
    chip: typeof chip === 'string' ? chip : '',
    flash_bytes: flashSizeBytes(args.flash_settings?.flash_size),
    regions,
  };
}

/** Folders of build/ that hold an image. */
export function builtImages(root: string): string[] {
  const build = join(root, 'build');
  if (!existsSync(build)) return [];
  return readdirSync(build)
    .filter((name) => existsSync(join(build, name, ARGS_FILE)))
    .sort();
}

/** The name that esp-web-tools has for a chip. */
export function webFamily(chip: string): string {
  return CHIPS.find(({ name }) => name === chip)?.family ?? chip;
}
