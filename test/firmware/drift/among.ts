/** What a node of the bundle makes of its peers' words in one cycle: the drift core seen from outside. */
import type { KeySettings, Settings } from '../../../firmware/node.ts';
import { FakePeer } from '../fake-peer.ts';
import { createHarness, testKey } from '../harness.ts';

const NONE = -1;

/** A peer's contribution and agreed value, and for how many cycles they were held when they counted. */
export interface Told {
  c: number;
  b?: number;
  age?: number;
}

export interface Case {
  /** The node's own reading. */
  own?: number;
  peers: Told[];
  /** Its agreed value before the cycle. */
  b?: number;
  key?: Partial<KeySettings>;
  settings?: Partial<Settings>;
}

export interface Found {
  n: number;
  x: number;
  med: number;
  cap: number;
  reject: number;
  target: number;
  voters: number;
  /** The agreed value after the cycle: no limit of VaultGuard and no dither came in between. */
  t: number;
}

/** Small numbers, so that a reader can follow: floor 1, span 1000, reference 0. */
export function smallKey(over: Partial<KeySettings> = {}): KeySettings {
  return testKey({ floor: 1, span: 1000, low: 0, high: 1_000_000, reference: 0, ...over });
}

/** Tells the node everything, the oldest first, and runs the cycle in which it counts. */
export function foundAmong({ own = NONE, peers, b = NONE, key = {}, settings = {} }: Case): Found {
  const table = Math.max(1, peers.length);
  const harness = createHarness({ settings: { keys: [smallKey(key)], alpha: 0, table, ...settings } });
  const { state, drift } = harness.node.parts;
  const fakes = peers.map((_, i) => new FakePeer(harness, 100 + i));
  for (let age = Math.max(1, ...peers.map((peer) => peer.age ?? 1)); age >= 1; age--) {
    peers.forEach((peer, i) => {
      if ((peer.age ?? 1) === age) fakes[i].tell({ c: [peer.c], b: [peer.b ?? NONE] });
    });
    if (age > 1) harness.cycle();
  }
  harness.setReading(0, own);
  [state.b[0], state.life[0]] = [b, 0];
  harness.cycle();
  const { reject, voters } = drift.pull;
  const [n, x, med, cap, target] = [state.sensors[0], state.x[0], state.med[0], state.cap[0], state.target[0]];
  return { n, x, med, cap, reject, target, voters, t: state.b[0] };
}
