/** The pull through the peers' median (drift.md, "The cycle"), without dither. Small numbers: floor 1, span 1000. */
import { describe, expect, it } from 'vitest';
import { setOwnClaim } from '../../../firmware/transport/gateways.ts';
import { FakePeer } from '../fake-peer.ts';
import { createHarness, ONE } from '../harness.ts';
import { foundAmong, smallKey } from './among.ts';
import type { Case, Told } from './among.ts';

const NONE = -1;

/** Contributions 10 to 16, the node's own 13 among them: median and mean 13, MAD 2, cap 6 + 96/7 = 19. Shift 1. */
const SEVEN = [10, 11, 12, 14, 15, 16];
/** 10 to 18, the node's own 14 among them: median and mean 14, MAD 2, cap 6 + 96/9 = 16. Shift 2. */
const NINE = [10, 11, 12, 13, 15, 16, 17, 18];

const seven = (votes: number[]): Case => ({ own: 13, b: 5, peers: SEVEN.map((c, i) => ({ c, b: votes[i] ?? NONE })) });
const nine = (vote: number): Case => ({ own: 14, b: 5, peers: NINE.map((c) => ({ c, b: vote })) });
const all = (vote: number): number[] => new Array<number>(6).fill(vote);

describe('without enough votes', () => {
  it('the target itself is taken', () => {
    expect(foundAmong(seven([]))).toMatchObject({ x: 13, cap: 19, voters: 0, t: 13 });
  });

  it('two votes are too few', () => {
    expect(foundAmong(seven([20, 20]))).toMatchObject({ voters: 2, t: 13 });
  });
});

describe('with three votes or more', () => {
  it('goes half the way from their median to the mean with eight nodes or fewer, rounded down', () => {
    // Votes 20 x 6 and the target 13: the median is 20, the way -7, and -7/2 is -3.5.
    expect(foundAmong(seven(all(20)))).toMatchObject({ voters: 6, t: 20 - 4 });
    // The median is 6, the way 7.
    expect(foundAmong(seven(all(6)))).toMatchObject({ t: 6 + 3 });
  });

  it('goes a quarter of it with more, rounded down', () => {
    expect(foundAmong(nine(20)), 'the way is -6').toMatchObject({ voters: 8, t: 20 - 2 });
    expect(foundAmong(nine(9)), 'the way is 5').toMatchObject({ t: 9 + 1 });
  });

  it('does so wherever the node itself stood before', () => {
    for (const b of [NONE, 0, 15, 30, 900]) expect(foundAmong({ ...seven(all(20)), b }).t).toBe(16);
  });

  it('the target votes too', () => {
    // 2, 13, 20, 20, 30: the median is 20.
    expect(foundAmong(seven([20, 20, 2, 30]))).toMatchObject({ voters: 4, t: 16 });
    // 2, 2, 13, 20, 30: it is the target.
    expect(foundAmong(seven([20, 2, 2, 30]))).toMatchObject({ voters: 4, t: 13 });
  });

  it('the median of an even number is the mean of the middle two, rounded down', () => {
    // 2, 13, 20, 30: 16; the way to 13 is -3, and -3/2 is -1.5.
    expect(foundAmong(seven([2, 20, 30]))).toMatchObject({ voters: 3, t: 16 - 2 });
    // 1, 2, 13, 20: 7; the way is 6.
    expect(foundAmong(seven([2, 20, 1]))).toMatchObject({ voters: 3, t: 7 + 3 });
  });

  it('votes at all distances count with the guard off', () => {
    expect(foundAmong({ ...seven(all(900)), key: { guard: false } })).toMatchObject({ voters: 6, t: 900 - 444 });
  });
});

describe('a vote', () => {
  const votersWith = (change: Partial<Told>): number => {
    const peers: Told[] = SEVEN.map((c) => ({ c, b: 13 }));
    peers[2] = { ...peers[2], ...change };
    return foundAmong({ own: 13, peers, b: 5 }).voters;
  };

  it.each([
    { what: 'of an honest peer counts', change: {}, voters: 6 },
    { what: 'heard 4 cycles ago counts', change: { age: 4 }, voters: 6 },
    { what: 'heard 5 cycles ago does not', change: { age: 5 }, voters: 5 },
    { what: 'at cap from the target counts', change: { b: 13 + 19 }, voters: 6 },
    { what: 'beyond cap from the target does not', change: { b: 13 + 20 }, voters: 5 },
    { what: 'of a peer whose own contribution is missing does not count', change: { c: NONE }, voters: 5 },
    { what: 'that is missing does not count', change: { b: NONE }, voters: 5 },
  ])('$what', ({ change, voters }) => {
    expect(votersWith(change)).toBe(voters);
  });

  it('of a peer whose own contribution is left out does not count', () => {
    // Median 14, distances 0 1 1 2 2 3 and far: MAD 2, cap 6 + 96/7 = 19, reject 38.
    const peersWith = (last: number): Told[] => [...SEVEN.slice(1), last].map((c) => ({ c, b: 14 }));
    expect(foundAmong({ own: 13, peers: peersWith(14 + 38), b: 5 })).toMatchObject({ reject: 38, voters: 6 });
    expect(foundAmong({ own: 13, peers: peersWith(14 + 39), b: 5 }).voters).toBe(5);
  });
});

