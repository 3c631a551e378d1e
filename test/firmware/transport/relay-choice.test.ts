/** Which contributions a node passes on, and when; and which of those that it holds count in its mean. */
import { describe, expect, it } from 'vitest';
import { COUNTED } from '../../../firmware/types/table.ts';
import { FakePeer, fieldOf } from '../fake-peer.ts';
import { createHarness, ONE } from '../harness.ts';
import type { Harness } from '../harness.ts';

interface Entry {
  tag: number;
  cycle: number;
  firstHand: boolean;
  age: number;
}

/** The relayed entries of the next datagram, of one key. */
function nextRelays(harness: Harness): Entry[] {
  const view = harness.cycle();
  for (let at = 18; at < view.byteLength; at += 3 + view.getUint16(at + 1)) {
    if (view.getUint8(at) !== 4) continue;
    const end = at + 3 + view.getUint16(at + 1);
    const bytes = 7 + view.getUint8(at + 3);
    const entries: Entry[] = [];
    for (let entry = at + 4; entry < end; entry += bytes) {
      const flags = view.getUint8(entry + 6);
      entries.push({
        tag: view.getInt32(entry),
        cycle: view.getUint16(entry + 4),
        firstHand: (flags & 0x80) !== 0,
        age: flags & 0x7f,
      });
    }
    return entries;
  }
  return [];
}

function heardBy(
  count: number,
  settings = {},
  tagOf = (i: number): number => 301 + i,
): { harness: Harness; peers: FakePeer[]; tellAll: () => void } {
  const harness = createHarness({ settings });
  const peers = Array.from({ length: count }, (_, i) => new FakePeer(harness, tagOf(i), 301 + i));
  const tellAll = (): void => {
    for (const peer of peers) peer.tell();
  };
  harness.cycle();
  tellAll();
  return { harness, peers, tellAll };
}

const tagsOf = (entries: Entry[]): number[] => entries.map(({ tag }) => tag).sort((a, b) => a - b);

describe('relays are sent', () => {
  it('not while everyone holds as much as the node, at most 6 cycles old', () => {
    const { harness, peers } = heardBy(6);
    harness.cycle();
    for (const peer of peers) peer.tell({ held: 6, meanAge: 6 });
    expect(nextRelays(harness)).toEqual([]);
  });

  it.each([
    { what: 'holds fewer entries', says: { held: 5 } },
    { what: 'reports a mean age above 6', says: { meanAge: 7 } },
  ])('for 4 cycles after a peer was heard that $what', ({ says }) => {
    const { harness, peers } = heardBy(6);
    harness.cycle();
    peers[0].tell(says);
    for (let i = 0; i < 4; i++) expect(nextRelays(harness), `cycle ${i + 1}`).toHaveLength(4);
    expect(nextRelays(harness)).toEqual([]);
  });

  it('as many as the setting allows', () => {
    const { harness, peers } = heardBy(9, { relay_entries: 7 });
    peers[0].tell({ meanAge: 7 });
    expect(nextRelays(harness)).toHaveLength(7);
  });

  it('not at all where relays are off', () => {
    const { harness, peers } = heardBy(6, { relay: 0 });
    peers[0].tell({ meanAge: 7 });
    expect(nextRelays(harness)).toEqual([]);
  });

  it('least recently sent first, so that all have their turn', () => {
    const { harness, peers, tellAll } = heardBy(8);
    tellAll();
    peers[0].tell({ meanAge: 7 });
    const first = nextRelays(harness);
    const second = nextRelays(harness);
    expect(tagsOf([...first, ...second])).toEqual(tagsOf(peers.map(({ tag }) => ({ tag }) as Entry)));
    expect(tagsOf(nextRelays(harness))).toEqual(tagsOf(first));
  });

  it('with the cycle and age of what was heard, as first hand', () => {
    const { harness, peers } = heardBy(1);
    peers[0].tell({ cycle: 70_000, meanAge: 7 });
    expect(nextRelays(harness)).toEqual([{ tag: 301, cycle: 70_000 & 0xffff, firstHand: true, age: 1 }]);
    expect(nextRelays(harness)).toEqual([{ tag: 301, cycle: 70_000 & 0xffff, firstHand: true, age: 2 }]);
  });

  it('at most 8 times with the same news', () => {
    const { harness, peers } = heardBy(2);
    peers[1].tell();
    let times = 0;
    for (let i = 0; i < 12; i++) {
      peers[0].tell({ meanAge: 7 });
      times += nextRelays(harness).filter(({ tag }) => tag === peers[1].tag).length;
    }
    expect(times).toBe(8);
    peers[1].tell();
    peers[0].tell({ meanAge: 7 });
    expect(tagsOf(nextRelays(harness)), 'with fresh news again').toContain(peers[1].tag);
  });

  it('not of news older than 120 cycles', () => {
    const { harness, peers } = heardBy(2);
    for (let i = 0; i < 118; i++) harness.cycle();
    peers[0].tell({ meanAge: 7 });
    expect(tagsOf(nextRelays(harness)), 'age 119').toContain(peers[1].tag);
    expect(tagsOf(nextRelays(harness)), 'age 120').toContain(peers[1].tag);
    expect(tagsOf(nextRelays(harness)), 'age 121').not.toContain(peers[1].tag);
  });
});

