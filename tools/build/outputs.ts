/** Puts what ESP-IDF built into build/<board>/, with the two files that flashing tools read. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Board } from '../boards/board.ts';
import { CHIPS } from '../boards/chips.ts';
import { Failure } from '../cli/errors.ts';
import type { Project } from './project.ts';

/** ESP-IDF's file, as far as it is used here. */
export interface FlasherArgs {
  /** Offset to file, from the folder of flasher_args.json. */
  flash_files: Record<string, string>;
}

/** The application's image, under the name that the SDK gives it. */
export const APPLICATION = 'xs_esp32.bin';

function idfFolder({ tmp }: Project, { chip }: Board): string {
  return join(tmp, `xsProj-${chip}`, 'build');
}

function webManifest(board: Board, version: string, files: Record<string, string>): object {
  const family = CHIPS.find(({ name }) => name === board.chip)?.family ?? board.chip;
  const parts = Object.entries(files).map(([offset, path]) => ({ path, offset: Number(offset) }));
  return {
    name: `LVS node on ${board.name}`,
    version,
    new_install_prompt_erase: true,
    builds: [{ chipFamily: family, parts: parts.sort((a, b) => a.offset - b.offset) }],
  };
}

/**
 * @returns the path of the application's image
 * @throws Failure when ESP-IDF left out a file
 */
export function collectOutputs(project: Project, board: Board, version: string): string {
  const from = idfFolder(project, board);
  const argsFile = join(from, 'flasher_args.json');
  if (!existsSync(argsFile))
    throw new Failure(`ESP-IDF did not write ${argsFile}; look into what it said with \`mcconfig -v\``);
  const args = JSON.parse(readFileSync(argsFile, 'utf8')) as FlasherArgs;
  for (const path of Object.values(args.flash_files)) {
    const source = join(from, path);
    if (!existsSync(source))
      throw new Failure(`ESP-IDF did not write ${source}, which flasher_args.json names; build again`);
    const target = join(project.folder, path);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(source, target);
  }
  copyFileSync(argsFile, join(project.folder, 'flasher_args.json'));
  const manifest = webManifest(board, version, args.flash_files);
  writeFileSync(join(project.folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const application = Object.values(args.flash_files).find((path) => path.endsWith(APPLICATION));
  if (application === undefined) throw new Failure(`flasher_args.json of ESP-IDF names no ${APPLICATION}; build again`);
  return join(project.folder, application);
}
