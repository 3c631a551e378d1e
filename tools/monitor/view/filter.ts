/** What the user wants to see. Only lines are sorted out: what the monitor itself has to say is always shown. */
import { UsageError } from '../../cli/errors.ts';
import type { Level, MonitorEvent } from '../events.ts';

export const LEVELS = ['E', 'W', 'I'] as const;
export type ShownLevel = (typeof LEVELS)[number];

export interface Filter {
  /** Everything as grave as this; `I` is everything, lines without a level too. */
  level: ShownLevel;
  /** null for every line. */
  matches: RegExp | null;
}

const RANK: Readonly<Record<Level, number>> = { E: 0, W: 1, I: 2, '': 2 };

/**
 * `text` as it stands, without regard to case; `/.../` as a regular expression, `/.../i` without regard to case.
 * @throws UsageError that says what is wrong with the expression
 */
export function matcher(text: string): RegExp | null {
  if (text === '') return null;
  const match = /^\/(.+)\/(i?)$/.exec(text);
  const [source, flags] = match === null ? [text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'i'] : [match[1], match[2]];
  try {
    return new RegExp(source, `${flags}u`);
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : String(error);
    throw new UsageError(`--filter ${text} is no regular expression (${why}); without the slashes it is taken as text`);
  }
}

/** Both what came and what it became: a name that only stands in one of them is found as well. */
export function isShown(event: MonitorEvent, { level, matches }: Filter): boolean {
  if (event.type !== 'line') return true;
  if (RANK[event.level] > RANK[level]) return false;
  return matches === null || matches.test(event.raw) || matches.test(event.text);
}
