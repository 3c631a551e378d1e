/** Serves one model board on a pseudo-terminal, for the commands by hand and for tests of the whole program. */
import { existsSync, fstatSync, readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { createCommand, parseCommand } from '../../tools/cli/commander.ts';
import { errorCode, UsageError } from '../../tools/cli/errors.ts';
import { runMain } from '../../tools/cli/run-main.ts';
import { Board } from './board.ts';
import { CHIPS } from './chips.ts';
import type { ChipName } from './chips.ts';
import { NO_FAULTS } from './faults.ts';
import type { Faults } from './faults.ts';
import { firmware } from './firmware.ts';
import { writeImageFolder } from './image-folder.ts';
import { serveOnPty } from './pty.ts';
import type { OnOpen } from './pty.ts';

const EPILOGUE = `
Prints the path of the terminal as the first line on stdout, and serves until it is interrupted or its stdin ends; then
the flash is written to --flash. Each line on stdin is one of: reset, boot, unplug, replug, say TEXT, wire.
Faults have the names and units of test/rom/README.md: --fault garble_rate=0.001 --fault secureBoot=true.
`;

interface ServeOptions {
  chip: string;
  flash?: string;
  writeImage?: string;
  size: string;
  link?: string;
  onOpen: string;
  output?: string;
  pace: string;
  seed: string;
  fault: string[];
}

const ON_OPEN: readonly string[] = ['download', 'run', 'leave'] satisfies OnOpen[];

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

function parse(argv: readonly string[]): { help: string; options: ServeOptions } {
  const command = createCommand('node test/rom/serve.mjs', process.stdout.columns)
    .description('A model of an ESP32 board behind a pseudo-terminal.')
    .option('--chip <name>', `one of ${Object.keys(CHIPS).join(', ')}`, 'esp32')
    .option('--flash <file>', 'contents of the flash: read at the start if it is there, written at the end')
    .option('--write-image <folder>', 'before that, write an image for it, as a build would, to be flashed')
    .option('--size <mb>', 'size of the flash in megabytes', '4')
    .option('--link <path>', 'a symbolic link to the terminal, for a name that stays')
    .option('--on-open <what>', 'what opening the port does: download, run or leave', 'download')
    .option('--output <file>', 'lines that the application prints when it starts')
    .option('--pace <n>', 'real microseconds for each one in the model; 0 answers at once', '0')
    .option('--seed <n>', 'of everything that is random', '1')
    .option('--fault <name=value>', 'a fault; may be given more than once', collect, [])
    .helpOption('-h, --help', 'this text')
    .addHelpText('after', EPILOGUE);
  const help = parseCommand(command, argv);
  return { help, options: command.opts<ServeOptions>() };
}

function faultsOf(words: readonly string[]): Partial<Faults> {
  const entries = words.map((word): [string, unknown] => {
    const [name, value = ''] = word.split('=', 2);
    if (!(name in NO_FAULTS)) throw new UsageError(`no fault called ${name}: ${Object.keys(NO_FAULTS).join(', ')}`);
    if (name === 'vanishesOnReset') return [name, { for_ms: number(value, name) }];
    if (value === 'true' || value === 'false') return [name, value === 'true'];
    return [name, name === 'openFails' || name === 'io0' ? value : number(value, name)];
  });
  return Object.fromEntries(entries);
}

function number(text: string, name: string): number {
  const value = Number(text);
  if (text === '' || Number.isNaN(value)) throw new UsageError(`${name} takes a number, not '${text}'`);
  return value;
}

function isChip(name: string): name is ChipName {
  return name in CHIPS;
}

function isOnOpen(word: string): word is OnOpen {
  return ON_OPEN.includes(word);
}

function boardOf(options: ServeOptions): Board {
  if (!isChip(options.chip)) throw new UsageError(`no model of ${options.chip}: ${Object.keys(CHIPS).join(', ')}`);
  const { flash, output } = options;
  return new Board({
    chip: options.chip,
    flashSize_bytes: number(options.size, '--size') * 0x100000,
    flash: flash !== undefined && existsSync(flash) ? readFileSync(flash) : undefined,
    startsInDownloadMode: options.onOpen === 'download',
    output: output === undefined ? [] : readFileSync(output, 'utf8').trimEnd().split('\n'),
    pace: number(options.pace, '--pace'),
    seed: number(options.seed, '--seed'),
    faults: faultsOf(options.fault),
  });
}

/** @throws UsageError for a board that cannot be, and for a file that cannot be read */
function checkedBoardOf(options: ServeOptions): Board {
  try {
    return boardOf(options);
  } catch (error) {
    const isWrong = error instanceof RangeError || errorCode(error) !== '';
    if (isWrong && error instanceof Error) throw new UsageError(error.message);
    throw error;
  }
}

function obey(board: Board, line: string): void {
  const [word] = line.split(' ', 1);
  if (word === 'reset' || word === 'boot') board.press(word);
  else if (word === 'unplug') board.unplug();
  else if (word === 'replug') board.replug();
  else if (word === 'say') board.say(line.slice('say '.length));
  else if (word === 'wire') {
    const { toDevice_bytes, fromDevice_bytes, round_trips, busy_us, elapsed_us } = board.wire;
    const measures = { toDevice_bytes, fromDevice_bytes, round_trips, busy_us, elapsed_us, mode: board.mode };
    process.stdout.write(`${JSON.stringify(measures)}\n`);
  } else if (word !== '') process.stderr.write(`not known: ${word}\n`);
}

/** Whether somebody may write to our stdin: with `&` or from a service it is /dev/null, whose end means nothing. */
function hasStdin(): boolean {
  const stdin = fstatSync(process.stdin.fd);
  return process.stdin.isTTY || stdin.isFIFO() || stdin.isSocket();
}

/** Until it is interrupted, or whoever has our stdin ends it. */
async function serveUntilEnd(board: Board): Promise<void> {
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
    if (!hasStdin()) return;
    let rest = '';
    process.stdin.setEncoding('utf8');
    process.stdin.on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) obey(board, line.trim());
    });
    process.stdin.once('end', resolve);
  });
  process.stdin.destroy();
}

async function main(argv: string[]): Promise<number> {
  const { help, options } = parse(argv);
  if (help !== '') {
    process.stdout.write(help);
    return 0;
  }
  if (!isOnOpen(options.onOpen)) throw new UsageError(`--on-open is one of ${ON_OPEN.join(', ')}`);
  const board = checkedBoardOf(options);
  if (options.writeImage !== undefined && isChip(options.chip)) {
    writeImageFolder(options.writeImage, options.chip, firmware(options.chip));
  }
  const served = await serveOnPty(board, { onOpen: options.onOpen, link: options.link });
  process.stdout.write(`${served.path}\n`);
  await serveUntilEnd(board);
  await served.close();
  if (options.flash !== undefined) writeFileSync(options.flash, board.flash.bytes);
  return 0;
}

await runMain('serve', main);
