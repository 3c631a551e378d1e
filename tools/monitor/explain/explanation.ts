/** What a pattern knows of a line, and what it knows of the project around it. */
import type { Level, Speaker } from '../events.ts';
import type { Creation } from './creation.ts';

export interface Explanation {
  level: 'E' | 'W' | 'I';
  title: string;
  /** What likely brought it about. */
  cause: string;
  /** What to do, most promising first. */
  next: readonly string[];
}

/** What explanations draw on besides the line. */
export interface Knowledge {
  /** The folder of boards/ that the log is from, or ''. */
  board: string;
  /** What to press for the download mode of that board, or ''. */
  download_mode: string;
  /** `creation` of manifest.json. */
  creation: Creation;
  /** What the node's tables take with the board's settings, from its build report; 0 where there is none. */
  node_bytes: number;
  /** The chip, as ESP-IDF calls it; '' while it is not known. */
  chip: string;
  /** The linked program with its symbols, or ''. */
  elf: string;
}

export interface ExplainedLine {
  text: string;
  speaker: Speaker;
  level: Level;
  name: string;
  fields: Readonly<Record<string, string>>;
}

export interface Pattern {
  id: string;
  /** The first group and those after it go to `explain`. */
  test: RegExp;
  explain: (match: RegExpExecArray, knowledge: Knowledge) => Explanation | null;
}

/** `npm run build -- --board m5atom`, or with a gap to fill in. */
export function buildCommand({ board }: Knowledge): string {
  return `npm run build -- --board ${board === '' ? 'BOARD' : board}`;
}

export function flashCommand({ board }: Knowledge): string {
  return `npm run flash -- --board ${board === '' ? 'BOARD' : board}`;
}
