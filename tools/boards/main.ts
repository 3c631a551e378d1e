/** `npm run boards`: which boards there are, and what is wrong with them. */
import { createColours, wantsColour } from '../cli/colour.ts';
import { EXIT_FAILURE, EXIT_OK } from '../cli/exit-codes.ts';
import type { Surroundings } from '../cli/surroundings.ts';
import { writeAll } from '../cli/surroundings.ts';
import { textTable } from '../cli/table.ts';
import { boardIds, findBoardFolder } from './board.ts';
import { type BoardReport, boardValidator, checkBoard } from './check.ts';
import { parseOptions } from './options.ts';

function row({ id, board, problems }: BoardReport): string[] {
  const state = problems.length > 0 ? 'wrong' : board?.refused === undefined ? 'ok' : 'refused';
  if (board === null) return [id, '', '', '', '', state];
  const lamp = board.led === null ? '' : board.led.kind;
  return [id, board.chip, `${board.flash.size_mb} MB`, board.usb.kind, lamp, state];
}

function jsonLine({ id, board, problems, remarks }: BoardReport): string {
  return `${JSON.stringify({ type: 'board', id, ok: problems.length === 0, problems, remarks, ...board })}\n`;
}

export async function boardsMain(argv: readonly string[], around: Surroundings, root: string): Promise<number> {
  const { stdout, stderr, env } = around;
  const options = parseOptions(argv, stdout.columns);
  if (options.help !== '') {
    await writeAll(stdout, options.help);
    return EXIT_OK;
  }
  const folders = (options.boards.length === 0 ? boardIds(root) : options.boards).map((id) =>
    findBoardFolder(root, id),
  );
  const validate = boardValidator(root);
  const reports = folders.map((folder) => checkBoard(folder, validate, env.MODDABLE ?? ''));
  if (options.json) {
    for (const report of reports) await writeAll(stdout, jsonLine(report));
  } else {
    const columns = ['board', 'chip', 'flash', 'usb', 'lamp', 'state'];
    await writeAll(stdout, textTable({ columns, rows: reports.map(row) }));
    const colours = createColours(wantsColour(stderr, env));
    for (const { id, board, problems, remarks } of reports) {
      for (const problem of problems) await writeAll(stderr, `${colours.red(problem)}\n`);
      for (const remark of remarks) await writeAll(stderr, `${remark}\n`);
      if (board?.refused !== undefined) await writeAll(stderr, `${id} is refused: ${board.refused}\n`);
    }
  }
  return reports.some(({ problems }) => problems.length > 0) ? EXIT_FAILURE : EXIT_OK;
}
