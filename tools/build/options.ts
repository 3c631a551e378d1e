/** The words behind `npm run build --`. Without any, the host programs are built, as `make` does. */
import { createCommand, parseCommand } from '../cli/commander.ts';
import { UsageError } from '../cli/errors.ts';

export type Mode = 'release' | 'debug' | 'instrument';
export const MODES: readonly Mode[] = ['release', 'debug', 'instrument'];

export interface BuildOptions {
  /** The text, when it was asked for; else ''. */
  help: string;
  /** '' with --lin. */
  board: string;
  mode: Mode;
  link_only: boolean;
  json: boolean;
}

const INTRO =
  'Builds the firmware for a board: check, Rollup, the SDK, then a report. Without flags: the bundles and the host programs.';

const EPILOGUE = `
Exit codes: 0 built, 1 something is missing or wrong, 2 the command was used wrongly.

Images, flasher_args.json (ESP-IDF's), manifest.json (esp-web-tools') and report.json land in build/BOARD/.

Examples:
  npm run build -- --board esp32-c3-devkitm
  npm run build -- --board esp32-c3-devkitm --link-only     without ESP-IDF: JavaScript only, with its figures
  npm run build -- --lin                                    a program for this computer, from the SDK's Linux simulator
`;

export function parseOptions(argv: readonly string[], width: number | undefined): BuildOptions {
  const command = createCommand('npm run build --', width)
    .usage('[--board NAME | --lin] [flags]')
    .description(INTRO)
    .option('--board <name>', 'what to build for; `npm run boards` lists them')
    .option('--lin', "the SDK's Linux simulator, without Wi-Fi and pins")
    .option('--mode <mode>', `one of ${MODES.join(', ')}`, 'release')
    .option('--link-only', 'stop when the JavaScript is compiled and linked')
    .option('--json', 'an event a line, the report last')
    .helpOption('-h, --help', 'this text')
    .addHelpText('after', EPILOGUE);
  const help = parseCommand(command, argv);
  const {
    board = '',
    lin = false,
    mode,
    linkOnly = false,
    json = false,
  } = command.opts<{
    board?: string;
    lin?: boolean;
    mode: string;
    linkOnly?: boolean;
    json?: boolean;
  }>();
  const known = MODES.find((one) => one === mode);
  if (known === undefined) throw new UsageError(`--mode ${mode}: must be one of ${MODES.join(', ')}`);
  if (help === '' && (board !== '') === lin) {
    throw new UsageError(
      'say what to build for: --board NAME or --lin, one of the two (`npm run boards` lists the boards)',
    );
  }
  if (help === '' && command.args.length > 0) throw new UsageError(`${command.args[0]}: the board goes behind --board`);
  return { help, board, mode: known, link_only: linkOnly, json };
}
