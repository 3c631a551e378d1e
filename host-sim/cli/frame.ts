/** One picture of the live view, as text. Draws and nothing else: what it shows comes in as an argument. */
import { bar } from '../../tools/cli/bar.ts';
import type { Colours } from '../../tools/cli/colour.ts';
import { grouped, percent, short } from '../../tools/cli/numbers.ts';
import type { Scenario } from '../world/scenario.ts';
import { chart } from './chart.ts';
import { factsLine } from './facts.ts';
import { nodeName } from './view.ts';

export interface Progress {
  cycle: number;
  spread_pct: number;
  bias_pct: number;
  worst_node: number;
  worst_error_pct: number;
  nodes_up: number;
  /** In the swarm's own time, not the computer's. */
  delivered_per_second: number;
  /** One for each cycle so far. */
  spreads_pct: readonly number[];
}

export interface Size {
  columns: number;
  rows: number;
}

const LABEL_WIDTH = 12;
const PAIR_WIDTH = 36;
const CHART_ROWS_MAX = 10;
const CHART_ROWS_MIN = 3;

function progressBar(cycle: number, total: number, columns: number, colours: Colours): string {
  const count = `cycle ${grouped(cycle)}/${grouped(total)} `;
  const width = Math.min(60, columns - count.length);
  return `${count}${bar(cycle / total, width, colours)}`.trimEnd();
}

function numbers(p: Progress, s: Scenario): [string, string][] {
  return [
    ['spread', percent(p.spread_pct)],
    ['bias', percent(p.bias_pct, true)],
    ['worst node', `${nodeName(p.worst_node)}, ${percent(p.worst_error_pct)}`],
    ['nodes up', `${grouped(p.nodes_up)}/${grouped(s.nodes)}`],
    ['datagrams', `${short(p.delivered_per_second)} a second`],
  ];
}

/** One or two to a line, as the width allows. */
function numberLines(pairs: readonly [string, string][], columns: number, colours: Colours): string[] {
  const in_line = columns >= 2 * PAIR_WIDTH ? 2 : 1;
  const lines: string[] = [];
  for (let i = 0; i < pairs.length; i += in_line) {
    const cells = pairs.slice(i, i + in_line).map(([label, value], k) => {
      const room = Math.min(PAIR_WIDTH, columns) - LABEL_WIDTH;
      const last = k === in_line - 1 || i + k === pairs.length - 1;
      const text = value.slice(0, room);
      return `${colours.dim(label.padEnd(LABEL_WIDTH))}${colours.bold(last ? text : text.padEnd(room))}`;
    });
    lines.push(cells.join(''));
  }
  return lines;
}

export function frame(scenario: Scenario, progress: Progress, size: Size, colours: Colours): string {
  const columns = Math.max(16, size.columns - 1);
  const head = [
    colours.bold(factsLine(scenario, columns)),
    progressBar(progress.cycle, scenario.cycles, columns, colours),
    '',
    ...numberLines(numbers(progress, scenario), columns, colours),
  ];
  // The axis, a gap above the chart, and the line that the cursor stands on.
  const room = size.rows - head.length - 3;
  if (room < CHART_ROWS_MIN) return head.slice(0, Math.max(2, size.rows - 1)).join('\n');
  const rows = Math.min(CHART_ROWS_MAX, room);
  return [...head, '', ...chart(progress.spreads_pct, scenario.cycles, { columns, rows }, colours)].join('\n');
}
