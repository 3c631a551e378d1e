/** A desk to try the command at: boards of the model, an image in a folder, and everything that the command says. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../../../tools/cli/colour.ts';
import { projectRoot } from '../../../tools/cli/project-root.ts';
import { explain } from '../../../tools/cli/run-main.ts';
import { flashMain, type Hands } from '../../../tools/flash/main.ts';
import type { SerialMachine } from '../../../tools/serial/machine.ts';
import { romBinding } from '../../rom/binding.ts';
import type { Board } from '../../rom/board.ts';
import type { ChipName } from '../../rom/chips.ts';
import { firmware, type Firmware, flashed } from '../../rom/firmware.ts';
import { writeImageFolder } from '../../rom/image-folder.ts';
import { keepSurroundings } from '../around.ts';

/** No answer of the model takes longer: it answers at once, and what is dead stays so. */
export const PATIENCE = 0.02;

/** A Linux computer on which nobody else holds a port. */
export const MACHINE: SerialMachine = {
  platform: 'linux',
  pid: 1,
  user: 'ada',
  groups: [1000],
  list: () => [],
  readLink: () => '',
  readText: () => '',
  realPath: (path) => path,
  groupOf: () => -1,
};

export interface Said {
  code: number;
  out: string;
  err: string;
  /** stdout as JSON lines. */
  events: () => Record<string, unknown>[];
}

export interface RunOptions {
  env?: Environment;
  machine?: SerialMachine;
  hands?: Partial<Hands>;
  listFails?: Error;
  root?: string;
  /** Given what presses Ctrl-C. */
  onStart?: (interrupt: () => void) => void;
}

const folders: string[] = [];

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lvs-flash-'));
  folders.push(folder);
  return folder;
}

export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** The command, as `npm run flash -- WORDS` runs it, against these boards. */
export async function flash(
  words: readonly string[],
  boards: readonly Board[],
  options: RunOptions = {},
): Promise<Said> {
  const { env = {}, machine = MACHINE, hands = {}, listFails, root = projectRoot(), onStart } = options;
  const kept = keepSurroundings(env, newFolder());
  let interrupt = (): void => undefined;
  const around = {
    ...kept,
    now_ms: () => performance.now(),
    onInterrupt: (callback: () => void) => {
      interrupt = callback;
      return () => undefined;
    },
  };
  const binding = romBinding(boards, listFails === undefined ? {} : { listFails });
  onStart?.(() => interrupt());
  let code: number;
  let tail = '';
  try {
    code = await flashMain(words, around, root, {
      binding: () => Promise.resolve(binding),
      machine,
      askForPort: undefined,
      confirm: undefined,
      patience: PATIENCE,
      ...hands,
    });
  } catch (error) {
    const { lines, code: its } = explain('flash', error);
    code = its;
    tail = lines.map((line) => `${line}\n`).join('');
  }
  const lines = (): string[] =>
    kept
      .out()
      .split('\n')
      .filter((line) => line !== '');
  return {
    code,
    out: kept.out(),
    err: `${kept.err()}${tail}`,
    events: () => lines().map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

export interface ImageOptions {
  size_bytes?: number;
  version?: string;
  seed?: number;
  /** What goes into flasher_args.json over the usual. */
  args?: object;
}

export interface Built extends Firmware {
  folder: string;
  /** What a flash of it all comes to. */
  whole: Buffer;
}

/** A build folder as ESP-IDF leaves it. */
export function buildImage(chip: ChipName, options: ImageOptions = {}, folder = newFolder()): Built {
  const made = firmware(chip, options);
  writeImageFolder(folder, chip, made, options.args);
  return { ...made, folder, whole: flashed(made) };
}
