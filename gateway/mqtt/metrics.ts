/** A connection in Prometheus' metrics. Names and help are in docs/mqtt.md. */

import type { Registry } from 'prom-client';
import { addMetric, type MetricKind } from '../ops/metric.ts';
import type { ConnectionState } from './connection.ts';

/** A metric that is read when it is asked for. */
export interface Reading {
  name: string;
  help: string;
  kind: MetricKind;
  /** One value, or one for each value of `label`. */
  read: () => number | Record<string, number>;
  label?: string;
}

/** @returns how to take them out again */
export function addMetrics(registry: Registry, readings: readonly Reading[]): () => void {
  for (const { name, help, kind, read, label = '' } of readings) {
    addMetric(registry, kind, {
      name,
      help,
      labels: label === '' ? [] : [label],
      read: () => {
        const value = read();
        if (typeof value === 'number') return [[{}, value]];
        return Object.entries(value).map(([each, count]) => [{ [label]: each }, count]);
      },
    });
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
