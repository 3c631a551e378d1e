/** A board that `--board` names, for commands that are of use only where a node can run. */
import { UsageError } from '../cli/errors.ts';
import { type Board, type BoardFolder, findBoardFolder } from './board.ts';
import { boardValidator, checkBoard } from './check.ts';

/** @throws UsageError for a board that is not there, is wrong, or cannot run the node */
export function findUsableBoard(root: string, id: string): { folder: BoardFolder; board: Board } {
  const folder = findBoardFolder(root, id);
  const { board, problems } = checkBoard(folder, boardValidator(root), '');
  if (board === null || problems.length > 0) throw new UsageError(problems);
  if (board.refused !== undefined) throw new UsageError(`--board ${id}: ${board.refused}`);
  return { folder, board };
}
