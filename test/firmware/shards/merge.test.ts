/** What a node makes of a diff vector: values taken, missing and refused. */
import { describe, expect, it } from 'vitest';
import { FakePeer } from '../fake-peer.ts';
import { createHarness, testKey } from '../harness.ts';
import type { Harness } from '../harness.ts';
import { peerOf } from '../inspect.ts';

const DIFF_NONE = -0x80000000;
const KEYS = [
  testKey({ name: 'a', low: 100, high: 200, reference: 150 }),
  testKey({ name: 'b', low: 0, high: 0x7fffffff, reference: 0 }),
  testKey({ name: 'c', low: 0, high: 1000, reference: 1000 }),
];
/** Header 18, message head 3, shard and weight 6. */
const AT_DIFFS = 27;

/** A node that was told these differences by its one peer, two for each key. */
function told(...diffs: number[]): Harness {
  const harness = createHarness({ settings: { keys: KEYS } });
  const view = new FakePeer(harness, 7).datagram();
  diffs.forEach((diff, i) => {
    view.setInt32(AT_DIFFS + 4 * i, diff);
  });
  expect(harness.deliver(view, 7)).toBe(0);
  return harness;
}

describe('a diff vector', () => {
  it('is taken as contribution and agreed value of each key, added to its reference', () => {
    const harness = told(10, -20, 700, 800, -300, -1000);
    expect(peerOf(harness.node.parts, 7)).toMatchObject({ c: [160, 700, 700], b: [130, 800, 0] });
    expect(harness.dropped('range')).toBe(0);
  });

  it.each([
    { diff: -50, value: 100, refused: 0 },
    { diff: -51, value: null, refused: 1 },
    { diff: 50, value: 200, refused: 0 },
    { diff: 51, value: null, refused: 1 },
    { diff: 0x7fffffff, value: null, refused: 1 },
    { diff: -0x7fffffff, value: null, refused: 1 },
    { diff: DIFF_NONE, value: null, refused: 0 },
  ])('with a contribution of $diff is held as $value', ({ diff, value, refused }) => {
    const harness = told(diff, 0, 0, 0, 0, 0);
    expect(peerOf(harness.node.parts, 7)?.c[0]).toBe(value);
    expect(harness.dropped('range')).toBe(refused);
  });

  it('counts each contribution that is refused, and takes the others', () => {
    const harness = told(51, 0, 5, 0, 1, 0);
    expect(peerOf(harness.node.parts, 7)?.c).toEqual([null, 5, null]);
    expect(harness.dropped('range')).toBe(2);
  });

  it('that says less than the one before takes what was held away', () => {
    const harness = told(10, 0, 5, 0, 0, 0);
    const view = new FakePeer(harness, 7).datagram({ cycle: 2 });
    for (let i = 0; i < 6; i++) view.setInt32(AT_DIFFS + 4 * i, DIFF_NONE);
    harness.deliver(view, 7);
    expect(peerOf(harness.node.parts, 7)).toMatchObject({ c: [null, null, null], b: [null, null, null] });
  });

  it('with agreed values outside the range moves nothing', () => {
    const harness = told(10, 0x7fffffff, 5, -0x7fffffff, 0, 1);
    for (let i = 0; i < 3; i++) {
      for (const tag of [7, 8, 9]) {
        const view = new FakePeer(harness, tag).datagram({ cycle: 10 + i });
        [10, 0x7fffffff, 5, -0x7fffffff, 0, 1].forEach((diff, at) => {
          view.setInt32(AT_DIFFS + 4 * at, diff);
        });
        harness.deliver(view, tag);
      }
      harness.cycle();
    }
    // Within one lsb: rounding is by chance.
    [160, 5, 1000].forEach((b, key) => {
      expect(Math.abs(harness.node.parts.state.b[key] - b)).toBeLessThanOrEqual(1);
    });
  });
});
