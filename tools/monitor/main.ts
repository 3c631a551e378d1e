/** `npm run monitor`: from the words on the command line to a board, or a log, and an exit code. */
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findBoardFolder } from '../boards/board.ts';
import { Failure, UsageError } from '../cli/errors.ts';
import { EXIT_OK } from '../cli/exit-codes.ts';
import { writeAll } from '../cli/surroundings.ts';
import { askForPort } from '../serial/ask.ts';
import type { SerialBinding } from '../serial/binding.ts';
import { choosePort, type PortChoice } from '../serial/choose.ts';
import type { SerialMachine } from '../serial/machine.ts';
import { listPorts } from '../serial/ports.ts';
import { notice } from './events.ts';
import { type Build, readBuild } from './frames/bundles.ts';
import { Interpreter } from './interpreter.ts';
import { gather, isBoard } from './knowledge.ts';
import { runSession } from './live/session.ts';
import { type MonitorOptions, parseOptions } from './options.ts';
import { readRecorded } from './recorded.ts';
import type { MonitorSurroundings } from './surroundings.ts';
import { LogFile } from './view/log-file.ts';
import { View } from './view/view.ts';

/** The serial ports of the computer, loaded only when one is needed. */
export interface MonitorPorts {
  binding: () => Promise<SerialBinding>;
  machine: SerialMachine;
}

/** `build`, `build/firmware` and a folder of one's own are all understood. */
function buildFolder({ build }: MonitorOptions, root: string, cwd: string): string {
  if (build === '') return join(root, 'build', 'firmware');
  const folder = resolve(cwd, build);
  if (!existsSync(folder)) throw new UsageError(`--build ${build}: there is no such folder`);
  const inner = join(folder, 'firmware');
  const hasMaps = (path: string): boolean =>
    existsSync(path) && readdirSync(path).some((name) => name.endsWith('.mjs.map'));
  if (hasMaps(folder)) return folder;
  if (hasMaps(inner)) return inner;
  throw new UsageError(
    `--build ${build}: there is no source map (*.mjs.map) in it; \`npm run build\` writes build/firmware`,
  );
}

function interpreterFor(options: MonitorOptions, build: Build, around: MonitorSurroundings, root: string): Interpreter {
  return new Interpreter({
    root,
    build,
    knowledge: gather(root, options.board, around.env),
    baud: options.input === '' ? options.baud : 0,
    onBoard: (board) => (isBoard(root, board) ? gather(root, board, around.env) : null),
  });
}

async function choose(
  options: MonitorOptions,
  ports: MonitorPorts,
  view: View,
  around: MonitorSurroundings,
  root: string,
): Promise<{ binding: SerialBinding; choice: PortChoice }> {
  const binding = await ports.binding();
  const list = await listPorts(binding, ports.machine);
  if (list.note !== '' && options.port === '') await view.show([notice('W', list.note)]);
  const mayAsk = options.interactive && !options.json && around.stdin.isTTY === true && around.stderr.isTTY === true;
  const choice = await choosePort(
    list,
    { wanted: options.port, usbIds: usbIdsOf(root, options.board), ask: mayAsk ? askForPort : undefined },
    ports.machine,
  );
  return { binding, choice };
}

/** `npm run boards` tells what is wrong with a board; here its ids are taken if they are there. */
function usbIdsOf(root: string, board: string): readonly string[] {
  if (board === '') return [];
  const text = findBoardFolder(root, board).board ?? '{}';
  try {
    return (JSON.parse(text) as { usb?: { ids?: string[] } }).usb?.ids ?? [];
  } catch {
    return [];
  }
}

async function work(
  options: MonitorOptions,
  ports: MonitorPorts,
  around: MonitorSurroundings,
  root: string,
  log: LogFile | null,
): Promise<number> {
  const { json, stamps, filter, input, baud, reconnect, reset, interactive } = options;
  const interpreter = interpreterFor(options, readBuild(buildFolder(options, root, around.cwd)), around, root);
  const view = new View({ around, json, stamps, filter, log, date: around.date });
  if (input !== '') {
    const path = input === '-' ? input : resolve(around.cwd, input);
    return await readRecorded({ around, interpreter, view, input: path });
  }
  const { binding, choice } = await choose(options, ports, view, around, root);
  const { machine } = ports;
  return await runSession({
    around,
    interpreter,
    view,
    binding,
    machine,
    choice,
    baud,
    reconnect,
    reset,
    keys: interactive,
  });
}

export async function monitorMain(
  argv: readonly string[],
  around: MonitorSurroundings,
  root: string,
  ports: MonitorPorts,
): Promise<number> {
  const options = parseOptions(argv, around.stdout.columns, around.env);
  if (options.help !== '') {
    await writeAll(around.stdout, options.help);
    return EXIT_OK;
  }
  const log = options.log === '' ? null : new LogFile(resolve(around.cwd, options.log));
  try {
    return await work(options, ports, around, root, log);
  } catch (error) {
    if (options.json && (error instanceof Failure || error instanceof UsageError)) {
      await writeAll(around.stdout, `${JSON.stringify({ type: 'fail', text: error.message })}\n`);
    }
    throw error;
  } finally {
    log?.close();
  }
}
