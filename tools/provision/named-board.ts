/** The board that `--board` names, as far as its settings go. */
import type { Board } from '../boards/board.ts';
import { CHIPS } from '../boards/chips.ts';
import { readPartitions } from '../boards/partitions.ts';
import { findUsableBoard } from '../boards/usable.ts';
import type { Target } from './settings/key-checks.ts';

export interface NamedBoard {
  board: Board;
  target: Target;
  /** Of the settings' partition. */
  offset: number;
  size_bytes: number;
}

export function targetOf(board: Board | null, chip: string): Target {
  return { board, chip: CHIPS.find(({ name }) => name === chip) ?? null };
}

/** @throws UsageError for a board that is not there, is wrong, or cannot run the node */
export function readBoard(root: string, id: string): NamedBoard {
  const { folder, board } = findUsableBoard(root, id);
  const { partitions } = readPartitions(folder.partitions ?? '');
  // A board without it has a problem above.
  const { offset, size } =
    partitions.find(({ type, subtype }) => type === 'data' && subtype === 'nvs') ?? partitions[0];
  return { board, target: targetOf(board, board.chip), offset, size_bytes: size };
}
