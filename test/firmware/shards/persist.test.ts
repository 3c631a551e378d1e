/** State that survives a restart: two slots, written in turn, torn at every byte, with sequence numbers that wrap. */
import { describe, expect, it } from 'vitest';
import {
  createPersistence,
  LOAD_CORRUPT,
  LOAD_EMPTY,
  LOADED,
  loadShard,
  storedBytes,
  storeShard,
} from '../../../firmware/shards/persist.ts';
import type { Persistence } from '../../../firmware/shards/persist.ts';
import { createShardState } from '../../../firmware/shards/state.ts';
import type { ShardState } from '../../../firmware/types/state.ts';
import { MemoryStore } from '../../../host-sim/world/store.ts';
import { FakePeer } from '../fake-peer.ts';
import { api, createHarness, ONE, testKey } from '../harness.ts';
import type { Harness } from '../harness.ts';

const KEYS = [testKey({ name: 'a' }), testKey({ name: 'b' })];
const SETTINGS = { ...api.defaultSettings(), keys: KEYS };

function stateOf(b: number[], energy = 5): ShardState {
  const state = createShardState(SETTINGS, 16);
  state.b.set(b);
  state.energy.fill(energy);
  return state;
}

function loaded(store: MemoryStore, keys = KEYS): { result: number; b: number[]; energy: number[]; kept: Persistence } {
  const state = createShardState({ ...SETTINGS, keys }, 16);
  const kept = createPersistence(new DataView(new ArrayBuffer(1232)));
  const result = loadShard(store, kept, state);
  return { result, b: [...state.b], energy: [...state.energy], kept };
}

/** Stores one state after the other, as one node does. */
function storeOf(states: ShardState[], sequence = 0): { store: MemoryStore; kept: Persistence } {
  const store = new MemoryStore();
  const kept = createPersistence(new DataView(new ArrayBuffer(1232)));
  kept.sequence = sequence;
  for (const state of states) expect(storeShard(store, kept, state)).toBe(true);
  return { store, kept };
}

function bytesOf(store: MemoryStore, slot: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(4096));
  return new Uint8Array(view.buffer, 0, store.read(slot, view));
}

function put(store: MemoryStore, slot: number, bytes: Uint8Array): void {
  store.write(slot, new DataView(Uint8Array.from(bytes).buffer), bytes.length);
}

describe('what is stored', () => {
  it('comes back, values and energies', () => {
    const { store } = storeOf([stateOf([100, 200], 7)]);
    expect(loaded(store)).toMatchObject({ result: LOADED, b: [100, 200], energy: [7, 7] });
  });

  it('takes 20 bytes and 12 for each key', () => {
    const { store } = storeOf([stateOf([100, 200])]);
    expect(bytesOf(store, 1)).toHaveLength(20 + 2 * 12);
    expect(storedBytes(2)).toBe(44);
  });

  it('is written to the slots in turn', () => {
    const { store } = storeOf([stateOf([1, 1]), stateOf([2, 2])]);
    const before = bytesOf(store, 1);
    const { kept } = loaded(store);
    storeShard(store, kept, stateOf([3, 3]));
    expect(bytesOf(store, 0), 'the newest so far stays whole').not.toEqual(before);
    expect(loaded(store).b).toEqual([3, 3]);
  });

  it('finds each key by its name when keys come and go', () => {
    const { store } = storeOf([stateOf([100, 200])]);
    const others = [testKey({ name: 'new' }), testKey({ name: 'b' })];
    expect(loaded(store, others)).toMatchObject({ result: LOADED, b: [-1, 200] });
    expect(loaded(store, [testKey({ name: 'a' })])).toMatchObject({ result: LOADED, b: [100] });
  });

  it('is not a value where none was stored', () => {
    const { store } = storeOf([stateOf([-1, 200])]);
    expect(loaded(store).b).toEqual([-1, 200]);
  });
});

describe('the newest state', () => {
  it('wins, whichever slot it is in', () => {
    expect(loaded(storeOf([stateOf([1, 1]), stateOf([2, 2])]).store).b).toEqual([2, 2]);
    expect(loaded(storeOf([stateOf([1, 1]), stateOf([2, 2]), stateOf([3, 3])]).store).b).toEqual([3, 3]);
  });

  it.each([0x7ffffffc, 0x7ffffffd, 0x7ffffffe, -3, -2])(
    'wins across the wrap of its number: from %i on',
    (sequence) => {
      const { store } = storeOf([stateOf([1, 1]), stateOf([2, 2]), stateOf([3, 3])], sequence);
      expect(loaded(store).b).toEqual([3, 3]);
      expect(loaded(store).kept.sequence).toBe((sequence + 3) | 0);
    },
  );
});

