/** Reckons, after each cycle, how far the honest nodes agree and how right they are; and at the end, the summary's figures. */

import type { CycleReport, KeyReport } from './report.ts';

/** One cycle's view of one node. */
export interface Measured {
  up: boolean;
  honest: boolean;
  /** False where the contribution is not the truth: a stuck sensor on an honest node, an attacker that lies about its own. */
  sound: boolean;
  group: number;
}

/** Cycles over which the summary's means are taken; of a run shorter than twice that, its second half, or the start would count as the end. */
const LAST_CYCLES = 50;
const LSB_BOUND = 4;

/**
 * One key over all groups that agree on their own (sites, for a key of scope `site`): the worst group counts.
 * `b` and `u` give each node's agreed value (-1: none yet) and input.
 */
export function measureKey(
  nodes: Measured[],
  groups: number,
  floor_lsb: number,
  b: (node: number) => number,
  u: (node: number) => number,
): KeyReport {
  let worst: KeyReport | null = null;
  for (let group = 0; group < groups; group++) {
    const report = measureGroup(nodes, group, floor_lsb, b, u);
    if (report !== null && (worst === null || badness(report) > badness(worst))) worst = report;
  }
  return (
    worst ?? { spread_lsb: 0, bias_lsb: 0, true_mean_lsb: 0, inputs_spread_lsb: 1, worst_node: -1, worst_error_lsb: 0 }
  );
}

function badness(report: KeyReport): number {
  return Math.max(report.spread_lsb, Math.abs(report.bias_lsb)) / report.inputs_spread_lsb;
}

function measureGroup(
  nodes: Measured[],
  group: number,
  floor_lsb: number,
  b: (node: number) => number,
  u: (node: number) => number,
): KeyReport | null {
  let inputs = 0;
  let inputSum = 0;
  let inputLow = Infinity;
  let inputHigh = -Infinity;
  let count = 0;
  let sum = 0;
  let low = Infinity;
  let high = -Infinity;
  let lowNode = -1;
  let highNode = -1;
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i];
    if (node.group !== group || !node.up) continue;
    if (node.sound) {
      const input = u(i);
      inputs++;
      inputSum += input;
      if (input < inputLow) inputLow = input;
      if (input > inputHigh) inputHigh = input;
    }
    if (!node.honest) continue;
    const value = b(i);
    if (value < 0) continue;
    count++;
    sum += value;
    if (value < low) [low, lowNode] = [value, i];
    if (value > high) [high, highNode] = [value, i];
  }
  if (inputs === 0 || count === 0) return null;
  const mean = inputSum / inputs;
  const below = mean - low;
  const above = high - mean;
  return {
    spread_lsb: high - low,
    bias_lsb: sum / count - mean,
    true_mean_lsb: mean,
    inputs_spread_lsb: Math.max(inputHigh - inputLow, floor_lsb),
    worst_node: below > above ? lowNode : highNode,
    worst_error_lsb: Math.max(below, above),
  };
}

/** Follows a run: since when a bound has held, and means over its end. */
export class Tracker {
  private since1: number | null = null;
  private since2: number | null = null;
  private sinceLsb: number | null = null;
  private readonly last: { bias: number; spread: number; worst: number }[] = [];
  private cycles = 0;
  private spread_lsb = 0;

  add(report: CycleReport): void {
    const { cycle, keys } = report;
    this.cycles++;
    const bias = Math.abs(report.bias_pct);
    this.spread_lsb = Math.max(...keys.map((key) => key.spread_lsb));
    this.since1 = keep(this.since1, cycle, report.spread_pct <= 1 && bias <= 1);
    this.since2 = keep(this.since2, cycle, report.spread_pct <= 2 && bias <= 1);
    this.sinceLsb = keep(this.sinceLsb, cycle, this.spread_lsb <= LSB_BOUND);
    this.last.push({ bias: report.bias_pct, spread: report.spread_pct, worst: report.worst_error_pct });
    if (this.last.length > LAST_CYCLES) this.last.shift();
  }

  figures(): {
    cycles_to_1pct: number | null;
    cycles_to_2pct: number | null;
    cycles_to_4lsb: number | null;
    bias_pct: number;
    spread_pct: number;
    worst_error_pct: number;
    spread_lsb: number;
  } {
    const end = this.last.slice(-Math.max(1, Math.ceil(this.cycles / 2)));
    const mean = (pick: (cycle: { bias: number; spread: number; worst: number }) => number): number =>
      end.length === 0 ? 0 : end.reduce((sum, cycle) => sum + pick(cycle), 0) / end.length;
    return {
      cycles_to_1pct: this.since1,
      cycles_to_2pct: this.since2,
      cycles_to_4lsb: this.sinceLsb,
      bias_pct: mean((cycle) => cycle.bias),
      spread_pct: mean((cycle) => cycle.spread),
      worst_error_pct: mean((cycle) => cycle.worst),
      spread_lsb: this.spread_lsb,
    };
  }
}

function keep(since: number | null, cycle: number, holds: boolean): number | null {
  return holds ? (since ?? cycle) : null;
}
