/** The words behind `npm run provision --`. */
import type { Command } from 'commander';
import { createCommand, parseCommand } from '../cli/commander.ts';
import { UsageError } from '../cli/errors.ts';
import { didYouMean } from '../cli/nearest.ts';
import { refuseSecretFlags, withoutValues } from './secret-flags.ts';
import type { FlagTexts } from './settings/layers.ts';

export interface ConnectionTexts {
  board: string;
  port: string;
  baud: string;
  attempts: string;
  trace: string;
  /** Without, the chip's own loader does all: slower, and the last resort. */
  stub: boolean;
}

export interface ProvisionOptions {
  verb: 'provision';
  file: string;
  flags: FlagTexts;
  unset: readonly string[];
  /** '' to write into a board. */
  out: string;
  /** With `out`: a partition that was read before, to be changed. */
  image: string;
  yes: boolean;
  input: boolean;
  json: boolean;
  connection: ConnectionTexts;
}

export interface ShowOptions {
  verb: 'show';
  /** A partition in a file, or '' for a board. */
  image: string;
  input: boolean;
  json: boolean;
  connection: ConnectionTexts;
}

export interface NewKeyOptions {
  verb: 'new-key';
  /** `-` for stdout. */
  out: string;
  json: boolean;
}

export type Options = ProvisionOptions | ShowOptions | NewKeyOptions | { verb: 'help'; text: string };

const VERBS = ['show', 'new-key'];

const EPILOGUE = `
Verbs:
  npm run provision -- new-key         makes a swarm key, in a file of your own; --help after a verb tells more
  npm run provision -- show            reads a board's settings back, secrets masked

What is not named stays as the board has it. Secrets never stand on the command line: they come from a prompt, from a file
that is yours alone (chmod 600), or from LVS_WIFI_PASSWORD, LVS_SWARM_KEY, LVS_SWARM_KEY_OLD, LVS_MQTT_PASSWORD.
A settings file is JSON; tools/provision/schema.json says what each field means, and an editor completes from it.

Examples:
  npm run provision -- --board m5atom --file office.json
  npm run provision -- -p /dev/ttyUSB0 --wifi-ssid office --wifi-password-file wifi.txt --key-file swarm.key
  npm run provision -- --sensor room1/temp=i2c,driver=sht3x,offset=40 --sensor tank/level=analog,pin=34,scale=100
  npm run provision -- --set cycle_ms=500 --unset site
  npm run provision -- --board m5atom --file office.json --out settings.bin

Exit codes: 0 done, or nothing to do; 1 failed; 2 the command or a setting is wrong; 130 interrupted;
3 no port, 4 the port is busy, 5 no right to open it, 6 the link was lost, 7 no loader answers, 8 another chip than the
board's, 9 too small a flash, 10 secured against it, 11 what was written does not read back the same.
`;

const list = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

function withConnection(command: Command): Command {
  return command
    .option('--board <name>', 'which board it is: its pins and partitions; `npm run boards` lists them')
    .option('-p, --port <path>', 'the serial port; by default the only one that looks like a board (ESPTOOL_PORT)')
    .option('-b, --baud <rate>', 'how fast to talk to the board (ESPTOOL_BAUD)')
    .option('--no-stub', "do without Espressif's stub: slower, and the last resort")
    .option('--connect-attempts <n>', 'how often the board is called before giving up')
    .option('--trace <file>', 'write what goes over the port into a file, without what the settings are');
}

function closing(command: Command, json: string): Command {
  return command
    .option('--no-input', 'ask nothing: what is missing is an error')
    .option('--json', json)
    .helpOption('-h, --help', 'this text');
}

function provisionCommand(width: number | undefined): Command {
  const command = createCommand('npm run provision --', width)
    .usage('[flags]')
    .description(
      'Writes settings into a board over its serial port: Wi-Fi, swarm, sensors. Without flags it asks for them.',
    )
    .option('--file <file>', 'settings from a file')
    .option('--wifi-ssid <name>', 'the Wi-Fi network')
    .option('--wifi-password-file <file>', 'its password, from the first line of a file')
    .option('--swarm <name>', 'the swarm: nodes hear those of the same name and keys')
    .option('--key-file <file>', 'the swarm key, as new-key made it')
    .option('--old-key-file <file>', 'the swarm key before, while a swarm changes keys')
    .option('--role <role>', 'node or gateway')
    .option('--sensor <key=source,...>', 'a key and where its readings come from; may be given again', list)
    .option('--mqtt-url <url>', "the gateway's broker")
    .option('--mqtt-user <name>', 'the name at the broker')
    .option('--mqtt-password-file <file>', 'the password at the broker, from a file')
    .option('--set <name=value>', 'any other setting; may be given again', list)
    .option('--unset <name>', 'take a setting away; may be given again', list)
    .option('--out <file>', 'write the partition into a file for another flasher, not into a board; needs --board')
    .option('--image <file>', 'with --out: a partition read before, to be changed');
  return closing(
    withConnection(command).option('-y, --yes', 'write without asking first'),
    'an event a line, as JSON',
  ).addHelpText('after', EPILOGUE);
}

