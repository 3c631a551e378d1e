/** What the sensors read: for each node and key a Q16.16 value, moved on from cycle to cycle. */

import type { ReadingTable } from '../scenario/readings.ts';
import type { Random } from './random.ts';
import type { Scenario } from './scenario.ts';

const ONE = 65536;
const VALUE_MAX = 0x7fffffff;

export class Inputs {
  /** [node * keys + key] */
  readonly values: Int32Array;
  private readonly base: Float64Array;
  private readonly keys: number;

  private readonly scenario: Scenario;
  private readonly readings: ReadingTable | null;
  private readonly random: Random;

  constructor(scenario: Scenario, readings: ReadingTable | null, site: Int32Array, random: Random) {
    this.scenario = scenario;
    this.readings = readings;
    this.random = random;
    const { nodes, inputs } = scenario;
    this.keys = scenario.keys.length;
    this.values = new Int32Array(nodes * this.keys);
    this.base = new Float64Array(nodes * this.keys);
    const offsets = Array.from({ length: scenario.sites }, () => inputs.site_offset * (random.uniform() - 0.5));
    for (let node = 0; node < nodes; node++) {
      for (let key = 0; key < this.keys; key++) {
        const drawn = inputs.low + (inputs.high - inputs.low) * random.uniform();
        const offset = scenario.topology === 'sites' ? offsets[site[node]] : 0;
        this.base[node * this.keys + key] = (inputs.kind === 'constant' ? inputs.low : drawn) + offset;
      }
    }
  }

  /** Sets what is read in this cycle (the first is 1). */
  advance(cycle: number): void {
    for (let at = 0; at < this.values.length; at++) {
      const value = Math.round(ONE * this.read(Math.floor(at / this.keys), at % this.keys, cycle));
      this.values[at] = Math.min(Math.max(value, 0), VALUE_MAX);
    }
  }

  private read(node: number, key: number, cycle: number): number {
    const { inputs } = this.scenario;
    const base = this.base[node * this.keys + key];
    switch (inputs.kind) {
      case 'uniform':
      case 'constant':
        return base;
      case 'step':
        return cycle >= inputs.at_cycle ? base + (inputs.high - inputs.low) / 2 : base;
      case 'ramp':
        return base + inputs.rate * (cycle - 1);
      case 'noise':
        return base + inputs.sigma * this.random.gauss();
      case 'csv':
        return this.recorded(node, key, cycle);
    }
  }

  /** The i-th node takes series i, and nodes beyond the last series begin again with the first. */
  private recorded(node: number, key: number, cycle: number): number {
    const { readings, scenario } = this;
    if (readings === null)
      throw new Error('inputs of kind "csv" need a table of readings; give one with --inputs FILE');
    const { inputs } = scenario;
    const table = readings.series[readings.keys.indexOf(scenario.keys[key].name)];
    let time = Math.floor((cycle - 1) / inputs.step_cycles);
    if (inputs.at_s >= 0) time = lastUpTo(readings.times_s, inputs.at_s);
    const row = table[Math.min(time, table.length - 1)];
    return row[node % row.length];
  }
}

/** The index of the last time that is not after `time_s`; 0 when all are. */
function lastUpTo(times_s: number[], time_s: number): number {
  let last = 0;
  while (last + 1 < times_s.length && times_s[last + 1] <= time_s) last++;
  return last;
}
