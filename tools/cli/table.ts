/** One table, three dresses: plain text for a terminal, Markdown, and CSV. */

export interface Table {
  columns: readonly string[];
  rows: readonly (readonly string[])[];
}

/** A number, perhaps with a word behind it, or what stands where a number has no end. */
const NUMBER = /^([-+]?[\d.,]+( ?[%a-z]+)?|never)$/;

/** A column of numbers reads better when the digits stand under each other. */
function rightAligned(table: Table, column: number): boolean {
  return table.rows.length > 0 && table.rows.every((row) => row[column] === '' || NUMBER.test(row[column]));
}

function widths(table: Table): number[] {
  return table.columns.map((name, i) => Math.max(name.length, ...table.rows.map((row) => row[i].length)));
}

function padRow(table: Table, row: readonly string[], width: number[]): string[] {
  return row.map((cell, i) => (rightAligned(table, i) ? cell.padStart(width[i]) : cell.padEnd(width[i])));
}

export function textTable(table: Table): string {
  const width = widths(table);
  const lines = [table.columns, ...table.rows].map((row) => padRow(table, row, width).join('  ').trimEnd());
  return `${lines.join('\n')}\n`;
}

export function markdownTable(table: Table): string {
  const escaped: Table = {
    columns: table.columns,
    rows: table.rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|'))),
  };
  const width = widths(escaped).map((w) => Math.max(3, w));
  const rule = width.map((w, i) => (rightAligned(escaped, i) ? `${'-'.repeat(w - 1)}:` : '-'.repeat(w)));
  const rows = [escaped.columns, rule, ...escaped.rows].map((row) => `| ${padRow(escaped, row, width).join(' | ')} |`);
  return `${rows.join('\n')}\n`;
}

/** RFC 4180, with newlines alone at the ends of lines. */
export function csvTable(table: Table): string {
  const quoted = (cell: string): string => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return [table.columns, ...table.rows].map((row) => `${row.map(quoted).join(',')}\n`).join('');
}
