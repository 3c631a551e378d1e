/** Boards behind serial ports, through the flasher. */
import { resolve } from 'node:path';
import type { Environment } from '../cli/colour.ts';
import { Failure, UsageError } from '../cli/errors.ts';
import { type Emit, told } from '../flash/events.ts';
import { EXIT_SECURED, EXIT_WRONG_CHIP } from '../flash/exit-codes.ts';
import { refuseSecured } from '../flash/security.ts';
import { type BoardAtWork, DEFAULT_ATTEMPTS, DEFAULT_BAUD, withDevice } from '../flash/session.ts';
import { openTrace, type Trace } from '../flash/trace.ts';
import { askForPort } from '../serial/ask.ts';
import type { SerialBinding } from '../serial/binding.ts';
import { choosePort } from '../serial/choose.ts';
import type { SerialMachine } from '../serial/machine.ts';
import { listPorts } from '../serial/ports.ts';
import type { BoardLink, WithBoard } from './board-link.ts';
import { readBoard } from './named-board.ts';
import { PAGE_BYTES } from './nvs/layout.ts';
import type { ConnectionTexts } from './options.ts';

export interface DeviceTools {
  /** Loaded when it is needed: it is native code. */
  binding: () => Promise<SerialBinding>;
  machine: SerialMachine;
  env: Environment;
  cwd: string;
  root: string;
  signal: AbortSignal;
  now_ms: () => number;
  /** Stretches or shrinks every wait for an answer; 1 but in tests. */
  patience: number;
}

/** As `npm run flash` takes them. */
const BAUD: readonly [number, number] = [9600, 4_000_000];
const ATTEMPTS: readonly [number, number] = [1, 1000];

function wholeFlag(
  flag: string,
  text: string,
  otherwise: number,
  [lowest, highest]: readonly [number, number],
): number {
  if (text === '') return otherwise;
  const value = Number(text);
  if (Number.isInteger(value) && value >= lowest && value <= highest) return value;
  throw new UsageError(`${flag} is "${text}"; it must be a whole number from ${lowest} to ${highest}`);
}

/** A trace is sent to strangers, so nothing is in it while the settings go over the port. */
class QuietTrace {
  readonly #trace: Trace;
  readonly line: (text: string) => void;
  #quiet = false;

  constructor(trace: Trace, port: string) {
    this.#trace = trace;
    const write = trace.of(port);
    this.line = (text) => {
      if (!this.#quiet) write(text);
    };
  }

  async without<Result>(work: () => Promise<Result>): Promise<Result> {
    this.line('(the settings: not traced, for they hold secrets)');
    this.#quiet = true;
    try {
      return await work();
    } finally {
      this.#quiet = false;
    }
  }

  close(): void {
    this.#trace.close();
  }
}

/** A partition of settings can be written beside secure boot; what is encrypted is out of reach. */
function checkSecurity({ facts }: BoardAtWork): void {
  refuseSecured({ ...facts.security, secureBoot: false, flashEncryption: false }, 'provision', false);
  if (facts.security.flashEncryption) {
    throw new Failure(
      'flash encryption is on: the chip may keep its settings encrypted with a key that only it has; nothing was changed',
      EXIT_SECURED,
    );
  }
}

async function partitionOf(work: BoardAtWork): Promise<{ offset: number; size: number }> {
  const table = await work.partitions();
  const stores = table.filter(({ type, subtype }) => type === 'data' && subtype === 'nvs');
  // ESP-IDF's default partition goes by its name; there may be others beside it.
  const nvs = stores.find(({ name }) => name === 'nvs') ?? stores.at(0);
  if (nvs === undefined) {
    const why = table.length === 0 ? 'has no partition table' : 'has no partition for settings (data, nvs)';
    throw new Failure(`the board at ${work.path} ${why}: flash it first with \`npm run flash\``);
  }
  if (nvs.encrypted || nvs.offset % PAGE_BYTES !== 0 || nvs.size % PAGE_BYTES !== 0) {
    throw new Failure(
      `the partition ${nvs.name} of the board at ${work.path} is encrypted or not made of whole sectors`,
    );
  }
  return nvs;
}

async function linkOf(work: BoardAtWork, emit: Emit, trace: QuietTrace | undefined): Promise<BoardLink> {
  const untraced = async <Result>(part: () => Promise<Result>): Promise<Result> =>
    trace === undefined ? await part() : await trace.without(part);
  checkSecurity(work);
  const { chip, mac } = work.facts;
  const { offset, size } = await partitionOf(work);
  return {
    port: work.path,
    chip,
    mac,
    offset,
    size_bytes: size,
    read: async () => {
      const read = async (): Promise<Uint8Array> => await untraced(async () => await work.readRegion(offset, size));
      return await told(emit, 'read the settings', read);
    },
    write: async (data) => {
      await untraced(async () => await work.writeRegions([{ name: 'settings', address: offset, data }]));
    },
  };
}

function checkChip(work: BoardAtWork, board: { id: string; chip: string } | null): void {
  if (board === null || board.chip === work.facts.chip) return;
  throw new Failure(
    `the chip at ${work.path} is an ${work.facts.chip}, and ${board.id} has an ${board.chip}; nothing was changed`,
    EXIT_WRONG_CHIP,
  );
}

function options(connection: ConnectionTexts, env: Environment): { wanted: string; baud: number; attempts: number } {
  const { port, baud, attempts } = connection;
  const wanted = port === '' ? (env.ESPTOOL_PORT ?? '') : port;
  const rate = baud === '' ? (env.ESPTOOL_BAUD ?? '') : baud;
  return {
    wanted,
    baud: wholeFlag(baud === '' ? 'ESPTOOL_BAUD' : '--baud', rate, DEFAULT_BAUD, BAUD),
    attempts: wholeFlag('--connect-attempts', attempts, DEFAULT_ATTEMPTS, ATTEMPTS),
  };
}

export function boardsOf(tools: DeviceTools): WithBoard {
  const { machine, env, cwd, root, signal, now_ms, patience } = tools;
  return async (connection, { mayAsk, emit }, work) => {
    const { wanted, baud, attempts } = options(connection, env);
    const { board: id, trace: traceName, stub } = connection;
    const board = id === '' ? null : readBoard(root, id).board;
    const binding = await tools.binding();
    const ask = mayAsk ? askForPort : undefined;
    const ports = await listPorts(binding, machine);
    const { path, found } = await choosePort(ports, { wanted, usbIds: board?.usb.ids ?? [], ask }, machine);
    const trace =
      traceName === '' ? undefined : new QuietTrace(openTrace(resolve(cwd, traceName), ['(provision)'], now_ms), path);
    const session = { binding, machine, path, found, baud, attempts, stub, signal, emit, now_ms, patience };
    const hint = { buttonHint: board?.download_mode ?? '', trace: trace?.line };
    emit({ type: 'step:start', step: `reach the board at ${path}` });
    try {
      return await withDevice({ ...session, ...hint }, async (device) => {
        checkChip(device, board === null ? null : { id, chip: board.chip });
        const { family, mac } = device.facts;
        emit({ type: 'step:done', step: `reach the board at ${path}`, detail: `${family}, ${mac}` });
        return await work(await linkOf(device, emit, trace));
      });
    } finally {
      trace?.close();
    }
  };
}