describe('a contribution that came by relay', () => {
  it('is passed on second hand, and only once another relay confirmed it', () => {
    const { harness, peers } = heardBy(2);
    const entry = { tag: 900, cycle: 10, c: [21 * ONE] };
    peers[0].tell({ meanAge: 7, relays: [entry] });
    expect(tagsOf(nextRelays(harness))).toEqual([301, 302]);
    peers[1].tell({ meanAge: 7, relays: [entry] });
    const relayed = nextRelays(harness).find(({ tag }) => tag === 900);
    expect(relayed).toMatchObject({ cycle: 10, firstHand: false });
  });

  it('is passed on at once in an open swarm', () => {
    const { harness, peers } = heardBy(2, { relay: 2 });
    peers[0].tell({ meanAge: 7, relays: [{ tag: 900, cycle: 10, c: [21 * ONE] }] });
    expect(tagsOf(nextRelays(harness))).toContain(900);
  });
});

/** Where everything counts the rows need not say so. */
function counts(harness: Harness, tag: number): boolean {
  return harness.node.parts.transport.table.uncounted === 0 || fieldOf(harness, tag, COUNTED) === 1;
}

describe('what counts in the mean', () => {
  /**
   * A node that hears `direct` peers and was told of `relayed` others, each by `witnesses` relays first hand. Five bits
   * of a relay's tag are its mark among the witnesses.
   */
  function countedOf(direct: number, relayed: number, witnesses: number, settings = {}): number {
    const { harness, peers } = heardBy(direct, settings, (i) => ((i + 1) << 27) | (301 + i));
    for (let w = 0; w < witnesses; w++) {
      for (let from = 0; from < relayed; from += 16) {
        const relays = Array.from({ length: Math.min(16, relayed - from) }, (_, i) => {
          return { tag: 2000 + from + i, cycle: 10, c: [21 * ONE] };
        });
        peers[w].tell({ relays });
      }
    }
    harness.cycle();
    const { table } = harness.node.parts.transport;
    expect(table.count).toBe(1 + direct + relayed);
    for (const peer of peers) expect(counts(harness, peer.tag), 'heard directly').toBe(true);
    const counted = Array.from({ length: relayed }, (_, i) => counts(harness, 2000 + i)).filter(Boolean).length;
    expect(table.uncounted).toBe(relayed - counted);
    return counted;
  }

  it('is half as many relayed as heard, where enough first-hand witnesses hear them too', () => {
    expect(countedOf(12, 10, 12)).toBe(6);
    expect(countedOf(12, 5, 12)).toBe(5);
  });

  it('is two relayed at least, with two witnesses', () => {
    expect(countedOf(3, 4, 3)).toBe(2);
  });

  it('is none of those with a single witness, below 16 heard', () => {
    expect(countedOf(15, 10, 1)).toBe(0);
  });

  it('is a sixteenth of those heard, however many tags one relay invents', () => {
    expect(countedOf(33, 30, 1)).toBe(2);
  });

  it('is everything in an open swarm', () => {
    expect(countedOf(3, 9, 1, { relay: 2 })).toBe(9);
  });
});
