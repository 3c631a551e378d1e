/** What a sweep writes: the verdicts for people and for programs, and every run behind them. */
import { grouped, short } from '../../tools/cli/numbers.ts';
import { csvTable, markdownTable, textTable } from '../../tools/cli/table.ts';
import type { Table } from '../../tools/cli/table.ts';
import type { Summary } from '../world/report.ts';
import { MEASURES } from './statistics.ts';
import type { RowResult } from './statistics.ts';

export interface SweepResult {
  grid: string;
  bundle_sha256: string;
  seed_base: number;
  rows: RowResult[];
  /** Of each row, in the order of its seeds. */
  summaries: Summary[][];
}

function shown(value: number | undefined): string {
  if (value === undefined) return '';
  return value === Infinity ? 'never' : short(value);
}

/** The bound decides which statistic stands in the column. */
function typical({ row, median, rms }: RowResult): string {
  return row.rms_at_most === undefined ? shown(median) : `${shown(rms)} rms`;
}

export function verdictTable({ rows }: SweepResult): Table {
  return {
    columns: ['row', 'measure', 'runs', 'median', 'at most', 'worst', 'at most', 'worst seed', 'verdict'],
    rows: rows.map((result) => [
      result.row.name,
      result.row.measure,
      grouped(result.runs),
      typical(result),
      shown(result.row.median_at_most ?? result.row.rms_at_most),
      shown(result.worst),
      shown(result.row.worst_at_most),
      String(result.worst_seed),
      result.pass ? 'pass' : 'FAIL',
    ]),
  };
}

/** What a narrow terminal can do without, the first first: the files hold it all. */
const SPARE = ['worst seed', 'runs', 'measure'];

/** The table with no more columns than fit into `width`. */
export function fitted(table: Table, width: number): Table {
  const widest = (one: Table): number =>
    Math.max(
      ...textTable(one)
        .split('\n')
        .map((line) => line.length),
    );
  let fit = table;
  for (const name of SPARE) {
    if (widest(fit) < width) break;
    const spare = fit.columns.indexOf(name);
    const without = (cells: readonly string[]): string[] => cells.filter((_, i) => i !== spare);
    fit = { columns: without(fit.columns), rows: fit.rows.map(without) };
  }
  return fit;
}

export function passedText({ rows }: SweepResult): string {
  const passed = rows.filter(({ pass }) => pass).length;
  return `${grouped(passed)} of ${grouped(rows.length)} rows pass`;
}

export function originText({ bundle_sha256, seed_base }: SweepResult): string {
  return `Firmware bundle ${bundle_sha256}, seeds from ${seed_base}.`;
}

export function sweepMarkdown(result: SweepResult): string {
  return `# Sweep: ${result.grid}\n\n${originText(result)} ${passedText(result)}.\n\n${markdownTable(verdictTable(result))}`;
}

/** Exact numbers; empty for what has no bound, `Infinity` for never. */
export function sweepCsv({ rows }: SweepResult): string {
  const cell = (value: number | undefined): string => (value === undefined ? '' : String(value));
  return csvTable({
    columns: [
      'row',
      'measure',
      'runs',
      'median',
      'median_at_most',
      'rms',
      'rms_at_most',
      'worst',
      'worst_at_most',
      'worst_seed',
      'verdict',
    ],
    rows: rows.map(({ row, runs, median, rms, worst, worst_seed, pass }) => [
      row.name,
      row.measure,
      String(runs),
      cell(median),
      cell(row.median_at_most),
      cell(rms),
      cell(row.rms_at_most),
      cell(worst),
      cell(row.worst_at_most),
      String(worst_seed),
      pass ? 'pass' : 'fail',
    ]),
  });
}

export function runsCsv({ rows, summaries }: SweepResult): string {
  return csvTable({
    columns: ['row', 'scenario', 'seed', ...MEASURES, 'trace_sha256'],
    rows: rows.flatMap(({ row }, i) =>
      summaries[i].map((summary) => [
        row.name,
        row.scenario.name,
        String(summary.seed),
        ...MEASURES.map((measure) => String(summary[measure] ?? '')),
        summary.trace_sha256,
      ]),
    ),
  });
}
