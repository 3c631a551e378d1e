/**
 * Lines from serial ports. A port is opened once, however many sources read its lines, and opened again when it goes: a
 * USB adapter that is pulled out, a board that restarts.
 */
import { SerialPort } from 'serialport';
import { errorCode } from '../../tools/cli/errors.ts';
import type { Driver, Sink } from './driver.ts';

/** A port that is open. */
export interface SerialLink {
  close(): void;
}

export interface SerialHandlers {
  onOpen: () => void;
  onData: (bytes: Buffer) => void;
  /** It is over; it tells once. */
  onEnd: (why: string) => void;
}

/** Tests bring their own. */
export type OpenSerial = (device: string, baud: number, handlers: SerialHandlers) => SerialLink;

const LINE_MAX_BYTES = 4096;
const RETRY_FIRST_MS = 1000;
const RETRY_MOST_MS = 30_000;

function serialReason(device: string, error: Error): string {
  const text = error.message;
  if (errorCode(error) === 'ENOENT' || /no such file/i.test(text)) return `there is no port ${device}`;
  if (/permission denied/i.test(text)) return `${device}: permission denied; add this user to the group dialout`;
  if (/cannot lock|busy/i.test(text)) return `${device} is used by another program`;
  return `${device}: ${text.replace(/^Error:?\s*/, '')}`;
}

export const openSerialPort: OpenSerial = (device, baud, { onOpen, onData, onEnd }) => {
  let over = false;
  const end = (why: string): void => {
    if (over) return;
    over = true;
    onEnd(why);
  };
  const port = new SerialPort({ path: device, baudRate: baud, autoOpen: false });
  port.on('data', onData);
  port.on('error', (error: Error) => end(serialReason(device, error)));
  port.on('close', () => end(`${device} was unplugged or closed`));
  port.open((error) => {
    if (error === null) onOpen();
    else end(serialReason(device, error));
  });
  return {
    close: () => {
      over = true;
      if (port.isOpen) port.close(() => undefined);
    },
  };
};

class SerialLines {
  readonly sinks = new Set<Sink>();
  readonly #device: string;
  readonly #baud: number;
  readonly #open: OpenSerial;
  #link: SerialLink | null = null;
  #timer: NodeJS.Timeout | undefined;
  #tries = 0;
  #rest = '';
  /** The first line after an opening begins in its middle. */
  #torn = true;

  constructor(device: string, baud: number, open: OpenSerial) {
    this.#device = device;
    this.#baud = baud;
    this.#open = open;
    // Not at once: whoever made this is not listening yet.
    this.#timer = setTimeout(() => this.#begin(), 0);
  }

  #begin(): void {
    this.#rest = '';
    this.#torn = true;
    this.#link = this.#open(this.#device, this.#baud, {
      onOpen: () => {
        this.#tries = 0;
      },
      onData: (bytes) => this.#take(bytes),
      onEnd: (why) => this.#lost(why),
    });
  }

  #lost(why: string): void {
    this.#link = null;
    for (const sink of this.sinks) sink.lost(why);
    const wait_ms = Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** Math.min(this.#tries++, 20));
    this.#timer = setTimeout(() => this.#begin(), wait_ms);
  }

  #take(bytes: Buffer): void {
    const lines = `${this.#rest}${bytes.toString('latin1')}`.split('\n');
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > LINE_MAX_BYTES) {
      this.#rest = '';
      this.#torn = true;
      for (const sink of this.sinks) sink.fault(`a line of ${this.#device} has no end; is the baud rate right?`);
    }
    for (const line of lines) {
      const torn = this.#torn;
      this.#torn = false;
      // What begins in its middle may be a number, and a wrong one: 21.5 cut to 1.5.
      if (torn || line.trim() === '') continue;
      const text = Buffer.from(line, 'latin1').toString('utf8');
      for (const sink of this.sinks) sink.text(text);
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#link?.close();
    this.#link = null;
  }
}

export class SerialPorts {
  readonly #open: OpenSerial;
  readonly #ports = new Map<string, SerialLines>();

  constructor(open: OpenSerial = openSerialPort) {
    this.#open = open;
  }

  driver(device: string, baud: number, sink: Sink): Driver {
    const id = `${device}\n${baud}`;
    const lines = this.#ports.get(id) ?? new SerialLines(device, baud, this.#open);
    this.#ports.set(id, lines);
    lines.sinks.add(sink);
    return {
      stop: () => {
        lines.sinks.delete(sink);
        if (lines.sinks.size > 0) return;
        lines.close();
        this.#ports.delete(id);
      },
    };
  }
}
