/** What a part of the bench gives, and what it is told. */

export interface Row {
  part: string;
  what: string;
  figure: string;
  /** Empty where nothing was asked for. */
  asked: string;
}

export interface BenchOptions {
  datagrams: number;
  minutes: number;
  kills: number;
  runs: number;
  seed: number;
}

export type Rows = AsyncGenerator<Row>;
