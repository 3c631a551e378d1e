/** The live view: one picture, drawn over itself as the run goes on, and the table when it ends. */
import { createLogUpdate } from 'log-update';
import { createColours, wantsColour } from '../../tools/cli/colour.ts';
import type { Surroundings } from '../../tools/cli/surroundings.ts';
import type { CycleReport } from '../world/report.ts';
import { frame } from './frame.ts';
import type { Progress } from './frame.ts';
import { summaryLines } from './summary-lines.ts';
import { DeliveryRate, worstNode } from './view.ts';
import type { RunEnd, RunStart, View } from './view.ts';

/** More would only cost time: 25 pictures a second are a film. */
const REDRAW_MS = 40;

export function createLiveView({ stdout, env, now_ms }: Surroundings): View {
  const colours = createColours(wantsColour(stdout, env));
  const update = createLogUpdate(stdout);
  const size = (): { columns: number; rows: number } => ({ columns: stdout.columns ?? 80, rows: stdout.rows ?? 24 });
  const spreads_pct: number[] = [];
  let run: RunStart;
  let rate: DeliveryRate;
  let progress: Progress | null = null;
  let drawn_ms = -Infinity;

  const draw = (): void => {
    if (progress !== null) update(frame(run.scenario, progress, size(), colours));
    drawn_ms = now_ms();
  };

  return {
    start(started) {
      run = started;
      rate = new DeliveryRate(started.scenario.cycle_ms);
    },
    cycle(report: CycleReport) {
      spreads_pct.push(report.spread_pct);
      progress = {
        cycle: report.cycle,
        spread_pct: report.spread_pct,
        bias_pct: report.bias_pct,
        worst_node: worstNode(report),
        worst_error_pct: report.worst_error_pct,
        nodes_up: report.nodes_up,
        delivered_per_second: rate.add(report.datagrams_delivered),
        spreads_pct,
      };
      if (now_ms() - drawn_ms >= REDRAW_MS) draw();
      return undefined;
    },
    end(end: RunEnd) {
      draw();
      update.done();
      stdout.write(`\n${summaryLines(run, end, size().columns, colours).join('\n')}\n`);
    },
    close() {
      update.done();
    },
  };
}
