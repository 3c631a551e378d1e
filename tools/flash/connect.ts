/** Reaches the ROM loader behind a port: opens it, resets the board into the loader, learns which chip it is. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Before, UnexpectedChipIdError, UnexpectedChipMagicError } from 'esptool-js';
import { Failure } from '../cli/errors.ts';
import { EXIT_INTERRUPTED } from '../cli/exit-codes.ts';
import type { SerialBinding } from '../serial/binding.ts';
import { EXIT_LINK_LOST } from '../serial/exit-codes.ts';
import type { SerialMachine } from '../serial/machine.ts';
import { listPorts, type SerialPortFound } from '../serial/ports.ts';
import { connectFailure } from './connect-failure.ts';
import { EXIT_WRONG_CHIP } from './exit-codes.ts';
import { BoardLoader } from './loader.ts';
import { BoardTransport } from './transport.ts';
import { PortLost, WebPort } from './web-port.ts';

export interface ConnectOptions {
  binding: SerialBinding;
  machine: SerialMachine;
  path: string;
  found: SerialPortFound | undefined;
  before: Before;
  /** How often the board is reset and called before giving up. */
  attempts: number;
  /** Which button starts the download mode, from board.json; '' where the board is not known. */
  buttonHint: string;
  /** Ends the work when the user presses Ctrl-C. */
  signal: AbortSignal;
  /** Stretches or shrinks every wait for an answer; 1 but in tests. */
  patience: number;
  trace: ((line: string) => void) | undefined;
  onWarning: (text: string) => void;
}

export interface Reached {
  loader: BoardLoader;
  transport: BoardTransport;
  port: WebPort;
}

/** A chip's own USB port goes away while the chip resets, and takes up to so long to come back. */
const RETURN_MS = 5000;
const LOOK_MS = 50;
/** How often a port may vanish on the way. */
const VANISHES_MAX = 4;

export function interrupted(): Failure {
  return new Failure('interrupted', EXIT_INTERRUPTED);
}

export function throwIfInterrupted(signal: AbortSignal): void {
  if (signal.aborted) throw interrupted();
}

/** Waits for a port that went away, under its own name or, by its serial number, under another. */
async function comesBack(port: WebPort, options: ConnectOptions): Promise<boolean> {
  const { binding, machine, found, signal, patience, onWarning } = options;
  const until_ms = performance.now() + RETURN_MS * Math.max(patience, 0.2);
  const isSame = (other: SerialPortFound): boolean =>
    found !== undefined &&
    found.serialNumber !== '' &&
    other.serialNumber === found.serialNumber &&
    other.vendorId === found.vendorId;
  while (performance.now() < until_ms) {
    throwIfInterrupted(signal);
    const { ports } = await listPorts(binding, machine);
    const back = ports.find(({ path }) => path === port.path) ?? ports.find(isSame);
    if (back !== undefined) {
      if (back.path !== port.path) onWarning(`the board came back from its reset as ${back.path}`);
      port.path = back.path;
      return true;
    }
    await sleep(LOOK_MS);
  }
  return false;
}

/** What the library threw while connecting, as an error for people. */
function explain(error: unknown, reached: Reached, options: ConnectOptions): unknown {
  const { loader, port } = reached;
  if (options.signal.aborted) return interrupted();
  if (error instanceof Failure) return error;
  if (error instanceof UnexpectedChipIdError || error instanceof UnexpectedChipMagicError) {
    return new Failure(
      `the chip at ${port.path} is none that this tool knows (${error.message}); it knows the ESP32 family`,
      EXIT_WRONG_CHIP,
    );
  }
  if (error instanceof PortLost) {
    const line = `${port.path} went away while the board was reset, and did not come back; plug it in again, and try again`;
    return new Failure(line, EXIT_LINK_LOST);
  }
  if (!(error instanceof Error) || error instanceof TypeError) return error;
  return connectFailure({
    path: port.path,
    lastAttempt: loader.lastAttempt,
    attempts: options.attempts,
    heard_bytes: port.heard_bytes,
    buttonHint: options.buttonHint,
    hasLines: port.hasLines,
  });
}

/**
 * @throws Failure: the codes of opening a port, EXIT_NO_CONNECTION with the button to press, EXIT_WRONG_CHIP for a chip
 * that nobody knows, EXIT_LINK_LOST for a port that went away for good, EXIT_INTERRUPTED
 */
export async function reach(options: ConnectOptions): Promise<Reached> {
  const { patience, trace, signal } = options;
  const port = new WebPort(options);
  const stop = (): void => port.end(interrupted());
  signal.addEventListener('abort', stop);
  try {
    for (let vanishes = 0; ; vanishes++) {
      throwIfInterrupted(signal);
      const transport = new BoardTransport({ port, patience, trace });
      const loader = new BoardLoader(transport, trace);
      // Away and back again means that the reset has worked: the loader may be waiting already.
      const mode = vanishes % 2 === 1 ? 'no_reset' : options.before;
      try {
        await loader.detectChip(mode, options.attempts);
        return { loader, transport, port };
      } catch (error) {
        const lost = port.lost instanceof PortLost;
        await port.close();
        const again = lost && vanishes < VANISHES_MAX && (await comesBack(port, options));
        if (!again) throw explain(error, { loader, transport, port }, options);
      }
    }
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
