/** A key over time, thinned out to what a picture can show. */
import type { Sample } from './segment.ts';

/** Column by column, oldest first; all of one length. Null stands for a gap. */
export interface HistoryColumns {
  time_ms: number[];
  agreed: (number | null)[];
  spread: (number | null)[];
  own: (number | null)[];
}

export interface Row extends Sample {
  time_ms: number;
}

export function columnsOf(rows: readonly Row[]): HistoryColumns {
  return {
    time_ms: rows.map(({ time_ms }) => time_ms),
    agreed: rows.map(({ agreed }) => agreed),
    spread: rows.map(({ spread }) => spread),
    own: rows.map(({ own }) => own),
  };
}

/** A row of nothing where the record was interrupted, so that no line is drawn across. */
export function withGaps(rows: readonly Row[], gap_ms: number): Row[] {
  const out: Row[] = [];
  rows.forEach((row, i) => {
    const before_ms = i === 0 ? row.time_ms : rows[i - 1].time_ms;
    const middle_ms = (before_ms + row.time_ms) / 2;
    if (row.time_ms - before_ms > gap_ms) out.push({ time_ms: middle_ms, agreed: null, spread: null, own: null });
    out.push(row);
  });
  return out;
}

class Mean {
  #sum = 0;
  #count = 0;

  add(value: number | null): void {
    if (value === null) return;
    this.#sum += value;
    this.#count++;
  }

  get value(): number | null {
    return this.#count === 0 ? null : this.#sum / this.#count;
  }
}

function merged(rows: readonly Row[]): Row {
  const [time, agreed, own] = [new Mean(), new Mean(), new Mean()];
  let spread: number | null = null;
  for (const row of rows) {
    time.add(row.time_ms);
    agreed.add(row.agreed);
    own.add(row.own);
    // The worst of a stretch is what one looks for.
    if (row.spread !== null) spread = Math.max(spread ?? 0, row.spread);
  }
  return { time_ms: time.value ?? 0, agreed: agreed.value, spread, own: own.value };
}

/**
 * At most `points` rows: the span is cut into that many equal stretches, and each becomes one row.
 * @param rows oldest first
 */
export function thinned(rows: readonly Row[], points: number): Row[] {
  if (rows.length <= points) return [...rows];
  const from_ms = rows[0].time_ms;
  const stretch_ms = Math.max(1e-6, (rows[rows.length - 1].time_ms - from_ms) / points);
  const out: Row[] = [];
  let at = 0;
  for (let i = 0; i < points && at < rows.length; i++) {
    const end_ms = i === points - 1 ? Infinity : from_ms + (i + 1) * stretch_ms;
    const first = at;
    while (at < rows.length && rows[at].time_ms < end_ms) at++;
    if (at > first) out.push(merged(rows.slice(first, at)));
  }
  return out;
}
