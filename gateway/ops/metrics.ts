/** What Prometheus is told, read when it asks. docs/gateway.md has the names. */
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Channel } from '../sources/channel.ts';
import type { SourceState, Snapshot } from '../view.ts';
import { addMetric, type Labels, type Rows } from './metric.ts';

export interface MetricFacts {
  snapshot: () => Snapshot | null;
  channels: () => readonly Channel[];
  part_failures: () => number;
  failing: () => readonly string[];
  alarms_raised: () => number;
}

const STATES: readonly SourceState[] = ['ok', 'waiting', 'silent', 'jumped', 'out-of-range', 'failed'];

function perKey(facts: MetricFacts, of: (key: Snapshot['keys'][number]) => number | null): () => Rows {
  return () => {
    const rows: (readonly [Labels, number])[] = [];
    for (const key of facts.snapshot()?.keys ?? []) {
      const value = of(key);
      if (value !== null) rows.push([{ key: key.name, unit: key.unit }, value]);
    }
    return rows;
  };
}

function keyMetrics(registry: Registry, facts: MetricFacts): void {
  const labels = ['key', 'unit'];
  const add = (name: string, help: string, of: Parameters<typeof perKey>[1]): void =>
    addMetric(registry, 'gauge', { name: `lvs_key_${name}`, help, labels, read: perKey(facts, of) });
  add('agreed', 'The value that the swarm agrees on', ({ agreed }) => agreed);
  add('spread', 'Largest difference between fresh agreed values', ({ spread }) => spread);
  add('own', 'The reading of this gateway', ({ own }) => own);
  add('mean', 'The guarded mean of this site', ({ mean }) => mean);
  add('sensors', 'Sensors behind the mean', ({ sensors }) => sensors);
  add('recovering', '1 while the value is taken from the peers', ({ recovering }) => (recovering ? 1 : 0));
}

function swarmMetrics(registry: Registry, facts: MetricFacts): void {
  const one = (of: (snapshot: Snapshot) => number): (() => Rows) => {
    return () => {
      const snapshot = facts.snapshot();
      return snapshot === null ? [] : [[{}, of(snapshot)]];
    };
  };
  const add = (name: string, help: string, of: (snapshot: Snapshot) => number): void =>
    addMetric(registry, 'gauge', { name: `lvs_${name}`, help, labels: [], read: one(of) });
  add('cycle', 'The cycle of the node', ({ cycle }) => cycle);
  add('last_cycle_seconds', 'When the last cycle ran, seconds since 1970', ({ time_ms }) => time_ms / 1000);
  add('peers', 'Peers whose contribution is held', ({ peers }) => peers.length);
  add('trust_lowest', 'Trust in the peer that is trusted least, 0 to 1', ({ peers }) =>
    peers.reduce((least, { trust }) => Math.min(least, trust), 1),
  );
  add('low_power', '1 in low-power mode', ({ low_power }) => (low_power ? 1 : 0));
  add('sealed', '1 when the swarm has a key', ({ sealed }) => (sealed ? 1 : 0));
  add('sites', 'Other sites that are heard', ({ sites }) => sites.length);
  add('what_if_loss', 'Share of datagrams thrown away by the what-if', ({ what_if }) => what_if?.loss ?? 0);
  addMetric(registry, 'gauge', {
    name: 'lvs_bytes_per_minute',
    help: 'Bytes of the swarm in the last minute',
    labels: ['direction'],
    read: () => Object.entries(facts.snapshot()?.bytes_per_minute ?? {}).map(([direction, n]) => [{ direction }, n]),
  });
  addMetric(registry, 'counter', {
    name: 'lvs_drops_total',
    help: 'Datagrams refused, by reason',
    labels: ['reason'],
    read: () => Object.entries(facts.snapshot()?.drops ?? {}).map(([reason, n]) => [{ reason }, n]),
  });
  addMetric(registry, 'gauge', {
    name: 'lvs_alarms',
    help: 'Alarms that stand, by severity',
    labels: ['severity'],
    read: () =>
      ['warning', 'error'].map((severity) => [
        { severity },
        (facts.snapshot()?.alarms ?? []).filter((alarm) => alarm.severity === severity).length,
      ]),
  });
}

function sourceMetrics(registry: Registry, facts: MetricFacts): void {
  const labels = ['source', 'key'];
  addMetric(registry, 'gauge', {
    name: 'lvs_sources',
    help: 'Sources by state',
    labels: ['state'],
    read: () => {
      const sources = facts.snapshot()?.sources ?? [];
      return STATES.map((state) => [{ state }, sources.filter((source) => source.state === state).length]);
    },
  });
  const each = (of: (channel: Channel) => number): (() => Rows) => {
    return () =>
      facts.channels().map((channel) => [{ source: channel.config.name, key: channel.config.key }, of(channel)]);
  };
  const add = (name: string, help: string, of: (channel: Channel) => number): void =>
    addMetric(registry, 'counter', { name: `lvs_source_${name}_total`, help, labels, read: each(of) });
  addMetric(registry, 'gauge', {
    name: 'lvs_source_ok',
    help: '1 when the source counts',
    labels,
    read: each((channel) => (channel.view().state === 'ok' ? 1 : 0)),
  });
  add('readings', 'Readings that came', ({ counts }) => counts.readings);
  add('refused', 'Readings not taken: out of range, jumped, or on the way back', ({ counts }) => counts.refused);
  add('malformed', 'Messages that are no reading', ({ counts }) => counts.malformed);
  add('skipped', 'Readings sooner than wanted', ({ counts }) => counts.skipped);
}

/** The registry of one gateway, with the process's own metrics in it. */
export function createMetrics(facts: MetricFacts): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  keyMetrics(registry, facts);
  swarmMetrics(registry, facts);
  sourceMetrics(registry, facts);
  addMetric(registry, 'counter', {
    name: 'lvs_part_failures_total',
    help: 'How often a part of the gateway failed and was made anew',
    labels: [],
    read: () => [[{}, facts.part_failures()]],
  });
  addMetric(registry, 'gauge', {
    name: 'lvs_part_failing',
    help: '1 for each part that does not work now',
    labels: ['part'],
    read: () => facts.failing().map((part) => [{ part }, 1]),
  });
  addMetric(registry, 'counter', {
    name: 'lvs_alarms_raised_total',
    help: 'Alarms raised since the start',
    labels: [],
    read: () => [[{}, facts.alarms_raised()]],
  });
  return registry;
}

/** In the text format of Prometheus. */
export async function metricsOf(registry: Registry): Promise<string> {
  return await registry.metrics();
}
