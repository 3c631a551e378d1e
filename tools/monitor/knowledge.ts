/** Gathers what explanations draw on: the manifest, the board's folder, its build. */
import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { boardIds, findBoardFolder } from '../boards/board.ts';
import { boardValidator, checkBoard } from '../boards/check.ts';
import type { Environment } from '../cli/colour.ts';
import { readCreation } from './explain/creation.ts';
import type { Knowledge } from './explain/explanation.ts';
import { readReport } from './frames/provenance.ts';

/** What the SDK calls the linked program, deep in its own folder. */
const ELF = 'xs_esp32.elf';

function findElf(root: string, board: string): string {
  const folder = join(root, 'build', board, 'sdk');
  if (board === '' || !existsSync(folder)) return '';
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((path) => path.endsWith(ELF));
  return found === undefined ? '' : relative(root, join(folder, found));
}

/**
 * @param board a folder of boards/, or '' where it is not known
 * @throws UsageError for a board that is not there
 */
export function gather(root: string, board: string, env: Environment): Knowledge {
  const folder = board === '' ? null : findBoardFolder(root, board);
  const described = folder === null ? null : checkBoard(folder, boardValidator(root), env.MODDABLE ?? '').board;
  return {
    board,
    download_mode: described?.download_mode ?? '',
    creation: readCreation(root),
    node_bytes: readReport(root, board)?.node?.bytes ?? 0,
    chip: described?.chip ?? '',
    elf: findElf(root, board),
  };
}

/** The log itself names its board: taken when nobody did. */
export function isBoard(root: string, board: string): boolean {
  return boardIds(root).includes(board);
}
