/** The log: JSON, a line an event, for machines; short coloured lines on a terminal. */
import { pino, type DestinationStream, type Logger } from 'pino';
import type { LogConfig } from '../config/config.ts';
import { createColours, wantsColour, type Colours } from '../../tools/cli/colour.ts';
import type { Surroundings } from '../../tools/cli/surroundings.ts';

/** pino's numbers. */
const WARN = 40;
const ERROR = 50;
/** What a line for people leaves out: it stands elsewhere in the line, or says nothing to them. */
const PLAIN = new Set(['level', 'time', 'msg', 'part', 'event', 'stack']);

function levelMark(level: number, colours: Colours): string {
  if (level >= ERROR) return colours.red('✗');
  return level >= WARN ? colours.yellow('!') : ' ';
}

function clock(time_ms: number): string {
  return new Date(time_ms).toTimeString().slice(0, 8);
}

/** One event as a line for people. What is no event of pino's comes back as it is. */
export function prettyLine(json: string, colours: Colours): string {
  let entry: Readonly<Record<string, unknown>>;
  try {
    entry = JSON.parse(json) as Readonly<Record<string, unknown>>;
  } catch {
    return json;
  }
  const level = Number(entry.level);
  const part = typeof entry.part === 'string' ? entry.part : '';
  const message = typeof entry.msg === 'string' ? entry.msg : '';
  const detail = Object.entries(entry).filter(([name, value]) => !PLAIN.has(name) && typeof value !== 'object');
  const facts = level >= WARN ? '' : detail.map(([name, value]) => `${name}=${String(value)}`).join(' ');
  const stack = typeof entry.stack === 'string' ? `\n${entry.stack}` : '';
  const head = `${colours.dim(clock(Number(entry.time)))} ${levelMark(level, colours)} ${colours.cyan(part.padEnd(10))}`;
  return `${head} ${message}${facts === '' ? '' : `  ${colours.dim(facts)}`}${stack}\n`;
}

export function createLog({ level, format }: LogConfig, { stdout, env }: Surroundings): Logger {
  const pretty = format === 'pretty' || (format === 'auto' && stdout.isTTY === true);
  const colours = createColours(wantsColour(stdout, env));
  const destination: DestinationStream = {
    write: (line) => {
      stdout.write(pretty ? prettyLine(line, colours) : line);
    },
  };
  // Without the process's number and the host's name: the journal adds both.
  return pino({ level, base: undefined, timestamp: pino.stdTimeFunctions.epochTime }, destination);
}
