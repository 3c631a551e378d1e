/** The table of peers as a structure: slots move, and each peer's fields, values and ranks move with it. */
import { describe, expect, it } from 'vitest';
import { DIFF_NONE } from '../../../firmware/fixed/diff.ts';
import { NONE } from '../../../firmware/platform.ts';
import {
  addDirectPeer,
  addRelayedPeer,
  agePeers,
  createPeerTable,
  findPeer,
  networkAge,
  PEAK_START,
  removePeer,
} from '../../../firmware/transport/peers.ts';
import { AGE, DIRECT_AGE, PACE, PEAK, ROW, SOURCE, TAG } from '../../../firmware/types/table.ts';
import type { PeerTable } from '../../../firmware/types/table.ts';
import { createRandom } from '../../../host-sim/world/random.ts';

interface Aged {
  direct: number;
  pace?: number;
  held?: number;
}

function tableOf(ages: Aged[]): PeerTable {
  const table = createPeerTable(8, 1);
  ages.forEach(({ direct, pace = 1, held = direct }, i) => {
    const at = addDirectPeer(table, 50 + i) * ROW;
    table.rows[at + AGE] = held;
    table.rows[at + DIRECT_AGE] = direct;
    table.rows[at + PACE] = pace;
  });
  table.direct = ages.filter(({ direct }) => direct !== NONE).length;
  return table;
}

const fieldsOf = (table: PeerTable, field: number): number[] =>
  Array.from({ length: table.count - 1 }, (_, i) => table.rows[(i + 1) * ROW + field]);

describe('ages', () => {
  it('grow by the nominal cycles that passed', () => {
    const table = tableOf([{ direct: 3 }, { direct: NONE, held: 5 }]);
    agePeers(table, 100, 8);
    expect(fieldsOf(table, AGE)).toEqual([11, 13]);
    expect(fieldsOf(table, DIRECT_AGE)).toEqual([11, NONE]);
    expect(table.direct).toBe(1);
  });

  it('have a mean over all held, rounded down', () => {
    const meanOf = (ages: Aged[]): number => {
      const table = tableOf(ages);
      agePeers(table, 100, 1);
      return table.meanAge;
    };
    expect(meanOf([{ direct: 1 }, { direct: 2 }, { direct: 6 }])).toBe(4);
    expect(meanOf([{ direct: 1 }, { direct: 2 }])).toBe(2);
    expect(meanOf([])).toBe(0);
  });

  it('judge the network by the three peers heard last, each in its own sends', () => {
    expect(networkAge(tableOf([{ direct: 40 }, { direct: 3 }, { direct: 16, pace: 8 }, { direct: 7 }]))).toBe(4);
    expect(networkAge(tableOf([{ direct: 90 }, { direct: 90 }]))).toBe(0);
    expect(networkAge(tableOf([{ direct: 9 }, { direct: 9 }, { direct: NONE, held: 1 }, { direct: 9 }]))).toBe(9);
  });
});

describe('comings and goings', () => {
  /** What the test writes into a new slot: all of it follows from the tag. */
  function fill(table: PeerTable, slot: number, tag: number): void {
    table.rows[slot * ROW + SOURCE] = 5 * tag;
    for (let place = 0; place < 2 * table.keys; place++)
      table.values[slot * 2 * table.keys + place] = (place + 2) * tag;
  }

  function isWhole(table: PeerTable, tag: number): boolean {
    const slot = findPeer(table, tag);
    const first = slot * 2 * table.keys;
    const values = [...table.values.subarray(first, first + 2 * table.keys)];
    return (
      table.rows[slot * ROW + TAG] === tag &&
      table.rows[slot * ROW + SOURCE] === 5 * tag &&
      values.every((value, place) => value === (place + 2) * tag)
    );
  }

  it('over 5,000 steps at random lose nothing', () => {
    const random = createRandom(11);
    const table = createPeerTable(20, 2);
    const known = new Set<number>();
    for (let step = 0; step < 5000; step++) {
      if (random.below(2) === 0 && known.size < 20) {
        const tag = 1 + random.below(0x7fffff);
        if (known.has(tag)) continue;
        const slot = random.below(2) === 0 ? addDirectPeer(table, tag) : addRelayedPeer(table, tag);
        expect(table.values[slot * 4], 'a new slot holds nothing').toBe(DIFF_NONE);
        fill(table, slot, tag);
        known.add(tag);
      } else if (known.size > 0) {
        const slot = 1 + random.below(known.size);
        known.delete(table.rows[slot * ROW + TAG]);
        removePeer(table, slot);
      }
      expect(table.count).toBe(1 + known.size);
      for (const tag of known) expect(isWhole(table, tag), `tag ${tag} in step ${step}`).toBe(true);
      for (let base = 0; base < 2 * table.capacity; base += table.capacity) {
        const order = [...table.order.subarray(base, base + table.count)].sort((a, b) => a - b);
        expect(order, `order in step ${step}`).toEqual(order.map((_, i) => i));
      }
    }
  });

  it('find no tag that is gone', () => {
    const table = createPeerTable(4, 1);
    removePeer(table, addDirectPeer(table, 50));
    expect(findPeer(table, 50)).toBe(NONE);
  });

  it('begin with the longest patience, and with nothing of who was there before', () => {
    const table = createPeerTable(1, 1);
    fill(table, addDirectPeer(table, 50), 50);
    const slot = addDirectPeer(table, 51);
    expect(table.rows[slot * ROW + PEAK]).toBe(PEAK_START);
    expect([table.rows[slot * ROW + SOURCE], table.values[2 * slot]]).toEqual([0, DIFF_NONE]);
  });

  it('let a relayed peer into a table with room alone', () => {
    const table = createPeerTable(1, 1);
    expect(addRelayedPeer(table, 50)).toBe(1);
    expect(addRelayedPeer(table, 51)).toBe(NONE);
    expect(addDirectPeer(table, 52)).toBe(1);
    expect(findPeer(table, 50)).toBe(NONE);
  });
});
