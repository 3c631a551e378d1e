/** Where a key's readings come from. A source gives a number in its own unit; scale and offset make it the key's. */

/** What a source has to say when it is asked. */
export type Reading =
  | { kind: 'value'; value: number }
  /** Nothing now, and why. */
  | { kind: 'none'; why: string };

export interface Source {
  /**
   * The newest reading, at once. What takes time (a file, a command) is fetched in the background, so that no sensor
   * holds up a cycle.
   */
  read(): Reading;
  close(): void;
}

export const WAITING: Reading = { kind: 'none', why: 'nothing has come yet' };

/** The first word of a text as a number: what files under /sys and most commands say. */
export function numberIn(text: string, what: string): Reading {
  const [word = ''] = text.trim().split(/\s+/);
  const value = word === '' ? NaN : Number(word);
  if (Number.isFinite(value)) return { kind: 'value', value };
  const shown = word.length > 24 ? `${word.slice(0, 24)}...` : word;
  return { kind: 'none', why: word === '' ? `${what} says nothing` : `${what} says "${shown}", which is no number` };
}
