/** A run as plain lines, for files, pipes and terminals that cannot redraw. */
import { createColours } from '../../tools/cli/colour.ts';
import { grouped, percent, short } from '../../tools/cli/numbers.ts';
import { writeAll } from '../../tools/cli/surroundings.ts';
import type { Surroundings } from '../../tools/cli/surroundings.ts';
import type { CycleReport } from '../world/report.ts';
import { facts } from './facts.ts';
import { summaryLines } from './summary-lines.ts';
import { DeliveryRate, nodeName, worstNode } from './view.ts';
import type { RunStart, View } from './view.ts';

const LINE_EACH_CYCLES = 10;
const COLUMNS = 110;

function cycleLine(report: CycleReport, delivered_per_second: number): string {
  const cells = [
    `cycle ${grouped(report.cycle).padStart(6)}`,
    `spread ${percent(report.spread_pct).padStart(10)}`,
    `bias ${percent(report.bias_pct, true).padStart(11)}`,
    `worst node ${nodeName(worstNode(report)).padStart(5)} ${percent(report.worst_error_pct).padStart(10)}`,
    `up ${grouped(report.nodes_up).padStart(5)}`,
    `${short(delivered_per_second)} datagrams a second`,
  ];
  return `${cells.join('   ')}\n`;
}

export function createPlainView({ stdout }: Surroundings): View {
  const colours = createColours(false);
  let run: RunStart;
  let rate: DeliveryRate;
  return {
    start(started) {
      run = started;
      rate = new DeliveryRate(started.scenario.cycle_ms);
      return writeAll(stdout, `${facts(started.scenario).join(', ')}\n`);
    },
    async cycle(report) {
      const delivered_per_second = rate.add(report.datagrams_delivered);
      if (report.cycle % LINE_EACH_CYCLES === 0) await writeAll(stdout, cycleLine(report, delivered_per_second));
      return undefined;
    },
    end: (end) => writeAll(stdout, `\n${summaryLines(run, end, COLUMNS, colours).join('\n')}\n`),
    close() {
      // Nothing was taken from the terminal.
    },
  };
}