function showCommand(width: number | undefined): Command {
  const command = createCommand('npm run provision -- show', width)
    .usage('[flags]')
    .description("Reads a board's settings back. Secrets are masked; of a swarm key its fingerprint is shown.")
    .option('--image <file>', 'a partition in a file, instead of a board');
  return closing(withConnection(command), 'a setting a line, as JSON');
}

function newKeyCommand(width: number | undefined): Command {
  return createCommand('npm run provision -- new-key', width)
    .usage('[flags]')
    .description('Makes a swarm key: 32 random bytes, in a file that only you may read.')
    .option('--out <file>', 'where to; - for stdout', 'swarm.key')
    .option('--json', 'what was made as JSON; never the key')
    .helpOption('-h, --help', 'this text');
}

interface Words {
  board?: string;
  port?: string;
  baud?: string;
  connectAttempts?: string;
  stub?: boolean;
  trace?: string;
  file?: string;
  wifiSsid?: string;
  wifiPasswordFile?: string;
  swarm?: string;
  keyFile?: string;
  oldKeyFile?: string;
  role?: string;
  sensor?: string[];
  mqttUrl?: string;
  mqttUser?: string;
  mqttPasswordFile?: string;
  set?: string[];
  unset?: string[];
  out?: string;
  image?: string;
  yes?: boolean;
  input?: boolean;
  json?: boolean;
}

function connectionOf({
  board = '',
  port = '',
  baud = '',
  connectAttempts = '',
  stub = true,
  trace = '',
}: Words): ConnectionTexts {
  return { board, port, baud, attempts: connectAttempts, trace, stub };
}

type Texts = Record<string, { flag: string; value: string }>;

/** Those of the flags that were given. */
function given(texts: Readonly<Record<string, [string, string | undefined]>>): Texts {
  const found: Texts = {};
  for (const [name, [flag, value]] of Object.entries(texts)) if (value !== undefined) found[name] = { flag, value };
  return found;
}

function flagsOf(words: Words): FlagTexts {
  return {
    plain: given({
      wifi_ssid: ['--wifi-ssid', words.wifiSsid],
      swarm: ['--swarm', words.swarm],
      role: ['--role', words.role],
      mqtt_url: ['--mqtt-url', words.mqttUrl],
      mqtt_user: ['--mqtt-user', words.mqttUser],
    }),
    secret_files: given({
      wifi_password: ['--wifi-password-file', words.wifiPasswordFile],
      swarm_key: ['--key-file', words.keyFile],
      swarm_key_old: ['--old-key-file', words.oldKeyFile],
      mqtt_password: ['--mqtt-password-file', words.mqttPasswordFile],
    }),
    set: words.set ?? [],
    sensors: words.sensor ?? [],
  };
}

function provisionOptions(words: Words): ProvisionOptions {
  const { file = '', unset = [], out = '', image = '', yes = false, input = true, json = false } = words;
  const connection = connectionOf(words);
  if (out !== '' && connection.port !== '') throw new UsageError('--out and --port: a file or a board, one of the two');
  if (out !== '' && connection.board === '') {
    throw new UsageError(
      '--out needs --board: boards differ in where their settings lie and how many fit; `npm run boards` lists them',
    );
  }
  if (image !== '' && out === '') throw new UsageError('--image needs --out: a partition from a file goes into a file');
  return { verb: 'provision', file, flags: flagsOf(words), unset, out, image, yes, input, json, connection };
}

function checkArguments(command: Command, verb: string): void {
  const [first] = command.args as (string | undefined)[];
  if (first === undefined) return;
  const verbs = `; the verbs are ${VERBS.join(' and ')}, and without one settings are written`;
  const late = VERBS.find((one) => one !== verb && command.args.includes(one));
  if (late !== undefined) throw new UsageError(`the verb comes first: npm run provision -- ${late} ...`);
  // Not the word itself: it may be a secret that lost its flag.
  const hint = verb === '' ? `${verbs}${didYouMean(first, VERBS)}` : '';
  throw new UsageError(`there is one word too many${hint}`);
}

/** @throws UsageError that never repeats what may be a secret */
export function parseOptions(argv: readonly string[], width: number | undefined): Options {
  refuseSecretFlags(argv);
  const verb = VERBS.find((one) => one === argv[0]) ?? '';
  const command =
    verb === 'show' ? showCommand(width) : verb === 'new-key' ? newKeyCommand(width) : provisionCommand(width);
  command.allowExcessArguments();
  let help: string;
  try {
    help = parseCommand(command, verb === '' ? argv : argv.slice(1));
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(withoutValues(argv, error.message));
    throw error;
  }
  if (help !== '') return { verb: 'help', text: help };
  checkArguments(command, verb);
  const words = command.opts<Words>();
  const { image = '', out = '', input = true, json = false } = words;
  if (verb === 'show') return { verb, image, input, json, connection: connectionOf(words) };
  if (verb === 'new-key') return { verb, out, json };
  return provisionOptions(words);
}
