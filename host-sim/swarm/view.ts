/** What `npm run swarm` shows: a small table that is drawn over itself, plain lines, or JSON. */
import { createLogUpdate } from 'log-update';
import { createColours, wantsColour } from '../../tools/cli/colour.ts';
import { percent } from '../../tools/cli/numbers.ts';
import { isLive, type Surroundings } from '../../tools/cli/surroundings.ts';
import { textTable } from '../../tools/cli/table.ts';
import type { SwarmOptions } from './options.ts';
import type { SwarmReport } from './swarm.ts';

function agreementText({ agreement, cycles_to_1pct, cycle, up, nodes }: SwarmReport): string {
  if (agreement === null) return `${up} of ${nodes.length} nodes are up`;
  const since = cycles_to_1pct === null ? 'not within 1 % yet' : `within 1 % since cycle ${cycles_to_1pct}`;
  return `cycle ${cycle}: spread ${percent(agreement.spread_pct)}, bias ${percent(agreement.bias_pct, true)}, ${since}`;
}

type NodeReport = SwarmReport['nodes'][number];

const CELLS: Readonly<Record<string, (node: NodeReport, i: number) => string>> = {
  node: (_, i) => `${i + 1}`,
  address: ({ address }) => address,
  peers: ({ up, peers }) => (up ? String(peers) : '-'),
  'own input': ({ input }) => input.toFixed(3),
  agreed: ({ agreed }) => (agreed === null ? '-' : agreed.toFixed(3)),
};
/** What a narrow terminal goes without, one after the other: a number that is cut off would be another number. */
const SPARED = ['address', 'peers', 'own input'];

function tableLines({ nodes }: SwarmReport, columns: number): string[] {
  for (let spared = 0; ; spared++) {
    const names = Object.keys(CELLS).filter((name) => !SPARED.slice(0, spared).includes(name));
    const rows = nodes.map((node, i) => names.map((name) => CELLS[name](node, i)));
    const lines = textTable({ columns: names, rows }).trimEnd().split('\n');
    if (spared === SPARED.length || lines.every(({ length }) => length <= columns)) return lines;
  }
}

/** Broken between its parts where it does not fit. */
function verdictLines(report: SwarmReport, columns: number): string[] {
  const text = agreementText(report);
  return text.length <= columns ? [text] : text.split(/(?<=[:,]) /);
}

export function swarmLines(report: SwarmReport, columns: number): { table: string[]; verdict: string[] } {
  return { table: tableLines(report, columns), verdict: verdictLines(report, columns) };
}

export interface SwarmView {
  cycle(report: SwarmReport): void;
  end(report: SwarmReport): void;
}

function jsonView({ stdout }: Surroundings, options: SwarmOptions): SwarmView {
  const { nodes, loss, transport, cycle_ms, seed } = options;
  const write = (line: object): void => {
    stdout.write(`${JSON.stringify(line)}\n`);
  };
  return {
    cycle: ({ cycle, up, agreement, nodes: rows }) => write({ type: 'cycle', cycle, up, ...agreement, nodes: rows }),
    end: ({ agreement, cycles_to_1pct, cycle, passed, dropped }) => {
      const figures = { cycles: cycle, cycles_to_1pct, ...agreement, passed, dropped };
      write({ type: 'summary', nodes, loss, transport, cycle_ms, seed, ...figures });
    },
  };
}

/** Columns and rows of a terminal that does not say. */
const COLUMNS = 80;
const ROWS = 24;

export function createSwarmView(around: Surroundings, options: SwarmOptions): SwarmView {
  const { stdout, env } = around;
  if (options.json) return jsonView(around, options);
  if (!isLive(stdout, env)) {
    return {
      cycle: (report) => void stdout.write(`${agreementText(report)}\n`),
      end: (report) => {
        const { table, verdict } = swarmLines(report, Infinity);
        stdout.write(`${[...table, '', ...verdict].join('\n')}\n`);
      },
    };
  }
  const colours = createColours(wantsColour(stdout, env));
  const update = createLogUpdate(stdout);
  const draw = (report: SwarmReport): void => {
    const { table, verdict } = swarmLines(report, (stdout.columns ?? COLUMNS) - 1);
    const [head, ...rows] = table;
    // Of a table that does not fit, the end is left out.
    const most = Math.max(0, (stdout.rows ?? ROWS) - verdict.length - 3);
    update([colours.dim(head), ...rows.slice(0, most), '', ...verdict].join('\n'));
  };
  return {
    cycle: draw,
    end: (report) => {
      draw(report);
      update.done();
    },
  };
}
