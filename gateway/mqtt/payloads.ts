/** What stands on the topics: JSON objects, numbers rounded to what the key can tell apart. */

import type { KeyView, PeerView, Snapshot } from '../view.ts';
import { alarmClass } from './alarms.ts';

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** Digits behind the point that tell `resolution` apart, and one more: 0.05 gives 3. At most 6. */
export function digitsOf(resolution: number): number {
  if (!(resolution > 0)) return 6;
  return Math.min(6, Math.max(0, 1 - Math.floor(Math.log10(resolution))));
}

function round(value: number | null, digits: number): number | null {
  return value === null ? null : Number(value.toFixed(digits));
}

export function keyPayload(key: KeyView, digits: number): Record<string, Json> {
  return {
    agreed: round(key.agreed, digits),
    spread: round(key.spread, digits),
    own: round(key.own, digits),
    mean: round(key.mean, digits),
    sensors: key.sensors,
    unit: key.unit,
    recovering: key.recovering,
  };
}

export function peersPayload(peers: readonly PeerView[]): Record<string, Json> {
  return {
    count: peers.length,
    trust_least: peers.length === 0 ? null : round(Math.min(...peers.map(({ trust }) => trust)), 2),
    peers: peers.map(({ peer, trust, age_cycles, holds, pace }) => ({
      peer,
      trust: round(trust, 2),
      age_cycles,
      holds,
      pace,
    })),
  };
}

export function alarmsPayload({ alarms }: Snapshot): Record<string, Json> {
  return {
    count: alarms.length,
    alarms: alarms.map((alarm) => ({
      id: alarm.id,
      class: alarmClass(alarm),
      severity: alarm.severity,
      since_ms: alarm.since_ms,
      text: alarm.text,
    })),
  };
}

export function sourcesPayload({ sources }: Snapshot): Record<string, Json> {
  return {
    sources: sources.map(({ key, kind, state, value, text }) => ({ key, kind, state, value, text })),
  };
}

export function sitesPayload({ sites }: Snapshot): Record<string, Json> {
  return {
    count: sites.length,
    sites: sites.map(({ site, age_s, gateways, keys }) => ({
      site,
      age_s,
      gateways,
      keys: keys.map(({ name, value, weight }) => ({ name, value, weight })),
    })),
  };
}

export function gatewayPayload(snapshot: Snapshot, version: string): Record<string, Json> {
  const { site, swarm, sealed, cycle, cycle_ms, low_power, peers, drops, bytes_per_minute } = snapshot;
  return {
    version,
    site,
    swarm,
    sealed,
    cycle,
    cycle_ms,
    low_power,
    peers: peers.length,
    drops,
    sent_bytes_per_minute: bytes_per_minute.sent,
    received_bytes_per_minute: bytes_per_minute.received,
  };
}
