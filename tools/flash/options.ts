/** The words behind `npm run flash --`. */
import { Option } from 'commander';
import type { Before } from 'esptool-js';
import type { Environment } from '../cli/colour.ts';
import { createCommand, parseCommand } from '../cli/commander.ts';
import { UsageError } from '../cli/errors.ts';
import { didYouMean } from '../cli/nearest.ts';
import { EPILOGUE, INTRO } from './help.ts';
import { DEFAULT_ATTEMPTS, DEFAULT_BAUD } from './session.ts';

export const VERBS = ['write', 'erase', 'verify', 'read', 'info', 'merge'] as const;
export type Verb = (typeof VERBS)[number];

export interface FlashOptions {
  /** The text, when it was asked for; else ''. */
  help: string;
  verb: Verb;
  /** What stands behind the verb. */
  rest: readonly string[];
  board: string;
  image: string;
  /** Those named; none for the one that there is. */
  ports: readonly string[];
  all: boolean;
  baud: number;
  chip: string;
  erase: boolean;
  stub: boolean;
  before: Before;
  after: 'hard_reset' | 'no_reset';
  attempts: number;
  force: boolean;
  yes: boolean;
  input: boolean;
  json: boolean;
  trace: string;
}

interface Raw {
  board?: string;
  image?: string;
  port?: string;
  all?: boolean;
  baud?: string;
  chip?: string;
  erase?: boolean;
  stub: boolean;
  before: string;
  after: string;
  connectAttempts: string;
  force?: boolean;
  yes?: boolean;
  input: boolean;
  json?: boolean;
  trace?: string;
}

const BEFORE = ['default-reset', 'usb-reset', 'no-reset'];
const AFTER = ['hard-reset', 'no-reset'];
const BAUD_MIN = 9600;
/** The fastest that USB bridges of boards do (CP2102N, CH343). */
const BAUD_MAX = 4_000_000;
const ATTEMPTS_MAX = 1000;

/** How many words may stand behind a verb. */
const REST_MAX: Readonly<Record<Verb, number>> = { write: 0, erase: 2, verify: 0, read: 3, info: 0, merge: 1 };

function wholeNumber(text: string, name: string, [least, most]: readonly [number, number]): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new UsageError(`${name} is "${text}"; it must be a whole number from ${least} to ${most}`);
}

/** esptool wrote these with underscores before its version 5. */
function mode(text: string, allowed: readonly string[], name: string): string {
  const word = text.replaceAll('_', '-');
  if (allowed.includes(word)) return word.replaceAll('-', '_');
  throw new UsageError(`${name} is "${text}"; it must be ${allowed.join(', ')}${didYouMean(word, allowed)}`);
}

function readVerb(words: readonly string[]): { verb: Verb; rest: readonly string[] } {
  const [first = 'write', ...rest] = words;
  const verb = VERBS.find((name) => name === first);
  if (verb === undefined) {
    throw new UsageError(`there is no verb "${first}"; there are ${VERBS.join(', ')}${didYouMean(first, VERBS)}`);
  }
  if (rest.length > REST_MAX[verb]) {
    throw new UsageError(`"${rest[REST_MAX[verb]]}" is one word too many for ${verb}; --help tells what it takes`);
  }
  return { verb, rest };
}

/** Several ports, or none where the flag is missing. */
function readPorts(text: string | undefined, name: string): string[] {
  if (text === undefined) return [];
  const ports = text.split(',').map((port) => port.trim());
  if (ports.includes(''))
    throw new UsageError(`${name} is "${text}"; name a port, or several with commas between them`);
  const twice = ports.find((port, i) => ports.indexOf(port) !== i);
  if (twice !== undefined) throw new UsageError(`${name} names ${twice} twice`);
  return ports;
}

/** An environment's value that is empty counts as none. */
function given(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

function build(width: number | undefined): ReturnType<typeof createCommand> {
  return createCommand('npm run flash --', width)
    .usage('[verb] [flags]')
    .description(INTRO)
    .argument('[verb...]')
    .option('--board <name>', "a folder of boards/: its build is written, and the chip must be the board's")
    .option('--image <folder>', 'the build folder of any ESP-IDF project')
    .option('-p, --port <ports>', 'such as /dev/ttyUSB0 or COM3; several with commas (or ESPTOOL_PORT)')
    .option('--all', 'every port that may be a board')
    .option('-b, --baud <rate>', `how fast at most, ${DEFAULT_BAUD} if not said (or ESPTOOL_BAUD)`)
    .option('-c, --chip <name>', 'which chip it must be; auto takes any that fits (or ESPTOOL_CHIP)')
    .option('--erase', 'erase the whole flash first, settings too')
    .option('--no-stub', "do without Espressif's stub: slower, and the last resort")
    .addOption(new Option('--before <mode>', BEFORE.join(', ')).default('default-reset'))
    .addOption(new Option('--after <mode>', AFTER.join(', ')).default('hard-reset'))
    .addOption(new Option('--connect-attempts <count>', 'resets before giving up').default(String(DEFAULT_ATTEMPTS)))
    .option('--force', 'go on in spite of another chip, a smaller flash, secure boot or encryption')
    .option('-y, --yes', 'do not ask before erasing')
    .option('--no-input', 'never ask anything')
    .option('--json', 'one event a line on stdout, as JSON')
    .option('--trace <file>', 'every byte of the conversation, for a bug report')
    .helpOption('-h, --help', 'this text')
    .addHelpText('after', EPILOGUE);
}

/** @throws UsageError for a flag, a verb or a value that there is not */
export function parseOptions(argv: readonly string[], width: number | undefined, env: Environment): FlashOptions {
  const command = build(width);
  const help = parseCommand(command, argv);
  const raw = command.opts<Raw>();
  const ports =
    raw.port === undefined ? readPorts(given(env.ESPTOOL_PORT), 'ESPTOOL_PORT') : readPorts(raw.port, '--port');
  if (raw.all === true && raw.port !== undefined) throw new UsageError('--all and --port exclude each other; take one');
  if (raw.board !== undefined && raw.image !== undefined) {
    throw new UsageError('--board and --image exclude each other: a board has its image in build/; take one');
  }
  const baud = raw.baud ?? given(env.ESPTOOL_BAUD) ?? String(DEFAULT_BAUD);
  return {
    help,
    ...readVerb(help === '' ? command.args : []),
    board: raw.board ?? '',
    image: raw.image ?? '',
    ports: raw.all === true ? [] : ports,
    all: raw.all === true,
    baud: wholeNumber(baud, raw.baud === undefined ? 'ESPTOOL_BAUD' : '--baud', [BAUD_MIN, BAUD_MAX]),
    chip: raw.chip ?? given(env.ESPTOOL_CHIP) ?? 'auto',
    erase: raw.erase === true,
    stub: raw.stub,
    before: mode(raw.before, BEFORE, '--before') as Before,
    after: mode(raw.after, AFTER, '--after') as FlashOptions['after'],
    attempts: wholeNumber(raw.connectAttempts, '--connect-attempts', [1, ATTEMPTS_MAX]),
    force: raw.force === true,
    yes: raw.yes === true,
    input: raw.input,
    json: raw.json === true,
    trace: raw.trace ?? '',
  };
}
