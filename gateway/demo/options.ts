/** The words behind `npm run demo --`. */
import { createCommand, parseCommand } from '../../tools/cli/commander.ts';
import { UsageError } from '../../tools/cli/errors.ts';
import { SITES } from './plan.ts';

export interface DemoOptions {
  /** The text, when it was asked for. */
  help: string;
  /** 0 for until Ctrl-C. */
  seconds: number;
  json: boolean;
  page: boolean;
  /** Of the first page, the others on those that follow; null for the first that are free from 8080 on. */
  port: number | null;
}

const INTRO =
  'Three sites of five nodes each, a gateway at each that joins them over one broker, sensors with a day squeezed into six ' +
  'minutes, and the page of each gateway. All of it on this computer, on loopback, until Ctrl-C; nothing is left behind.';

const SECONDS_MAX = 86_400;
const PORT_MAX = 65_535 - SITES.length + 1;

function whole(flag: string, text: string, low: number, high: number): number {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : NaN;
  if (value >= low && value <= high) return value;
  throw new UsageError(`${flag} ${text}: must be a whole number from ${low} to ${high}`);
}

export function parseOptions(argv: readonly string[], width: number | undefined): DemoOptions {
  const command = createCommand('npm run demo --', width)
    .usage('[flags]')
    .description(INTRO)
    .helpOption('-h, --help', 'this text')
    .option('--seconds <n>', 'end after so long')
    .option('--port <n>', 'of the first page; the others follow (default: the first that are free from 8080 on)')
    .option('--no-page', 'without the pages')
    .option('--json', 'an event a line, as JSON');
  const help = parseCommand(command, argv);
  const { seconds, port, page, json } = command.opts<{
    seconds?: string;
    port?: string;
    page: boolean;
    json?: boolean;
  }>();
  if (help === '' && !page && port !== undefined)
    throw new UsageError('--port: is of the pages, and --no-page is given');
  return {
    help,
    seconds: seconds === undefined ? 0 : whole('--seconds', seconds, 1, SECONDS_MAX),
    json: json === true,
    page,
    port: port === undefined ? null : whole('--port', port, 1, PORT_MAX),
  };
}
