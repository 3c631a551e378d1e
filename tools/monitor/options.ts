/** The words behind `npm run monitor --`. */
import { createCommand, parseCommand } from '../cli/commander.ts';
import type { Environment } from '../cli/colour.ts';
import { UsageError } from '../cli/errors.ts';
import { didYouMean } from '../cli/nearest.ts';
import { type Filter, LEVELS, matcher } from './view/filter.ts';
import { STAMPS, type Stamps } from './view/stamps.ts';

export interface MonitorOptions {
  /** The text, when it was asked for; else ''. */
  help: string;
  port: string;
  baud: number;
  board: string;
  /** Where the bundles and their maps lie, or '' for the project's own. */
  build: string;
  reset: boolean;
  reconnect: boolean;
  filter: Filter;
  log: string;
  stamps: Stamps;
  /** A log instead of a port: a path, `-`, or ''. */
  input: string;
  /** Whether the user may be asked, and the terminal's keys are listened to. */
  interactive: boolean;
  json: boolean;
}

interface Flags {
  port?: string;
  baud: string;
  board?: string;
  build?: string;
  reset?: boolean;
  reconnect: boolean;
  filter?: string;
  level: string;
  log?: string;
  timestamps?: string;
  /** `--input WHERE` gives a text, `--no-input` gives false. */
  input?: string | boolean;
  json?: boolean;
}

const INTRO =
  'Shows what the board says: its lines in words, crashes explained, stacks with their places in the TypeScript.';

const EPILOGUE = `
Keys: r resets the board, c clears the screen, ? tells the keys, q quits.

Exit codes: 0 quit with q, or the log's end; 1 a failure, 2 the command was used wrongly; 3 there is no such port,
or several and none was named; 4 another program has the port; 5 you may not open it; 6 it vanished and
--no-reconnect was given; 130 interrupted with Ctrl-C (129 and 143 by SIGHUP and SIGTERM).

ESPTOOL_PORT is taken when --port is not given. docs/monitor.md tells more.
`;

const BAUD_MIN = 300;
const BAUD_MAX = 5_000_000;

function oneOf<Name extends string>(flag: string, value: string, names: readonly Name[]): Name {
  const name = names.find((one) => one === value);
  if (name !== undefined) return name;
  throw new UsageError(`${flag} ${value}: it is one of ${names.join(', ')}${didYouMean(value, names)}`);
}

function baudOf(text: string): number {
  const baud = Number(text);
  if (/^\d+$/.test(text) && baud >= BAUD_MIN && baud <= BAUD_MAX) return baud;
  throw new UsageError(`--baud ${text}: it is a whole number from ${BAUD_MIN} to ${BAUD_MAX}; a node has 115200`);
}

/** @throws UsageError where two flags contradict each other */
function checkTogether({ port, reset, timestamps, input }: Flags): void {
  if (typeof input !== 'string') return;
  if (port !== undefined) throw new UsageError('--input reads a log and --port a board: give one of them');
  if (reset === true) throw new UsageError('--input reads a log, which cannot be reset: leave out --reset');
  if (input !== '-' && timestamps !== undefined && timestamps !== 'none') {
    throw new UsageError('--input reads a file, which does not say when its lines came: leave out --timestamps');
  }
}

/** @throws UsageError for words that are not known or do not go together */
export function parseOptions(argv: readonly string[], width: number | undefined, env: Environment): MonitorOptions {
  const command = createCommand('npm run monitor --', width)
    .usage('[flags]')
    // A port without its flag is the likeliest slip, and deserves better words than `too many arguments`.
    .allowExcessArguments()
    .description(INTRO)
    .option('-p, --port <path>', 'the port; without it the only one that looks like a board, or you are asked')
    .option('-b, --baud <rate>', 'its speed', '115200')
    .option('--board <name>', 'a folder of boards/: whose image it runs')
    .option('--build <folder>', 'where the bundles and their source maps lie (build/firmware)')
    .option('--reset', 'reset the board first')
    .option('--no-reconnect', 'end when the port vanishes, instead of waiting for it')
    .option('--filter <text>', 'only lines with this text, or /regular expression/')
    .option('--level <level>', 'E errors, W warnings too, I everything', 'I')
    .option('--log <file>', 'append everything that comes to this file')
    .option('--timestamps <kind>', 'none, relative or time (none with --input FILE)')
    .option('--input <file>', 'read a log instead of a port; - for what is piped in')
    .option('--no-input', 'ask nothing and listen to no keys')
    .option('--json', 'an event a line, as JSON')
    .helpOption('-h, --help', 'this text')
    .addHelpText('after', EPILOGUE);
  const help = parseCommand(command, argv);
  if (help === '' && command.args.length > 0) {
    throw new UsageError(`${command.args[0]} is not a flag; a port is named with --port ${command.args[0]}`);
  }
  const flags = command.opts<Flags>();
  checkTogether(flags);
  const input = typeof flags.input === 'string' ? flags.input : '';
  return {
    help,
    port: flags.port ?? env.ESPTOOL_PORT ?? '',
    baud: baudOf(flags.baud),
    board: flags.board ?? '',
    build: flags.build ?? '',
    reset: flags.reset ?? false,
    reconnect: flags.reconnect,
    filter: { level: oneOf('--level', flags.level, LEVELS), matches: matcher(flags.filter ?? '') },
    log: flags.log ?? '',
    stamps: oneOf('--timestamps', flags.timestamps ?? (input === '' || input === '-' ? 'time' : 'none'), STAMPS),
    input,
    interactive: flags.input !== false,
    json: flags.json ?? false,
  };
}
