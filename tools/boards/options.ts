/** The words behind `npm run boards --`. */
import { createCommand, parseCommand } from '../cli/commander.ts';

export interface BoardsOptions {
  /** The text, when it was asked for; else ''. */
  help: string;
  boards: readonly string[];
  json: boolean;
}

const INTRO = 'Lists the boards of boards/, and says what is wrong with one. Without names: all of them.';

const EPILOGUE = `
Exit codes: 0 all is well, 1 something is wrong with a board, 2 the command was used wrongly.

A new board is a new folder with board.json, sdkconfig.defaults, partitions.csv and README.md; boards/schema.json says what
each field means, and an editor completes from it. Whether the SDK has its target is looked at where MODDABLE is set.
`;

export function parseOptions(argv: readonly string[], width: number | undefined): BoardsOptions {
  const command = createCommand('npm run boards --', width)
    .usage('[boards] [flags]')
    .description(INTRO)
    .argument('[boards...]', 'names of folders in boards/')
    .option('--json', 'one board a line, as JSON')
    .helpOption('-h, --help', 'this text')
    .addHelpText('after', EPILOGUE);
  const help = parseCommand(command, argv);
  const { json = false } = command.opts<{ json?: boolean }>();
  return { help, boards: command.args, json };
}
