/** The serial port as a source of happenings: it opens, speaks, vanishes, and is opened again. */
import type { SerialBinding } from '../../serial/binding.ts';
import type { PortChoice } from '../../serial/choose.ts';
import type { SerialMachine } from '../../serial/machine.ts';
import { closeSerial, isLineless, openSerial, type SerialStream, setLines } from '../../serial/open.ts';
import { listPorts } from '../../serial/ports.ts';
import { Failure } from '../../cli/errors.ts';
import { notice, type NoticeEvent } from '../events.ts';
import type { Inbox } from './inbox.ts';
import { resetChip, RUNNING } from './reset.ts';
import { whereIsIt } from './returned.ts';

/** A line that is not finished after this long is shown as it is. */
const QUIET_MS = 300;
/** A port that vanished is looked for this often. */
const LOOK_MS = 200;
/** How systems say that a USB port is gone; it needs no saying twice. */
const GONE = /bad file descriptor|input\/output error|no such device|disconnect|not configured|EBADF|EIO|ENXIO/i;
/** Looks until it is told why a port that is back does not open: rights come a moment after the port. */
const PATIENCE = 15;

export interface LinePortOptions {
  binding: SerialBinding;
  machine: SerialMachine;
  choice: PortChoice;
  baud: number;
  inbox: Inbox;
  wait: (ms: number) => Promise<void>;
  now_ms: () => number;
}

export class LinePort {
  readonly #options: LinePortOptions;
  #path: string;
  #stream: SerialStream | null = null;
  #quiet: NodeJS.Timeout | undefined;
  #look: NodeJS.Timeout | undefined;
  #gone_ms = 0;
  #looks = 0;
  #strangerTold = false;
  #linelessTold = false;

  constructor(options: LinePortOptions) {
    this.#options = options;
    this.#path = options.choice.path;
  }

  /** @throws Failure that says why the port does not open */
  async open(): Promise<NoticeEvent[]> {
    const { binding, machine, baud, inbox } = this.#options;
    const notices: NoticeEvent[] = [];
    const stream = await openSerial({
      binding,
      machine,
      path: this.#path,
      baudRate: baud,
      onWarning: (text) => notices.push(notice('W', text)),
    });
    this.#stream = stream;
    stream.on('data', (bytes: Buffer) => {
      inbox.put({ type: 'bytes', bytes });
      this.#waitForQuiet();
    });
    stream.on('error', (error: Error) => this.#ended(stream, error.message));
    stream.on('close', (error: Error | null) => this.#ended(stream, error?.message ?? ''));
    // A system that opens a port pulls both lines; on boards that wire them straight that holds the chip.
    try {
      await setLines(stream, RUNNING);
    } catch (error) {
      if (isLineless(error) && !this.#linelessTold) {
        this.#linelessTold = true;
        notices.push(notice('W', `${this.#path} has no DTR and RTS: the board cannot be reset from here`));
      }
    }
    return notices;
  }

  async reset(): Promise<NoticeEvent> {
    if (this.#stream === null) return notice('W', 'the port is not there, so the board cannot be reset');
    const why = await resetChip(this.#stream, this.#options.wait);
    return why === '' ? notice('I', 'reset the board') : notice('W', why);
  }

  /** Begins to look for the port that vanished; `look` happenings follow. */
  vanished(): void {
    this.#gone_ms = this.#options.now_ms();
    this.#looks = 0;
    this.#strangerTold = false;
    this.#lookLater();
  }

  /** Opens the port if it is back. */
  async look(): Promise<NoticeEvent[]> {
    const { binding, machine, choice, now_ms } = this.#options;
    this.#looks++;
    const { ports, note } = await listPorts(binding, machine);
    const where = whereIsIt({ path: this.#path, found: note === '' ? choice.found : undefined }, ports);
    if (where.state === 'absent' || where.state === 'stranger') {
      this.#lookLater();
      if (where.state === 'absent' || this.#strangerTold) return [];
      this.#strangerTold = true;
      const expected = choice.found?.serialNumber ?? '';
      return [
        notice(
          'W',
          `${where.path} is now another device (serial ${where.serialNumber}): still waiting for serial ${expected}`,
        ),
      ];
    }
    const before = this.#path;
    this.#path = where.path;
    try {
      const notices = await this.open();
      const after = ((now_ms() - this.#gone_ms) / 1000).toFixed(1);
      const name = this.#path === before ? this.#path : `${before} is now ${this.#path}, and`;
      return [notice('I', `${name} is back after ${after} s`), ...notices];
    } catch (error) {
      this.#lookLater();
      if (!(error instanceof Failure)) throw error;
      return this.#looks === PATIENCE ? [notice('W', `still waiting: ${error.message}`)] : [];
    }
  }

  get path(): string {
    return this.#path;
  }

  async close(): Promise<void> {
    clearTimeout(this.#quiet);
    clearTimeout(this.#look);
    const stream = this.#stream;
    this.#stream = null;
    if (stream !== null) await closeSerial(stream);
  }

  #ended(stream: SerialStream, why: string): void {
    if (this.#stream !== stream) return;
    this.#stream = null;
    if (stream.isOpen) void closeSerial(stream);
    this.#options.inbox.put({ type: 'gone', why: GONE.test(why) ? '' : why });
  }

  #waitForQuiet(): void {
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => this.#options.inbox.put({ type: 'quiet' }), QUIET_MS);
  }

  #lookLater(): void {
    this.#look = setTimeout(() => this.#options.inbox.put({ type: 'look' }), LOOK_MS);
  }
}
