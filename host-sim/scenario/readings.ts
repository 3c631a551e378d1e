/**
 * Real readings: a CSV `time_s,node,key,value`. The file's nodes are series, and their numbers are not those of the
 * links: the i-th node of the world takes series i, and nodes beyond the last series begin again with the first.
 */
import { UsageError } from '../../tools/cli/errors.ts';
import { CsvReader } from './csv.ts';

export interface ReadingTable {
  /** Ascending. */
  times_s: number[];
  keys: string[];
  /** By key, then time, then series. Without holes: a missing reading is the series' one before, or its first. */
  series: number[][][];
}

const COLUMNS = ['time_s', 'node', 'key', 'value'];
const TIME_MAX_S = 1e12;
const NODE_MAX = 65_535;
/** What Q16.16 holds. */
const VALUE_MAX = 32_767;

interface Reading {
  time_s: number;
  node: number;
  key: string;
  value: number;
}

function readRows(file: string, text: string): Reading[] {
  const csv = new CsvReader(file, text, COLUMNS);
  const readings: Reading[] = [];
  const seen = new Set<string>();
  for (const row of csv.rows) {
    const time_s = csv.number(row, 0, 0, TIME_MAX_S);
    const node = csv.whole(row, 1, 0, NODE_MAX);
    const value = csv.number(row, 3, 0, VALUE_MAX);
    const key = row.cells[2];
    if (key === '') csv.fault(row, 2, 'must be the name of a key');
    if (Number.isNaN(time_s + node + value) || key === '') continue;
    const place = `${time_s},${node},${key}`;
    if (seen.has(place)) csv.fault(row, 1, `must be there once for time_s ${time_s} and key ${key}`);
    seen.add(place);
    readings.push({ time_s, node, key, value });
  }
  csv.end();
  return readings;
}

function ascending(values: Iterable<number>): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

/** Carries each reading on over the holes behind it, and the first one back to the start. */
function fillHoles(times: number[][]): number {
  for (let s = 0; s < times[0].length; s++) {
    const first = times.find((row) => !Number.isNaN(row[s]));
    if (first === undefined) return s;
    let value = first[s];
    for (const row of times) {
      if (Number.isNaN(row[s])) row[s] = value;
      value = row[s];
    }
  }
  return -1;
}

export function parseReadings(file: string, text: string): ReadingTable {
  const readings = readRows(file, text);
  const times_s = ascending(readings.map((r) => r.time_s));
  const nodes = ascending(readings.map((r) => r.node));
  const keys = [...new Set(readings.map((r) => r.key))];
  const timeIndex = new Map(times_s.map((time_s, i) => [time_s, i]));
  const nodeIndex = new Map(nodes.map((node, i) => [node, i]));
  const series = keys.map(() => times_s.map(() => nodes.map(() => NaN)));
  for (const { time_s, node, key, value } of readings) {
    series[keys.indexOf(key)][timeIndex.get(time_s) ?? 0][nodeIndex.get(node) ?? 0] = value;
  }
  for (let k = 0; k < keys.length; k++) {
    const empty = fillHoles(series[k]);
    if (empty < 0) continue;
    throw new UsageError(`${file}: node ${nodes[empty]} has no reading of "${keys[k]}"; give it at least one`);
  }
  return { times_s, keys, series };
}
