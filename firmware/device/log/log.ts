/**
 * The log port, as lines: `lvs I started a=4`. The letter is the level (E error, W warning, I information), then a
 * name, then what belongs to it. `npm run monitor` reads them.
 */

import { EVENT_NAMES } from '../../node.ts';
import type { LogPort } from '../../platform.ts';

export type Level = 'E' | 'W' | 'I';

const WARNINGS: readonly string[] = Object.freeze([
  'state-corrupt',
  'store-failed',
  'recovery-entered',
  'liar-caught',
  'send-failed',
  'low-power-entered',
]);

/** Comes each cycle while there is no network, with how often so far: then 1, 2, 4, 8 ... are told. */
const COUNTED = 'send-failed';

export interface LogOptions {
  print: (line: string) => void;
}

export class Log implements LogPort {
  readonly #print: (line: string) => void;

  constructor({ print }: LogOptions) {
    this.#print = print;
  }

  event(code: number, a: number, b: number): void {
    const name = EVENT_NAMES[code];
    if (name === COUNTED && (a & (a - 1)) !== 0) return;
    const rest = b === 0 ? `a=${a}` : `a=${a} b=${b}`;
    this.say(WARNINGS.includes(name) ? 'W' : 'I', name, rest);
  }

  say(level: Level, name: string, rest = ''): void {
    this.#print(rest === '' ? `lvs ${level} ${name}` : `lvs ${level} ${name} ${rest}`);
  }
}
