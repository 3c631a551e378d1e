/** Opens a serial port, and sets its two lines. */
import { SerialPortStream } from '@serialport/stream';
import type { SerialBinding } from './binding.ts';
import { openFailure } from './faults.ts';
import { holdersOf, holdersText } from './holders.ts';
import type { SerialMachine } from './machine.ts';
import { listPorts } from './ports.ts';

export interface OpenOptions {
  binding: SerialBinding;
  machine: SerialMachine;
  path: string;
  baudRate: number;
  /** Called with what is odd but no reason to stop. */
  onWarning: (text: string) => void;
}

export type SerialStream = SerialPortStream;

/** Both lines as a program sets them; true pulls the pin low. */
export interface Lines {
  dtr: boolean;
  rts: boolean;
}

/**
 * An open port. What happens to it later is told by its events: `close` with an error when it vanished, `data`.
 *
 * @throws Failure that names who holds the port, which right is missing, or which ports there are instead
 */
export async function openSerial(options: OpenOptions): Promise<SerialStream> {
  const { binding, machine, path, baudRate, onWarning } = options;
  // Not every program locks a port that it has open: two readers then share the bytes, and both see garbage.
  const others = holdersText(holdersOf(path, machine));
  const stream = new SerialPortStream({ binding, path, baudRate, autoOpen: false });
  await new Promise<void>((resolve, reject) => {
    stream.open((error) => {
      if (error === null) resolve();
      else listPorts(binding, machine).then((list) => reject(openFailure(error, path, list, machine)), reject);
    });
  });
  if (others !== '') {
    onWarning(`${path} is open in ${others} as well: if nothing answers, close that program and try again`);
  }
  return stream;
}

/** @throws the system's error; a pseudo-terminal has no such lines (`isLineless`) */
export async function setLines(stream: SerialStream, lines: Lines & { brk?: boolean }): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    stream.set(lines, (error) => (error === null ? resolve() : reject(error)));
  });
}

/** Whether an error of `setLines` says that the port has no lines at all, as a pseudo-terminal or a network port. */
export function isLineless(error: unknown): boolean {
  return error instanceof Error && /ioctl|not supported|invalid argument|ENOTTY|EINVAL/i.test(error.message);
}

/** Safe to call on a port that has vanished. */
export async function closeSerial(stream: SerialStream): Promise<void> {
  if (!stream.isOpen) return;
  await new Promise<void>((resolve) => stream.close(() => resolve()));
}
