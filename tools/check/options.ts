/** The words behind `npm run check --`, read and checked as far as they stand for themselves. */
import { createCommand, parseCommand } from '../cli/commander.ts';
import type { Environment } from '../cli/colour.ts';
import { UsageError } from '../cli/errors.ts';

export interface CheckOptions {
  /** The text, when it was asked for; else ''. */
  help: string;
  files: readonly string[];
  json: boolean;
  github: boolean;
}

const INTRO =
  'Checks that the firmware keeps to the subset of TypeScript that is cheap on the device (docs/subset.md). ' +
  'Without files: all of firmware/.';

const EPILOGUE = `
Exit codes: 0 nothing found, 1 faults found, 2 the command was used wrongly.

Examples:
  npm run check                              all of the firmware
  npm run check -- firmware/drift            a folder of it
  npm run --silent check -- --json | jq .code

An exception stands on a line of its own before the line at fault, with its reason:
  // lvs-allow LVS021: runs once, when the settings are read
`;

export function parseOptions(argv: readonly string[], env: Environment, width: number | undefined): CheckOptions {
  const command = createCommand('npm run check --', width)
    .usage('[files and folders] [flags]')
    .description(INTRO)
    .argument('[files...]', 'TypeScript files, and folders of them')
    .option('--json', 'one diagnostic a line, as JSON, and a summary last')
    .option('--github', 'add the annotations that GitHub shows; by itself where GITHUB_ACTIONS is set')
    .helpOption('-h, --help', 'this text')
    .addHelpText('after', EPILOGUE);
  const help = parseCommand(command, argv);
  const { json = false, github = false } = command.opts<{ json?: boolean; github?: boolean }>();
  if (json && github) throw new UsageError('--json and --github: choose one of them');
  const inActions = (env.GITHUB_ACTIONS ?? '') !== '' && env.GITHUB_ACTIONS !== 'false';
  return { help, files: command.args, json, github: !json && (github || inActions) };
}
