/**
 * Comma-separated rows as the simulator takes them: a header line that must be there, then plain cells without
 * quotes. Every wrong row is told in a line of its own; all of them are looked at before the file is refused.
 */
import { UsageError } from '../../tools/cli/errors.ts';

export interface CsvRow {
  /** Of the file, from 1. */
  line: number;
  cells: readonly string[];
}

/** Enough to see the pattern; a file of the wrong kind would fill the screen. */
const LINES_SHOWN = 8;

/** Goes through the rows of one file and collects what is wrong with them. */
export class CsvReader {
  readonly rows: readonly CsvRow[];
  readonly #file: string;
  readonly #columns: readonly string[];
  readonly #faults: string[] = [];

  constructor(file: string, text: string, columns: readonly string[]) {
    this.#file = file;
    this.#columns = columns;
    const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
    const header = lines[0].split(',').map((cell) => cell.trim());
    if (header.join(',') !== columns.join(',')) {
      throw new UsageError(
        `${file}:1: the columns are "${lines[0].slice(0, 60)}"; they must be "${columns.join(',')}"`,
      );
    }
    this.rows = lines.flatMap((line, i) => (i === 0 || line.trim() === '' ? [] : this.#split(line, i + 1)));
    if (this.rows.length === 0 && this.#faults.length === 0) this.#faults.push(`${file}: no rows below the header`);
  }

  #split(text: string, line: number): CsvRow[] {
    const cells = text.split(',').map((cell) => cell.trim());
    if (cells.length === this.#columns.length) return [{ line, cells }];
    const wanted = `${this.#columns.length} (${this.#columns.join(',')})`;
    this.#faults.push(`${this.#file}:${line}: has ${cells.length} columns; there must be ${wanted}`);
    return [];
  }

  /** The number in a cell; NaN, and a fault noted, when it is none or not within low and high. */
  number(row: CsvRow, column: number, low: number, high: number): number {
    return this.#read(row, column, low, high, 'a number');
  }

  whole(row: CsvRow, column: number, low: number, high: number): number {
    return this.#read(row, column, low, high, 'a whole number');
  }

  #read(row: CsvRow, column: number, low: number, high: number, kind: string): number {
    const text = row.cells[column];
    const value = text === '' ? NaN : Number(text);
    const fine = value >= low && value <= high && (kind === 'a number' || Number.isInteger(value));
    if (fine) return value;
    this.fault(row, column, `must be ${kind} from ${low} to ${high}`);
    return NaN;
  }

  fault(row: CsvRow, column: number, allowed: string): void {
    const place = `${this.#file}:${row.line}`;
    this.#faults.push(`${place}: ${this.#columns[column]} is "${row.cells[column]}"; it ${allowed}`);
  }

  /** Refuses the file when any row was wrong. */
  end(): void {
    const more = this.#faults.length - LINES_SHOWN;
    if (this.#faults.length === 0) return;
    const shown = this.#faults.slice(0, LINES_SHOWN);
    throw new UsageError(more > 0 ? [...shown, `${this.#file}: and ${more} more wrong rows`] : shown);
  }
}
