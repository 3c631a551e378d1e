/** The snapshot of a cycle: what the node, the sources and the rest of the gateway know, under one roof. */
import type { Parts } from '../../firmware/node.ts';
import { dropCounts } from '../../host-sim/node-platform/inspect.ts';
import type { GatewayConfig } from '../config/config.ts';
import type { Alarm, PeerView, SiteView, Snapshot, SourceView } from '../view.ts';
import { keyView } from './key-view.ts';
import { AGE, HOLDS, PACE, peerName, ROW, TAG, TRUST, TRUST_FULL } from './table.ts';

/** Where a datagram that the what-if threw away is counted. */
export const WHAT_IF_DROP = 'what-if';

export interface SnapshotFacts {
  time_ms: number;
  config: GatewayConfig;
  sealed: boolean;
  parts: Parts;
  drop_names: readonly string[];
  what_if: Snapshot['what_if'];
  what_if_dropped: number;
  bytes_per_minute: Snapshot['bytes_per_minute'];
  sources: SourceView[];
  sites: SiteView[];
  alarms: Alarm[];
}

export function peerViews({ transport: { table } }: Parts): PeerView[] {
  const peers: PeerView[] = [];
  for (let slot = 1; slot < table.count; slot++) {
    const at = slot * ROW;
    peers.push({
      peer: peerName(table.rows[at + TAG]),
      age_cycles: table.rows[at + AGE],
      trust: table.rows[at + TRUST] / TRUST_FULL,
      holds: table.rows[at + HOLDS],
      pace: table.rows[at + PACE],
    });
  }
  return peers;
}

export function makeSnapshot(facts: SnapshotFacts): Snapshot {
  const { parts, config, what_if_dropped } = facts;
  const drops = dropCounts(parts, facts.drop_names);
  if (what_if_dropped > 0) drops[WHAT_IF_DROP] = what_if_dropped;
  return {
    time_ms: facts.time_ms,
    site: config.site,
    swarm: config.swarm.name,
    sealed: facts.sealed,
    cycle: parts.transport.cycle,
    cycle_ms: config.swarm.cycle_ms,
    low_power: parts.power.low,
    keys: config.keys.map(({ unit }, key) => keyView(parts, key, unit)),
    peers: peerViews(parts),
    sources: facts.sources,
    sites: facts.sites,
    alarms: facts.alarms,
    drops,
    bytes_per_minute: facts.bytes_per_minute,
    what_if: facts.what_if,
  };
}