describe('contributions', () => {
  it('that are missing are no part of the mean', () => {
    expect(foundAmong({ own: NONE, peers: SEVEN.map((c) => ({ c })) })).toMatchObject({ n: 6, x: 13 });
    expect(foundAmong({ own: 13, peers: [{ c: NONE }, { c: NONE }] })).toMatchObject({ n: 1, x: 13 });
  });

  it('none at all leave the agreed value where it is', () => {
    expect(foundAmong({ own: NONE, peers: [], b: 5 })).toMatchObject({ n: 0, target: NONE, t: 5 });
    expect(foundAmong({ own: NONE, peers: [{ c: NONE }], b: 5 })).toMatchObject({ n: 0, target: NONE, t: 5 });
  });

  it('are found in order again after they changed places', () => {
    const harness = createHarness({ settings: { keys: [smallKey()], alpha: 0 } });
    const peers = SEVEN.map((_, i) => new FakePeer(harness, 100 + i));
    const tell = (own: number, values: number[]): number => {
      harness.setReading(0, own);
      peers.forEach((peer, i) => peer.tell({ c: [values[i]], b: [NONE] }));
      harness.cycle();
      return harness.node.parts.state.x[0];
    };
    expect(tell(13, SEVEN)).toBe(13);
    // 9 11 12 14 15 40 41: median 14, MAD 3, cap 9 + 144/7 = 29: the plain mean 142/7.
    expect(tell(40, [41, 11, 12, 14, 15, 9])).toBe(20);
    expect(tell(13, SEVEN.toReversed())).toBe(13);
    expect(tell(1, [NONE, 3, NONE, 2, NONE, 4]), 'four of them: 1 + (0 + 1 + 2 + 3) / 4, halves up').toBe(3);
  });
});

describe('a node that leaves much of its swarm out of its mean', () => {
  /** Fifteen peers at 20.0 without votes, and two more by relay that do not count: more than a sixteenth. */
  function partial(b: number): number {
    const harness = createHarness({ settings: { alpha: 0 } });
    const peers = Array.from({ length: 15 }, (_, i) => new FakePeer(harness, 100 + i));
    harness.setReading(0, 20 * ONE);
    for (const peer of peers) peer.tell({ b: [NONE] });
    const relays = [900, 901].map((tag) => ({ tag, cycle: 5, c: [20 * ONE] }));
    peers[0].tell({ b: [NONE], relays });
    [harness.node.parts.state.b[0], harness.node.parts.state.life[0]] = [b, 0];
    harness.cycle();
    expect(harness.node.parts.transport.table.uncounted).toBe(2);
    return harness.node.parts.state.b[0];
  }

  it('keeps mostly to its own value where votes are missing', () => {
    expect(partial(20 * ONE + 160)).toBe(20 * ONE + 160 - 10);
  });

  it('keeps to it as far as the cap lets it', () => {
    // MAD is the floor of 655, cap 1965 + 31440/16 = 3930; and a sixteenth of that way.
    expect(partial(30 * ONE)).toBe(20 * ONE + 3930 - 246);
  });

  it('takes the target where it has no value', () => {
    expect(partial(NONE)).toBe(20 * ONE);
  });
});

describe('a key that sites share', () => {
  const shared = (key: Partial<Parameters<typeof smallKey>[0]>): number => {
    const harness = createHarness({ settings: { keys: [smallKey(key)], alpha: 0 } });
    harness.setReading(0, 13);
    for (const [i, c] of SEVEN.entries()) new FakePeer(harness, 100 + i).tell({ c: [c], b: [NONE] });
    setOwnClaim(harness.node.parts.transport.gateways, 9, 1, Int32Array.of(33), Int32Array.of(13));
    harness.cycle();
    return harness.node.parts.state.b[0];
  };

  it("is pulled to the weighted mean of the own site's and the gateways'", () => {
    expect(shared({ scope: 1 }), '(7 * 13 + 13 * 33) / 20').toBe(26);
    expect(shared({ scope: 0 })).toBe(13);
  });
});
