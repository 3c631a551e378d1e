/** A metric for Prometheus that is read when it asks. */
import { Counter, Gauge, type Registry } from 'prom-client';

export type MetricKind = 'counter' | 'gauge';

export type Labels = Record<string, string>;
export type Rows = readonly (readonly [labels: Labels, value: number])[];

export interface Metric {
  name: string;
  help: string;
  labels: readonly string[];
  /** All of its values. One that is no longer among them is gone. */
  read: () => Rows;
}

const KINDS = { counter: Counter, gauge: Gauge };

/** A counter's values are counted by whoever is read: it begins anew at each look, and takes them as they are. */
export function addMetric(registry: Registry, kind: MetricKind, { name, help, labels, read }: Metric): void {
  new KINDS[kind]({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
    collect() {
      this.reset();
      for (const [row, value] of read()) this.inc(row, value);
    },
  });
}
