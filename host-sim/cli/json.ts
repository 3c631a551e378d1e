/** A run as one JSON event a line: `start`, each `cycle`, with --replay a `difference` where there is one, `summary`. */
import { writeAll } from '../../tools/cli/surroundings.ts';
import type { Surroundings } from '../../tools/cli/surroundings.ts';
import type { CycleReport } from '../world/report.ts';
import type { View } from './view.ts';

/** Everything but the digests, which `--record` is for. */
function cycleEvent(report: CycleReport): object {
  const { cycle, keys, spread_pct, bias_pct, worst_error_pct, nodes_up } = report;
  const { datagrams_sent, datagrams_delivered, bytes_sent } = report;
  return {
    type: 'cycle',
    cycle,
    spread_pct,
    bias_pct,
    worst_error_pct,
    nodes_up,
    datagrams_sent,
    datagrams_delivered,
    bytes_sent,
    keys,
  };
}

export function createJsonView({ stdout }: Surroundings): View {
  const emit = (event: object): Promise<void> => writeAll(stdout, `${JSON.stringify(event)}\n`);
  return {
    start: ({ scenario, bundle_sha256 }) => emit({ type: 'start', seed: scenario.seed, bundle_sha256, scenario }),
    async cycle(report) {
      await emit(cycleEvent(report));
      return undefined;
    },
    async end({ summary, difference }) {
      if (difference !== null) await emit({ type: 'difference', ...difference });
      await emit(summary);
    },
    close() {
      // Nothing was taken from the terminal.
    },
  };
}
