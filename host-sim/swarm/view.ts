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

export function swarmLines(report: SwarmReport, columns: number): string[] {
  const rows = report.nodes.map((node, i) => [
    `${i + 1}`,
    node.address,
    node.up ? String(node.peers) : '-',
    node.input.toFixed(3),
    node.agreed === null ? '-' : node.agreed.toFixed(3),
  ]);
  const table = textTable({ columns: ['node', 'address', 'peers', 'own input', 'agreed'], rows });
  return [...table.trimEnd().split('\n'), '', agreementText(report)].map((line) => line.slice(0, columns));
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
      end: (report) => void stdout.write(`${swarmLines(report, 200).join('\n')}\n`),
    };
  }
  const colours = createColours(wantsColour(stdout, env));
  const update = createLogUpdate(stdout);
  const draw = (report: SwarmReport): void => {
    const lines = swarmLines(report, (stdout.columns ?? COLUMNS) - 1);
    const most = Math.max(2, (stdout.rows ?? ROWS) - 1);
    // The verdict is the last line: of a table that does not fit, the middle is left out.
    const fitting = lines.length <= most ? lines : [...lines.slice(0, most - 1), lines[lines.length - 1]];
    update([colours.dim(fitting[0]), ...fitting.slice(1)].join('\n'));
  };
  return {
    cycle: draw,
    end: (report) => {
      draw(report);
      update.done();
    },
  };
}