describe('a write that is cut off', () => {
  it('at any byte leaves the older state', () => {
    const { store, kept } = storeOf([stateOf([1, 1]), stateOf([2, 2])]);
    const before = bytesOf(store, 1);
    storeShard(store, kept, stateOf([3, 3]));
    const after = bytesOf(store, 1);
    expect(after).not.toEqual(before);
    for (let cut = 0; cut < after.length; cut++) {
      const torn = Uint8Array.from([...after.subarray(0, cut), ...before.subarray(cut)]);
      if (torn.every((byte, i) => byte === after[i])) continue;
      put(store, 1, torn);
      expect(loaded(store).b, `the new state up to byte ${cut}, the old one behind`).toEqual([2, 2]);
      put(store, 1, after.subarray(0, cut));
      expect(loaded(store).b, `cut off at byte ${cut}`).toEqual([2, 2]);
      put(
        store,
        1,
        after.map((byte, i) => (i < cut ? byte : 0xff)),
      );
      expect(loaded(store).b, `erased from byte ${cut} on`).toEqual([2, 2]);
    }
  });

  it('leaves a state that the next write does not overwrite', () => {
    const { store } = storeOf([stateOf([1, 1]), stateOf([2, 2])]);
    put(store, 1, bytesOf(store, 1).subarray(0, 20));
    const { kept, b } = loaded(store);
    expect(b).toEqual([2, 2]);
    const whole = bytesOf(store, 0);
    storeShard(store, kept, stateOf([3, 3]));
    expect(bytesOf(store, 0)).toEqual(whole);
    expect(loaded(store).b).toEqual([3, 3]);
  });

  it('in every single bit is noticed', () => {
    const { store } = storeOf([stateOf([1, 1])]);
    const whole = bytesOf(store, 1);
    for (let bit = 0; bit < 8 * whole.length; bit++) {
      const bent = Uint8Array.from(whole);
      bent[bit >> 3] ^= 1 << (bit & 7);
      put(store, 1, bent);
      expect(loaded(store).result, `bit ${bit}`).toBe(LOAD_CORRUPT);
    }
  });
});

describe('loading', () => {
  it('tells an empty store from a broken one', () => {
    expect(loaded(new MemoryStore()).result).toBe(LOAD_EMPTY);
    const broken = new MemoryStore();
    put(broken, 0, Uint8Array.of(1, 2, 3));
    expect(loaded(broken)).toMatchObject({ result: LOAD_CORRUPT, b: [-1, -1] });
  });

  it('takes what is whole where the other slot is broken', () => {
    const { store } = storeOf([stateOf([1, 1])]);
    put(store, 0, Uint8Array.of(1, 2, 3));
    expect(loaded(store)).toMatchObject({ result: LOADED, b: [1, 1] });
  });

  it('refuses a state that says of more keys than it has', () => {
    const { store } = storeOf([stateOf([1, 1])]);
    const bytes = Uint8Array.from(bytesOf(store, 1));
    bytes[7] = 3;
    const view = new DataView(bytes.buffer);
    view.setInt32(bytes.length - 4, api.crc32(view, 0, bytes.length - 4));
    put(store, 1, bytes);
    expect(loaded(store).result).toBe(LOAD_CORRUPT);
  });

  it('takes no value that no state could have', () => {
    const { store } = storeOf([stateOf([-7, 200], -3)]);
    expect(loaded(store)).toMatchObject({ b: [-1, 200], energy: [ONE, ONE] });
  });
});

describe('a node', () => {
  const names = (harness: Harness): string[] => harness.events.map(({ name }) => name);

  function lived(): MemoryStore {
    const harness = createHarness();
    harness.setReading(0, 25 * ONE);
    for (let i = 0; i < 30; i++) harness.cycle();
    harness.node.shutdown();
    return harness.store;
  }

  it('begins where it ended', () => {
    const harness = createHarness({ store: lived() });
    expect(harness.node.parts.state.b[0]).toBe(25 * ONE);
    expect(names(harness)).toContain('state-loaded');
  });

  it('stores its state in its 16th cycle, then each 256 and when it ends', () => {
    const harness = createHarness();
    const written: number[] = [];
    const write = harness.store.write.bind(harness.store);
    harness.store.write = (slot, from, length) => {
      written.push(harness.node.parts.transport.cycle);
      return write(slot, from, length);
    };
    for (let i = 0; i < 600; i++) harness.cycle();
    harness.node.shutdown();
    expect(written).toEqual([16, 258, 514, 600]);
  });

  it('says so when it cannot store, and goes on', () => {
    const harness = createHarness();
    harness.store.write = () => false;
    for (let i = 0; i < 16; i++) harness.cycle();
    expect(names(harness)).toContain('store-failed');
    expect(harness.cycle().byteLength).toBeGreaterThan(0);
  });

  it('with a broken store says so and takes its values from the peers, sending none of its own until they agree', () => {
    const store = new MemoryStore();
    put(store, 0, Uint8Array.of(1, 2, 3));
    const harness = createHarness({ store });
    expect(names(harness)).toContain('state-corrupt');
    const peers = Array.from({ length: 8 }, (_, i) => new FakePeer(harness, 11 + i));
    const tellAll = (): void => {
      for (const peer of peers) peer.tell({ c: [30 * ONE + peer.tag], b: [30 * ONE] });
    };
    harness.setReading(0, 29 * ONE);
    tellAll();
    expect(harness.cycle().getInt32(31), 'no agreed value').toBe(-0x80000000);
    for (let i = 0; i < 4; i++) {
      tellAll();
      harness.cycle();
    }
    expect(names(harness)).toContain('recovery-left');
    expect(Math.abs(harness.node.parts.state.b[0] - 30 * ONE)).toBeLessThan(ONE / 4);
  });

  it('stores nothing that names it: the same state gives the same bytes in another session', () => {
    const storeWith = (seed: number): Uint8Array => {
      const harness = createHarness({ seed });
      harness.setReading(0, 25 * ONE);
      for (let i = 0; i < 20; i++) harness.cycle();
      return bytesOf(harness.store, 1);
    };
    expect(storeWith(1)).toEqual(storeWith(2));
    expect(storeWith(1).length).toBeGreaterThan(0);
  });
});
