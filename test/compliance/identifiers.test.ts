/**
 * Blueprint 8.4: nothing that a node sends or stores tells after a restart that it is the same node. Searched for, not
 * reasoned about: every run of four bytes that two lives of one node have in common must be found in the lives of others
 * too, which were told the same swarm, keys and swarm key.
 */
import { describe, expect, it } from 'vitest';
import { createSeal } from '../../host-sim/node-platform/seal/seal.ts';
import { MemoryStore } from '../../host-sim/world/store.ts';
import { FakePeer } from '../firmware/fake-peer.ts';
import { createHarness, ONE, testKey } from '../firmware/harness.ts';
import type { Harness } from '../firmware/harness.ts';

const RUN_BYTES = 4;
const CYCLES = 300;
const SWARM_KEY = Uint8Array.from({ length: 32 }, (_, i) => i * 7);

const SWARMS = {
  open: {},
  authentic: { seal: createSeal([SWARM_KEY], { private: false }) },
  private: { seal: createSeal([SWARM_KEY], { private: true }) },
};

interface Life {
  /** Runs of four bytes, as hexadecimal digits. */
  wire: Set<string>;
  stored: Set<string>;
  store: MemoryStore;
}

function addRuns(runs: Set<string>, view: DataView, length: number): void {
  const hex = Buffer.from(view.buffer, view.byteOffset, length).toString('hex');
  for (let at = 0; at + 2 * RUN_BYTES <= hex.length; at += 2) runs.add(hex.slice(at, at + 2 * RUN_BYTES));
}

/** A life with readings of its own: that a room stays as warm as it was tells nothing of a node. */
function live(seed: number, swarm: Partial<Harness> & object, store: MemoryStore): Life {
  const keys = [testKey({ scope: 1 }), testKey({ name: 'second' })];
  const settings = { keys, session_cycles: 64, site: 'house' };
  const harness = createHarness({ seed, settings, gateway: true, store, started: false, ...swarm });
  harness.world.epoch_ms = 1_700_000_000_000 + seed * 1e9;
  harness.node.start();
  const peer = new FakePeer(harness, 1000 + seed);
  for (let i = 0; i < CYCLES; i++) {
    harness.setReading(0, (18 + seed) * ONE + 7919 * i + 1237 * seed);
    harness.setReading(1, (40 + seed) * ONE + 104_729 * i + 3571 * seed);
    if (!('seal' in swarm)) peer.tell({ c: [(20 + seed) * ONE + i, (41 + seed) * ONE + i] });
    harness.cycle();
  }
  harness.node.shutdown();
  const wire = new Set<string>();
  for (const view of [...harness.sent, ...harness.sentMedium]) addRuns(wire, view, view.byteLength);
  const stored = new Set<string>();
  for (const slot of [0, 1]) {
    const view = new DataView(new ArrayBuffer(4096));
    addRuns(stored, view, store.read(slot, view));
  }
  return { wire, stored, store };
}

describe.each(Object.entries(SWARMS))('a node of a swarm that is %s', (_, swarm) => {
  const store = new MemoryStore();
  const first = live(1, swarm, store);
  const second = live(2, swarm, store);
  const others = [3, 4, 5, 6].map((seed) => live(seed, swarm, new MemoryStore()));
  const isCommon = (run: string): boolean => others.some(({ wire, stored }) => wire.has(run) || stored.has(run));

  it('sends nothing after a restart that says who it was', () => {
    const kept = [...second.wire].filter((run) => first.wire.has(run) && !isCommon(run));
    // Runs that hold a byte or two of a counter meet by chance.
    expect(kept.length, kept.join(' ')).toBeLessThan(first.wire.size / 500);
  });

  it('stores nothing that it sends, but for values', () => {
    const known = [...first.stored].filter((run) => first.wire.has(run) && !isCommon(run));
    expect(known.length, known.join(' ')).toBeLessThan(first.stored.size / 10);
  });
});

describe('the search', () => {
  it('finds a serial number of four bytes', () => {
    const lives = [1, 2, 3].map((seed) => {
      const life = live(seed, {}, new MemoryStore());
      if (seed < 3) life.wire.add('5e41a100');
      return life;
    });
    const kept = [...lives[1].wire].filter((run) => lives[0].wire.has(run) && !lives[2].wire.has(run));
    expect(kept).toContain('5e41a100');
  });
});
