/** What is wrong with a configuration file, and where. */
import type { Path } from '../../tools/cli/json-path.ts';

export interface Fault {
  file: string;
  /** Both from 1. */
  line: number;
  column: number;
  /** `keys[1].floor`; '' for the file as a whole. */
  place: string;
  /** What is wrong, what is allowed, what to do. */
  says: string;
}

/** `gateway.yaml:12:5: keys[1].floor: must be ...` */
export function faultLine({ file, line, column, place, says }: Fault): string {
  return `${file}:${line}:${column}: ${place === '' ? '' : `${place}: `}${says}`;
}

/** Something wrong at a place of the tree; where that is in the file is found later. */
export interface Problem {
  path: Path;
  says: string;
  /** The name itself is wrong, not its value. */
  at?: 'name';
}
