/** What every way of showing a run has in common. */
import type { CycleReport, Summary } from '../world/report.ts';
import type { Scenario } from '../world/scenario.ts';
import type { Difference } from './replay.ts';
import type { Watcher } from './runner.ts';

export interface RunStart {
  scenario: Scenario;
  bundle_sha256: string;
  /** What to type to see the same again. */
  again: string;
}

export interface RunEnd {
  summary: Summary;
  interrupted: boolean;
  /** With --replay: where the run left the record; null where it did not. */
  difference: Difference | null;
  replayed: boolean;
}

export interface View extends Watcher {
  start(run: RunStart): Promise<void> | void;
  end(end: RunEnd): Promise<void> | void;
  /** Gives the terminal back, however the run ended. */
  close(): void;
}

/** Of the key whose agreed values lie farthest off, in per cent. -1 while no honest node is up. */
export function worstNode(report: CycleReport): number {
  let worst = report.keys[0];
  const share = (key: typeof worst): number => key.worst_error_lsb / Math.max(1, key.inputs_spread_lsb);
  for (const key of report.keys) if (share(key) > share(worst)) worst = key;
  return worst.worst_node;
}

/** `#17`, or a dash for nobody. */
export function nodeName(node: number): string {
  return node < 0 ? '-' : `#${node}`;
}

/** Delivered datagrams a second of the swarm's time, over the last few cycles. */
export class DeliveryRate {
  readonly #cycle_ms: number;
  readonly #totals: number[] = [0];

  constructor(cycle_ms: number) {
    this.#cycle_ms = cycle_ms;
  }

  add(delivered: number): number {
    this.#totals.push(delivered);
    if (this.#totals.length > 9) this.#totals.shift();
    const cycles = this.#totals.length - 1;
    return ((delivered - this.#totals[0]) * 1000) / (cycles * this.#cycle_ms);
  }
}
