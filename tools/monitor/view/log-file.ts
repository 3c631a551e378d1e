/**
 * Everything that came, into a file: unfiltered, without colours, each line with its date and time. What the monitor
 * adds is marked, so that the file can be read again (`--input`) as if the board were here.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { createColours } from '../../cli/colour.ts';
import { UsageError, writeReason } from '../../cli/errors.ts';
import type { MonitorEvent } from '../events.ts';
import { textLines } from './text.ts';

const PLAIN = { colours: createColours(false), columns: undefined };
/** Before what did not come from the board. */
const OWN = '-- ';
const LOGGED = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (.*)$/;

function linesOf(event: MonitorEvent): string[] {
  if (event.type === 'line') return [event.raw];
  const own = textLines(event, PLAIN).map((line) => `${OWN}${line.trim()}`);
  if (event.type !== 'frame') return own;
  const raw = ` ${event.raw}`;
  return event.known === 'none' ? [raw] : [raw, ...own];
}

export class LogFile {
  readonly #file: number;

  /**
   * Appends: a log of yesterday is not lost.
   * @throws UsageError when the file cannot be written
   */
  constructor(path: string) {
    try {
      this.#file = openSync(path, 'a');
    } catch (error) {
      throw new UsageError(`--log ${path} cannot be written: ${writeReason(error)}`);
    }
  }

  write(event: MonitorEvent, at: Date): void {
    const lines = linesOf(event).map((line) => `${at.toISOString()} ${line}\n`);
    writeSync(this.#file, lines.join(''));
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** A line of such a file as the board said it, and when; null for what the monitor had added. */
export function readLogged(line: string): { text: string; at_ms: number | null } | null {
  const match = LOGGED.exec(line);
  if (match === null) return { text: line, at_ms: null };
  const [, date, text] = match;
  return text.startsWith(OWN) ? null : { text, at_ms: Date.parse(date) };
}
