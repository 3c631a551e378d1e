/** The duplicate filter: lost, doubled and overtaken datagrams leave the newest in place, and a sender that starts anew is heard again. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Message, VectorSettings } from '../../vectors/format.ts';
import { encode } from '../../vectors/reference-codec.ts';
import type { Harness } from '../harness.ts';
import { peerOf } from '../inspect.ts';
import { expectInvariants } from '../invariants.ts';
import { reason, receiverOf, viewOf } from './vector-receiver.ts';

const TAG = 0x7a7a7a7a;
const SOURCE = 1;
const RESTART_IDS = 8;
/** Rate limit: a source's datagrams in a cycle. */
const RATE = 16;
/** The value of a datagram that is none of those counted. */
const NOT_ONE = 1000;

const SETTINGS: VectorSettings = {
  swarm: 'duplicates',
  keys: [{ name: 'a', reference: 0, low: 0, high: 2 ** 31 - 1, scope: 'site' }],
  shards: 1,
  seal_bytes: 0,
  relay: 'safe',
  site: '',
  swarm_id: 0,
  shard_of: [0],
};

/** Its value is the number of the datagram, so that the one in place can be told. `bare`: without a state diff. */
function datagram(cycle: number, number: number, bare = false): DataView {
  const diff_vector = [{ key: 'a', c: number, b: number }];
  const messages: Message[] = bare ? [] : [{ type: 'sdm', shard_id: 0, drift_weight: 65_536, diff_vector }];
  return viewOf(encode({ flags: [], tag: TAG, cycle, held: 0, mean_age: 0, pace: 1, messages }, SETTINGS));
}

/** Delivers one after the other, with a cycle in between before the rate limit speaks; tells what became of each. */
function deliverAll(harness: Harness, list: DataView[]): string[] {
  return list.map((view, i) => {
    if (i % RATE === RATE - 1) harness.cycle();
    return reason(harness.deliver(view, SOURCE));
  });
}

function inPlace(harness: Harness): { number: number | null | undefined; cycle: number | undefined } {
  const peer = peerOf(harness.node.parts, TAG);
  return { number: peer?.c[0], cycle: peer?.directCycle };
}

/** Where the sender's ids begin: anywhere, and near the place where they wrap. */
const start = fc.oneof(
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  fc.integer({ min: 2 ** 31 - 40, max: 2 ** 31 - 1 }),
  fc.integer({ min: -20, max: 20 }),
);

/** The way of datagrams 0, 1, 2, ...: each comes never, once or up to three times, and up to `late` places late. */
function way(late: number): fc.Arbitrary<number[]> {
  const journey = fc.array(fc.array(fc.nat(late), { maxLength: 3 }), { minLength: 1, maxLength: 60 });
  return journey.map((delays) => {
    const arrivals = delays.flatMap((copies, number) => copies.map((delay) => ({ number, at: number + delay })));
    return arrivals.sort((one, other) => one.at - other.at).map(({ number }) => number);
  });
}

describe('duplicate filter', () => {
  it('leaves the newest in place while datagrams are at most a few places late', () => {
    // Overtaken by at most seven ids, no eight of them below the newest can come in rising order.
    fc.assert(
      fc.property(start, way(RESTART_IDS - 1), (first, order) => {
        const harness = receiverOf(SETTINGS);
        let newest = -1;
        const reasons = deliverAll(
          harness,
          order.map((number) => datagram((first + number) | 0, number)),
        );
        const expected = order.map((number) => {
          if (number <= newest) return 'stale';
          newest = number;
          return 'none';
        });
        expect(reasons).toEqual(expected);
        if (newest >= 0) expect(inPlace(harness)).toEqual({ number: newest, cycle: (first + newest) | 0 });
        expectInvariants(harness.node.parts);
      }),
      { numRuns: 500 },
    );
  });

  it('never goes back to an id that is not the eighth of a rising row', () => {
    // Rising rows of all lengths. Bare ones, without a state diff, move the filter like any other and leave the value.
    const row = fc.record({ from: fc.nat(40), length: fc.integer({ min: 1, max: 9 }), bare: fc.boolean() });
    const arrivals = fc
      .array(row, { minLength: 1, maxLength: 12 })
      .map((rows) =>
        rows.flatMap(({ from, length, bare }) => Array.from({ length }, (_, i) => ({ number: from + i, bare }))),
      );
    fc.assert(
      fc.property(start, arrivals, (first, order) => {
        const harness = receiverOf(SETTINGS);
        const views = order.map(({ number, bare }, i) => datagram((first + number) | 0, i, bare));
        const reasons = deliverAll(harness, [datagram((first - 1) | 0, NOT_ONE), ...views]);
        let rising: number[] = [];
        let newest = -1;
        let value = NOT_ONE;
        const expected = order.map(({ number, bare }, i) => {
          if (number > newest) rising = [];
          else rising = rising.length > 0 && number > rising[rising.length - 1] ? [...rising, number] : [number];
          if (number <= newest && rising.length < RESTART_IDS) return 'stale';
          newest = number;
          rising = [];
          if (!bare) value = i;
          return 'none';
        });
        expect(reasons).toEqual(['none', ...expected]);
        expect(inPlace(harness)).toEqual({ number: value, cycle: (first + newest) | 0 });
      }),
      { numRuns: 1_000 },
    );
  });

  it('hears a sender again that counts anew, with the eighth datagram that arrives', () => {
    const lost = fc
      .array(fc.boolean(), { minLength: 20, maxLength: 40 })
      .filter((flags) => flags.filter(Boolean).length > 10);
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 2 ** 31 - 1 }), lost, (before, arrives) => {
        const harness = receiverOf(SETTINGS);
        deliverAll(harness, [datagram(before, 0)]);
        const anew = arrives.flatMap((arrived, cycle) => (arrived ? [cycle] : []));
        const reasons = deliverAll(
          harness,
          anew.map((cycle) => datagram(cycle, cycle)),
        );
        expect(reasons).toEqual(anew.map((_, i) => (i < RESTART_IDS - 1 ? 'stale' : 'none')));
        expect(inPlace(harness).cycle).toBe(anew[anew.length - 1]);
      }),
    );
  });

  it('does not hear a sender again that repeats one and the same', () => {
    fc.assert(
      fc.property(start, fc.integer({ min: 1, max: 2 ** 30 }), (newest, behind) => {
        const harness = receiverOf(SETTINGS);
        deliverAll(harness, [datagram(newest, 1)]);
        const same = Array.from({ length: 40 }, () => datagram((newest - behind) | 0, 2));
        expect(new Set(deliverAll(harness, same))).toEqual(new Set(['stale']));
        expect(inPlace(harness).number).toBe(1);
      }),
    );
  });
});
