/** The words behind `npm run gateway --`. */
import { UsageError } from '../tools/cli/errors.ts';
import { createCommand, parseCommand } from '../tools/cli/commander.ts';
import { didYouMean } from '../tools/cli/nearest.ts';

const ACTIONS = ['run', 'check', 'init'] as const;
export type Action = (typeof ACTIONS)[number];

export interface GatewayOptions {
  action: Action;
  /** The text, when it was asked for. */
  help: string;
  /** The configuration file. */
  file: string;
  json: boolean;
  /** init: replaces a file that is there. */
  force: boolean;
}

export const DEFAULT_FILE = 'gateway.yaml';

const INTRO =
  'Runs a gateway: a member of the swarm that never stops, brings sensors in, gives agreed values out over MQTT and joins sites. ' +
  'It is told everything by one YAML file. docs/gateway.md has more.';

const EXAMPLES = `
Examples:
  npm run gateway -- init                 writes a commented ${DEFAULT_FILE} to begin with
  npm run gateway -- check house.yaml     names everything that is wrong with it, with line and column
  npm run gateway -- house.yaml           runs it

Signals: SIGHUP reads the configuration again; SIGTERM and Ctrl-C save the state and take leave.
Exit codes: 0 fine, 1 failure, 2 a configuration or flag that cannot be used, 12 key file, 16 state folder, 130 Ctrl-C.
`;

function isAction(word: string): word is Action {
  return (ACTIONS as readonly string[]).includes(word);
}

/** A word that is no action and looks like no file was meant as an action. */
function looksLikeFile(word: string): boolean {
  return /[./\\]/.test(word);
}

export function parseOptions(argv: readonly string[], width: number | undefined): GatewayOptions {
  const command = createCommand('npm run gateway --', width)
    .usage('[run | check | init] [file] [flags]')
    .description(INTRO)
    .argument('[action]', 'run (which need not be said), check, or init')
    .argument('[file]', `the configuration (default ${DEFAULT_FILE})`)
    .allowExcessArguments(false)
    .helpOption('-h, --help', 'this text')
    .option('-c, --config <file>', 'the same as file')
    .option('--json', 'run: log as JSON, also on a terminal; check: a fault a line as JSON')
    .option('--force', 'init: replace the file when it is there')
    .addHelpText('after', EXAMPLES);
  const help = parseCommand(command, argv);
  const flags = command.opts<{ config?: string; json?: boolean; force?: boolean }>();
  const [first, second] = command.args as (string | undefined)[];
  const action = first !== undefined && isAction(first) ? first : 'run';
  const files = [first === action ? undefined : first, second, flags.config].filter((file) => file !== undefined);
  if (help === '') {
    if (first !== undefined && first !== action && !looksLikeFile(first)) {
      throw new UsageError(`${first}: is no action; there are ${ACTIONS.join(', ')}${didYouMean(first, ACTIONS)}`);
    }
    if (files.length > 1) throw new UsageError(`${files.join(' and ')}: a gateway has one configuration file`);
    if (flags.force === true && action !== 'init') throw new UsageError('--force: is for init only');
  }
  return {
    action,
    help,
    file: files.at(0) ?? DEFAULT_FILE,
    json: flags.json === true,
    force: flags.force === true,
  };
}
