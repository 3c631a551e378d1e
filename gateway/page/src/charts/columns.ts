/** A key over time as the chart takes it: seconds, and null where there is a gap. */
import type { HistoryColumns } from '../../../http/options.ts';
import type { KeyView } from '../../../view.ts';

export interface Columns {
  time_s: number[];
  agreed: (number | null)[];
  own: (number | null)[];
  spread: (number | null)[];
}

export const NO_COLUMNS: Readonly<Columns> = { time_s: [], agreed: [], own: [], spread: [] };

export function columnsOf(history: HistoryColumns): Columns {
  return {
    time_s: history.time_ms.map((time_ms) => time_ms / 1000),
    agreed: history.agreed,
    own: history.own,
    spread: history.spread,
  };
}

/** Adds what is newer than the newest, and drops what has left the window. Changes `columns`. */
export function append(columns: Columns, time_ms: number, key: KeyView, range_s: number): void {
  const time_s = time_ms / 1000;
  if (time_s <= (columns.time_s.at(-1) ?? -Infinity)) return;
  columns.time_s.push(time_s);
  columns.agreed.push(key.agreed);
  columns.own.push(key.own);
  columns.spread.push(key.agreed === null ? null : key.spread);
  const old = columns.time_s.findIndex((one) => one >= time_s - range_s);
  if (old > 0) for (const column of Object.values(columns) as unknown[][]) column.splice(0, old);
}

export interface Extent {
  least: number;
  most: number;
}

export function extentOf(column: readonly (number | null)[]): Extent | null {
  let least = Infinity;
  let most = -Infinity;
  for (const one of column) {
    if (one === null) continue;
    if (one < least) least = one;
    if (one > most) most = one;
  }
  return least === Infinity ? null : { least, most };
}

/** Rows for a table: `rows` of them at most, evenly chosen, the newest among them, newest first. */
export function sampleRows(columns: Columns, rows: number): number[] {
  const length = columns.time_s.length;
  const step = Math.max(1, Math.ceil(length / rows));
  const chosen: number[] = [];
  for (let i = length - 1; i >= 0; i -= step) chosen.push(i);
  return chosen;
}
