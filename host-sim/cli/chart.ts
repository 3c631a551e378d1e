/** Bars of how far apart the nodes are, on a logarithmic scale: agreement is a slope that falls to the right. */
import type { Colours } from '../../tools/cli/colour.ts';

const EIGHTHS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const LABEL_WIDTH = 8;
/** Powers of ten, in per cent of the inputs' spread. */
const TOP = 2;
const BOTTOM = -3;
/** What "agreed" means in the summaries: 1 %. */
const AGREED = 0;

export interface ChartSize {
  columns: number;
  /** Of bars; a line below them says what they are over. */
  rows: number;
}

/** The largest value in each column's share of the cycles; NaN where the run has not come yet. */
function columnsOf(values: readonly number[], total: number, columns: number): number[] {
  const width = Math.min(columns, total);
  return Array.from({ length: width }, (_, i) => {
    const share = values.slice(Math.ceil((i * total) / width), Math.ceil(((i + 1) * total) / width));
    return share.length === 0 ? NaN : share.reduce((a, b) => Math.max(a, b));
  });
}

/** Height of the bar in rows. */
function height(value: number, rows: number): number {
  const log = Math.log10(Math.max(Math.abs(value), 1e-12));
  return (Math.min(1, Math.max(0, (log - BOTTOM) / (TOP - BOTTOM))) || 0) * rows;
}

function labels(rows: number): string[] {
  const list = Array.from({ length: rows }, () => '');
  for (let power = TOP; power > BOTTOM; power--) {
    const row = rows - Math.ceil(((power - BOTTOM) / (TOP - BOTTOM)) * rows);
    if (list[row] === '') list[row] = `${10 ** power} %`;
  }
  return list;
}

/** `values` are per cent, one for each cycle so far, of `total` to come. */
export function chart(values: readonly number[], total: number, size: ChartSize, colours: Colours): string[] {
  const bars = columnsOf(values, total, size.columns - LABEL_WIDTH - 1);
  const names = labels(size.rows);
  const agreed_row = size.rows - Math.ceil(((AGREED - BOTTOM) / (TOP - BOTTOM)) * size.rows);
  const lines = names.map((name, row) => {
    const below = size.rows - 1 - row;
    const cells = bars.map((value) => {
      const eighths = Number.isNaN(value) ? 0 : Math.round((height(value, size.rows) - below) * 8);
      if (eighths <= 0) return row === agreed_row ? colours.dim('·') : ' ';
      const bar = EIGHTHS[Math.min(8, eighths)];
      return value > 10 ** AGREED ? colours.yellow(bar) : colours.green(bar);
    });
    return `${colours.dim(name.padStart(LABEL_WIDTH))} ${cells.join('')}`;
  });
  const axis = `spread over the ${total} cycles`;
  return [...lines, `${' '.repeat(LABEL_WIDTH)} ${colours.dim(axis.slice(0, size.columns - LABEL_WIDTH - 1))}`];
}
