/** A connection in Prometheus' metrics. Names and help are in docs/mqtt.md. */

import { Counter, Gauge, type Registry } from 'prom-client';
import type { ConnectionState } from './connection.ts';

/** A metric that is read when it is asked for. */
export interface Reading {
  name: string;
  help: string;
  kind: 'counter' | 'gauge';
  /** One value, or one for each value of `label`. */
  read: () => number | Record<string, number>;
  label?: string;
}

/** @returns how to take them out again */
export function addMetrics(registry: Registry, readings: readonly Reading[]): () => void {
  for (const { name, help, kind, read, label } of readings) {
    const labelNames = label === undefined ? [] : [label];
    const show = (set: (labels: Record<string, string>, value: number) => void): void => {
      const value = read();
      if (typeof value === 'number') set({}, value);
      else for (const [each, count] of Object.entries(value)) set({ [label ?? 'name']: each }, count);
    };
    if (kind === 'gauge') {
      new Gauge({
        name,
        help,
        labelNames,
        registers: [registry],
        collect() {
          show((labels, value) => this.set(labels, value));
        },
      });
    } else {
      new Counter({
        name,
        help,
        labelNames,
        registers: [registry],
        collect() {
          this.reset();
          show((labels, value) => this.inc(labels, value));
        },
      });
    }
  }
  return () => {
    for (const { name } of readings) registry.removeSingleMetric(name);
  };
}

/** @param prefix such as `lvs_mqtt` */
export function connectionMetrics(registry: Registry, prefix: string, state: () => ConnectionState): () => void {
  const of = (name: string, kind: Reading['kind'], help: string, read: (now: ConnectionState) => number): Reading => ({
    name: `${prefix}_${name}`,
    kind,
    help,
    read: () => read(state()),
  });
  return addMetrics(registry, [
    of('connected', 'gauge', '1 while there is a connection to the broker', ({ connected }) => (connected ? 1 : 0)),
    of('queued_messages', 'gauge', 'Messages that wait for the broker', ({ queued }) => queued),
    of('queued_bytes', 'gauge', 'Bytes that wait for the broker', ({ queued_bytes }) => queued_bytes),
    of('in_flight', 'gauge', 'Messages that the broker has not acknowledged yet', ({ in_flight }) => in_flight),
    of('connects_total', 'counter', 'Successful connects', ({ connects }) => connects),
    of('published_total', 'counter', 'Messages that the broker acknowledged', ({ published }) => published),
    of('dropped_total', 'counter', 'Messages thrown away for want of room', ({ dropped }) => dropped),
    of('refused_total', 'counter', 'Messages and topics that the broker refused', ({ refused }) => refused),
    of('received_total', 'counter', 'Messages received', ({ received }) => received),
  ]);
}
