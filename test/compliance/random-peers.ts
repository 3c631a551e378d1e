/**
 * The same random swarm before a node of the bundle and before the reference: readings that wander, peers that come, go,
 * fall silent, lie, repeat themselves and say nothing. One step is one cycle.
 */
import type { KeySettings } from '../../firmware/node.ts';
import { createRandom } from '../../host-sim/world/random.ts';
import type { Random } from '../../host-sim/world/random.ts';
import { FakePeer } from '../firmware/fake-peer.ts';
import { createHarness, ONE, testKey } from '../firmware/harness.ts';
import type { Harness } from '../firmware/harness.ts';
import { peersOf } from '../firmware/inspect.ts';
import { ReferenceNode } from './reference-cycle.ts';
import type { Said } from './reference-cycle.ts';

export const KEYS: KeySettings[] = [
  testKey({ name: 'guarded' }),
  testKey({ name: 'exact', guard: false }),
  testKey({ name: 'narrow', floor: 20, span: 2 * ONE, low: 10 * ONE, high: 30 * ONE, reference: 0 }),
];

const NONE = -1;
const AT_HELD = 14;
const AT_MEAN_AGE = 16;
/** Header 18, message head 3, shard and weight 6; then contribution and agreed value, 4 bytes each, for each key. */
const AT_DIFFS = 27;
const DIFF_NONE = -0x80000000;

export class RandomSwarm {
  readonly harness: Harness;
  readonly reference = new ReferenceNode(KEYS);
  private readonly random: Random;
  private readonly peers: FakePeer[];
  /** How likely each peer is heard in a cycle. */
  private readonly heard: number[];
  private readonly centre: number[];
  /** How far readings spread: some swarms are so calm that a step of theirs is an anomaly. */
  private readonly width: number;

  constructor(seed: number, alpha: number) {
    this.random = createRandom(seed);
    // Relays are off: what is heard directly is what the reference covers.
    this.harness = createHarness({ seed, settings: { keys: KEYS, relay: 0, alpha, table: 40 } });
    const count = this.random.below(20);
    this.peers = Array.from({ length: count }, (_, i) => new FakePeer(this.harness, 100 + i));
    this.heard = this.peers.map(() => [1, 0.9, 0.4, 0.1, 0.02][this.random.below(5)]);
    this.width = seed % 2 === 0 ? 4 * ONE : ONE / 64;
    this.centre = KEYS.map(() => (15 + this.random.below(10)) * ONE);
  }

  /** What a peer, or the node's own sensor, reads of each key: mostly near the centre. */
  private readings(): number[] {
    return this.centre.map((centre, key) => {
      const kind = this.random.below(40);
      if (kind === 0) return NONE;
      if (kind === 1) return this.random.below(KEYS[key].high + ONE);
      if (kind === 2) return centre + 9 * ONE;
      return centre + this.random.below(this.width);
    });
  }

  private agreed(): number[] {
    return this.centre.map((centre) => {
      const kind = this.random.below(20);
      if (kind === 0) return NONE;
      return kind === 1 ? centre + 20 * ONE : centre + this.random.below(this.width);
    });
  }

  /** Lets both hear the same; some datagrams come twice. */
  tellBoth(): void {
    this.centre.forEach((_, key) => {
      if (this.random.below(50) === 0) this.centre[key] = (12 + this.random.below(14)) * ONE;
    });
    this.peers.forEach((peer, i) => {
      if (this.random.below(60) === 0) this.heard[i] = this.random.below(2);
      if (this.random.uniform() >= this.heard[i]) return;
      const [c, b] = [this.readings(), this.agreed()];
      const view = peer.datagram({ c, b });
      this.harness.deliver(view, peer.source);
      this.reference.receive(peer.tag, c, b);
      if (this.random.below(10) === 0) this.harness.deliver(view, peer.source);
    });
  }

  /** Runs the node's cycle; returns its readings, for the reference's. */
  cycleNode(): { readings: number[]; said: Said } {
    const readings = this.readings();
    readings.forEach((reading, key) => {
      this.harness.setReading(key, reading);
    });
    return { readings, said: saidBy(this.harness.cycle()) };
  }

  /** Everything of the node's state that the reference has too. */
  nodeState(): object {
    const { state } = this.harness.node.parts;
    const [, ...held] = peersOf(this.harness.node.parts);
    return {
      keys: KEYS.map((_, key) => {
        return { b: state.b[key], x: state.x[key], E: state.energy[key], recovering: state.recovering[key] === 1 };
      }),
      peers: held.map(({ tag, age, peak }) => ({ tag, age, pk: peak })).sort((a, b) => a.tag - b.tag),
    };
  }

  referenceState(): object {
    const number = (value: bigint | null): number => (value === null ? NONE : Number(value));
    const { keys, peers } = this.reference;
    return {
      keys: keys.map(({ b, x, E, recovering }) => {
        return { b: number(b), x: number(x), E: Number(E), recovering };
      }),
      peers: [...peers.entries()].map(([tag, { age, pk }]) => ({ tag, age, pk })).sort((a, b) => a.tag - b.tag),
    };
  }
}

function saidBy(view: DataView): Said {
  const value = (at: number, key: number): bigint | null => {
    const diff = view.getInt32(at);
    return diff === DIFF_NONE ? null : BigInt(diff + KEYS[key].reference);
  };
  return {
    c: KEYS.map((_, key) => value(AT_DIFFS + 8 * key, key)),
    b: KEYS.map((_, key) => value(AT_DIFFS + 8 * key + 4, key)),
    held: view.getUint16(AT_HELD),
    meanAge: view.getUint8(AT_MEAN_AGE),
  };
}
