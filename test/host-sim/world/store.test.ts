import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../host-sim/world/random.ts';
import { MemoryStore } from '../../../host-sim/world/store.ts';

const viewOf = (text: string): DataView => new DataView(Uint8Array.from(Buffer.from(text)).buffer);

function read(store: MemoryStore, slot: number, room = 64): string {
  const view = new DataView(new ArrayBuffer(room));
  return Buffer.from(view.buffer, 0, store.read(slot, view)).toString('latin1');
}

describe('a store', () => {
  it('is empty at first', () => {
    expect([read(new MemoryStore(), 0), read(new MemoryStore(), 1)]).toEqual(['', '']);
  });

  it('keeps what was written to each slot, as it was then', () => {
    const store = new MemoryStore();
    const view = viewOf('hello');
    store.write(0, view, 4);
    view.setUint8(0, 0);
    store.write(1, viewOf('other'), 5);
    expect([read(store, 0), read(store, 1)]).toEqual(['hell', 'other']);
  });

  it('keeps what a view shows, not what lies before it', () => {
    const store = new MemoryStore();
    store.write(0, new DataView(viewOf('abcdef').buffer, 2, 3), 3);
    expect(read(store, 0)).toBe('cde');
  });

  it('gives no more than there is room for', () => {
    const store = new MemoryStore();
    store.write(0, viewOf('hello'), 5);
    expect(read(store, 0, 3)).toBe('hel');
  });

  it('loses everything', () => {
    const store = new MemoryStore();
    store.write(0, viewOf('a'), 1);
    store.write(1, viewOf('b'), 1);
    store.lose();
    expect([read(store, 0), read(store, 1)]).toEqual(['', '']);
  });
});

describe('a torn write', () => {
  it('leaves the newest slot whole, and in the older one a part and then noise', () => {
    const random = createRandom(72);
    const kept: number[] = [];
    const text = 'the newest state';
    for (let i = 0; i < 300; i++) {
      const store = new MemoryStore();
      store.write(0, viewOf('an older state'), 14);
      store.write(1, viewOf(text), text.length);
      store.tear(random);
      expect(read(store, 1)).toBe(text);
      const torn = read(store, 0);
      expect(torn).toHaveLength(text.length);
      let same = 0;
      while (same < text.length && torn[same] === text[same]) same++;
      kept.push(same);
    }
    expect(new Set(kept).size, 'torn in many places').toBeGreaterThan(12);
    expect(Math.min(...kept)).toBe(0);
  });

  it('of a store that holds nothing leaves nothing', () => {
    const store = new MemoryStore();
    store.tear(createRandom(73));
    expect([read(store, 0), read(store, 1)]).toEqual(['', '']);
  });
});
