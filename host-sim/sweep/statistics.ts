/** From the summaries of many runs to one verdict. */
import type { Summary } from '../world/report.ts';
import type { Row } from './grid.ts';

/** What a row may look at. Nothing that hangs on the computer: a sweep gives the same table everywhere. */
export const MEASURES = [
  'cycles_to_1pct',
  'cycles_to_2pct',
  'cycles_to_4lsb',
  'bias_pct',
  'spread_pct',
  'worst_error_pct',
  'spread_lsb',
  'bytes_per_node_per_minute',
  'relayed_entries_per_datagram',
  'false_verdicts',
  'datagrams_sent',
  'datagrams_delivered',
] as const;
export type Measure = (typeof MEASURES)[number];

export interface RowResult {
  row: Row;
  runs: number;
  median: number;
  rms: number;
  worst: number;
  /** The seed of the worst run: the one to look at. */
  worst_seed: number;
  pass: boolean;
}

/** Never is infinitely late. */
export function measured(summary: Summary, measure: Measure, since_cycle: number): number {
  const value = summary[measure] ?? Infinity;
  return measure.startsWith('cycles_') ? Math.max(0, value - since_cycle) : Math.abs(value);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function rootMeanSquare(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}

function within(value: number, bound: number | undefined): boolean {
  return bound === undefined || value <= bound;
}

/** `summaries` are of the row's seeds, in their order. */
export function judge(row: Row, summaries: readonly Summary[]): RowResult {
  const values = summaries.map((summary) => measured(summary, row.measure, row.since_cycle));
  const worst = values.reduce((a, b) => Math.max(a, b), 0);
  const result = {
    row,
    runs: values.length,
    median: median(values),
    rms: rootMeanSquare(values),
    worst,
    worst_seed: summaries[values.indexOf(worst)].seed,
  };
  const pass =
    within(result.median, row.median_at_most) &&
    within(result.rms, row.rms_at_most) &&
    within(worst, row.worst_at_most);
  return { ...result, pass };
}
