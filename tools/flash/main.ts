/** `npm run flash`: from the words on the command line to boards that hold the image, and an exit code. */
import { resolve } from 'node:path';
import { Failure, UsageError } from '../cli/errors.ts';
import { EXIT_INTERRUPTED, EXIT_OK } from '../cli/exit-codes.ts';
import type { Surroundings } from '../cli/surroundings.ts';
import { writeAll } from '../cli/surroundings.ts';
import type { SerialBinding } from '../serial/binding.ts';
import { choosePort, everyPort, namedPort, type PortChoice } from '../serial/choose.ts';
import type { SerialMachine } from '../serial/machine.ts';
import { listPorts, type SerialPortFound } from '../serial/ports.ts';
import { infoText } from './info.ts';
import { type Job, readJob } from './job.ts';
import { merge } from './merge.ts';
import { type FlashOptions, parseOptions } from './options.ts';
import { looksLikeNumber } from './place.ts';
import { type Crew, runBoards } from './run-boards.ts';
import { createScreen } from './screen.ts';
import { openTrace } from './trace.ts';

/** What the command works with besides its surroundings; tests put a model in the place of the ports. */
export interface Hands {
  binding: () => Promise<SerialBinding>;
  machine: SerialMachine;
  /** undefined where nobody sits at the terminal. */
  askForPort: ((ports: readonly SerialPortFound[]) => Promise<string>) | undefined;
  confirm: ((question: string) => Promise<boolean>) | undefined;
  /** Stretches or shrinks every wait for an answer; 1 but in tests. */
  patience: number;
}

async function choosePorts(
  job: Job,
  binding: SerialBinding,
  hands: Hands,
  note: (text: string) => Promise<void>,
): Promise<PortChoice[]> {
  const { ports, all, input, json } = job.options;
  const list = await listPorts(binding, hands.machine);
  if (list.note !== '' && ports.length === 0) await note(list.note);
  if (ports.length > 0) return ports.map((path) => namedPort(path, list));
  if (all) return everyPort(list, hands.machine);
  const ask = input && !json ? hands.askForPort : undefined;
  const choice = await choosePort(list, { wanted: '', usbIds: job.board?.board.usb.ids ?? [], ask }, hands.machine);
  await note(`${choice.path}: ${choice.why}`);
  return [choice];
}

/** Erasing takes settings and keys with it, so it is asked for once more. */
async function mayErase(options: FlashOptions, choices: readonly PortChoice[], hands: Hands): Promise<void> {
  const { verb, erase, yes, input, json, rest } = options;
  if (yes || (verb !== 'erase' && !erase)) return;
  const what = rest.length > 0 ? rest.join(' ') : 'everything, settings and keys too,';
  const where = choices.map(({ path }) => path).join(', ');
  const confirm = input && !json ? hands.confirm : undefined;
  if (confirm === undefined) {
    // The flag beside other work is a clear word; the verb alone may be a slip.
    if (verb !== 'erase') return;
    throw new UsageError(`erase would take ${what} from ${where}; say so with --yes where nobody can be asked`);
  }
  if (!(await confirm(`Erase ${what} on ${where}?`))) throw new Failure('nothing was erased', EXIT_INTERRUPTED);
}

async function mergeOnly(job: Job, around: Surroundings): Promise<number> {
  const { options, image, board } = job;
  if (image === undefined) throw new UsageError('merge needs an image; name --board or --image');
  const merged = merge(image, options.rest.at(0) ?? '', around.cwd, board?.id ?? '');
  const text = options.json
    ? JSON.stringify({ type: 'result', verb: 'merge', ok: true, ...merged })
    : `${merged.file}\n${merged.manifest}`;
  await writeAll(around.stdout, `${text}\n`);
  return EXIT_OK;
}

/** Words that are wrong for their verb are told before any port is opened. */
function checkRest({ verb, rest, json }: FlashOptions): void {
  const isNumber = rest.length > 0 && looksLikeNumber(rest[0]);
  if (verb === 'read' && rest.length === 0) throw new UsageError('read what? A partition, or an address and a length');
  if ((verb === 'read' || verb === 'erase') && isNumber && rest.length < 2) {
    throw new UsageError(`${verb} ${rest[0]}: a length must follow the address`);
  }
  if (verb === 'read' && json && rest.at(-1) === '-') {
    throw new UsageError('read ... - and --json: both would go to stdout; name a file');
  }
  if ((verb === 'read' && !isNumber && rest.length > 2) || (verb === 'erase' && !isNumber && rest.length > 1)) {
    throw new UsageError(`"${rest.at(-1) ?? ''}" is one word too many after a partition`);
  }
}

/** @throws UsageError, and Failure with the code of what went wrong, when it is about one board */
export async function flashMain(
  argv: readonly string[],
  around: Surroundings,
  root: string,
  hands: Hands,
): Promise<number> {
  const options = parseOptions(argv, around.stdout.columns, around.env);
  if (options.help !== '') {
    await writeAll(around.stdout, options.help);
    return EXIT_OK;
  }
  checkRest(options);
  const job = readJob(options, root, around.cwd);
  if (options.verb === 'merge') return await mergeOnly(job, around);
  const binding = await hands.binding();
  const note = async (text: string): Promise<void> => {
    await writeAll(
      options.json ? around.stdout : around.stderr,
      options.json ? `${JSON.stringify({ type: 'info', text })}\n` : `  ${text}\n`,
    );
  };
  const choices = await choosePorts(job, binding, hands, note);
  await mayErase(options, choices, hands);
  const trace = options.trace === '' ? undefined : openTrace(resolve(around.cwd, options.trace), argv, around.now_ms);
  const interrupt = new AbortController();
  const stopListening = around.onInterrupt(() => interrupt.abort());
  const screen = createScreen(around, options.json, choices.length > 1);
  const crew: Crew = {
    job,
    binding,
    machine: hands.machine,
    patience: hands.patience,
    signal: interrupt.signal,
    trace,
    screen,
    around,
  };
  try {
    return await runBoards(crew, choices, infoText);
  } finally {
    screen.end();
    stopListening();
    trace?.close();
  }
}
