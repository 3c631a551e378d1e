/** Snapshots of a gateway for tests: two keys, two peers, nothing wrong. */
import type { KeyView, Snapshot } from '../../../gateway/view.ts';

export function keyView(over: Partial<KeyView> = {}): KeyView {
  return {
    name: 'room1/temp',
    unit: '°C',
    agreed: 21.25,
    spread: 0.04,
    own: 21.5,
    mean: 21.3,
    sensors: 8,
    band: { middle: 21.3, cap: 1, reject: 2 },
    contributions: [],
    recovering: false,
    ...over,
  };
}

export function snapshot(over: Partial<Snapshot> = {}): Snapshot {
  return {
    time_ms: 1_700_000_000_000,
    site: 'house',
    swarm: 'lvs',
    sealed: false,
    cycle: 100,
    cycle_ms: 1000,
    low_power: false,
    keys: [keyView(), keyView({ name: 'room1/humidity', unit: '%', agreed: 45, own: null, mean: 45.1 })],
    peers: [
      { peer: '1a2b3c4d', age_cycles: 0, trust: 1, holds: 8, pace: 1 },
      { peer: '00000001', age_cycles: 2, trust: 0.5, holds: 7, pace: 1 },
    ],
    sources: [{ key: 'room1/temp', kind: 'mqtt', state: 'ok', value: 21.5, since_ms: 0, text: '' }],
    sites: [],
    alarms: [],
    drops: {},
    bytes_per_minute: { sent: 9000, received: 80_000 },
    what_if: null,
    ...over,
  };
}
