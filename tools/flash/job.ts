/** What one run of the command is to do, before it is known which boards there are. */
import { join, resolve } from 'node:path';
import { type Board, findBoardFolder, boardIds } from '../boards/board.ts';
import { UsageError } from '../cli/errors.ts';
import { builtImages, type FlashImage, readImage } from './image.ts';
import type { FlashOptions } from './options.ts';

export interface Job {
  options: FlashOptions;
  image: FlashImage | undefined;
  board: { id: string; board: Board } | undefined;
}

/** Verbs that an image is needed for. */
const WITH_IMAGE = ['write', 'verify', 'merge'];

function readBoard(root: string, id: string): { id: string; board: Board } {
  const { board } = findBoardFolder(root, id);
  if (board === undefined) throw new UsageError(`boards/${id} has no board.json`);
  try {
    return { id, board: JSON.parse(board) as Board };
  } catch {
    throw new UsageError(`boards/${id}/board.json is no JSON; \`npm run boards -- ${id}\` says where`);
  }
}

/** The one image that there is, when the user named none. */
function onlyImage(root: string): string {
  const built = builtImages(root);
  if (built.length === 1) return built[0];
  if (built.length === 0) {
    throw new UsageError(
      'there is nothing to flash: build for a board first (`npm run build -- --board NAME`), or name --image FOLDER',
    );
  }
  throw new UsageError(`build/ holds images for ${built.join(', ')}; say which with --board`);
}

/** @throws UsageError when there is no image, none was chosen of several, or something is wrong with it */
export function readJob(options: FlashOptions, root: string, cwd: string): Job {
  const { board: named, image: folder, verb } = options;
  const needsImage = WITH_IMAGE.includes(verb);
  if (folder !== '') {
    return { options, image: needsImage ? readImage(resolve(cwd, folder)) : undefined, board: undefined };
  }
  const id = named !== '' ? named : needsImage ? onlyImage(root) : '';
  // build/ may hold an image for what is no board, such as a simulator.
  const board = named !== '' || boardIds(root).includes(id) ? readBoard(root, id) : undefined;
  return { options, image: needsImage ? readImage(join(root, 'build', id)) : undefined, board };
}
