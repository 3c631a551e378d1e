import { describe, expect, it } from 'vitest';
import { admit, createRateLimit, renewBudget } from '../../../firmware/transport/rate.ts';
import { FakePeer, heldOf } from '../fake-peer.ts';
import { createHarness, ONE } from '../harness.ts';

/** Sources that stand in different buckets with this salt. */
function sourcesApart(count: number, peers: number, salt: number): number[] {
  const sources: number[] = [];
  for (let source = 1; source < 1000 && sources.length < count; source++) {
    const rate = createRateLimit(peers, salt);
    for (const other of sources) admit(rate, other);
    admit(rate, source);
    if (Math.max(...rate.buckets) === 1) sources.push(source);
  }
  return sources;
}

describe('admit', () => {
  it('lets 16 datagrams of one source through in a cycle', () => {
    const rate = createRateLimit(64, 7);
    const admitted = Array.from({ length: 40 }, () => admit(rate, 5)).filter(Boolean);
    expect(admitted).toHaveLength(16);
  });

  it('lets others through while one source floods', () => {
    const [flooder, other] = sourcesApart(2, 64, 7);
    const rate = createRateLimit(64, 7);
    for (let i = 0; i < 1000; i++) admit(rate, flooder);
    expect(admit(rate, other)).toBe(true);
  });

  it('lets 64 and 4 for each peer of the table through in all', () => {
    const rate = createRateLimit(10, 7);
    let admitted = 0;
    for (let source = 1; source <= 2000; source++) if (admit(rate, source)) admitted++;
    expect(admitted).toBe(64 + 4 * 10);
  });

  it('begins anew with each budget', () => {
    const rate = createRateLimit(64, 7);
    for (let i = 0; i < 40; i++) admit(rate, 5);
    renewBudget(rate, 1);
    expect(admit(rate, 5)).toBe(true);
    expect(rate.all).toBe(1);
  });

  it('lets eight times as many through where a run lasts eight cycles', () => {
    const rate = createRateLimit(10, 7);
    renewBudget(rate, 8);
    expect(Array.from({ length: 300 }, () => admit(rate, 5)).filter(Boolean)).toHaveLength(8 * 16);
    for (let source = 1; source <= 5000; source++) admit(rate, source);
    expect(rate.all).toBe(8 * (64 + 4 * 10));
  });

  it('deals sources to buckets by a salt, so that nobody can aim at another one', () => {
    const bucketOf = (salt: number): number => {
      const rate = createRateLimit(64, salt);
      admit(rate, 5);
      return rate.buckets.indexOf(1);
    };
    expect(new Set(Array.from({ length: 20 }, (_, salt) => bucketOf(salt))).size).toBeGreaterThan(5);
  });

  it('does not count what it refuses', () => {
    const rate = createRateLimit(64, 7);
    for (let i = 0; i < 40; i++) admit(rate, 5);
    expect(rate.all).toBe(16);
  });
});

describe('a node under flood', () => {
  function flooded(): { harness: ReturnType<typeof createHarness>; known: FakePeer[] } {
    const harness = createHarness({ settings: { table: 16 } });
    const known = Array.from({ length: 8 }, (_, i) => new FakePeer(harness, 11 + i));
    for (let i = 0; i < 60; i++) {
      harness.cycle();
      for (const peer of known) peer.tell({ c: [peer === known[0] ? 90 * ONE : 20 * ONE] });
    }
    harness.cycle();
    const { rate } = harness.node.parts.transport;
    const greeting = new FakePeer(harness, 777).datagram({ c: null });
    for (let source = 10_000; source < 11_000; source++) {
      if (rate.all <= rate.limit / 2) harness.deliver(greeting, source);
    }
    expect(rate.all).toBeGreaterThan(rate.limit / 2);
    return { harness, known };
  }

  it('serves trusted peers beyond half of the budget', () => {
    expect(flooded().known[1].tell()).toBe('none');
  });

  it('does not serve peers that it does not trust', () => {
    const { harness, known } = flooded();
    expect(known[0].tell({ c: [90 * ONE] })).toBe('rate');
    expect(harness.dropped('rate')).toBe(1);
  });

  it('does not serve strangers', () => {
    const { harness } = flooded();
    expect(new FakePeer(harness, 999).tell()).toBe('rate');
  });

  it('serves everyone again with the next cycle', () => {
    const { harness } = flooded();
    harness.cycle();
    expect(new FakePeer(harness, 999).tell()).toBe('none');
  });

  it('refuses the 17th datagram of a source and changes nothing but the count', () => {
    const harness = createHarness();
    const peer = new FakePeer(harness, 11);
    for (let i = 0; i < 16; i++) expect(peer.tell({ c: [20 * ONE] })).toBe('none');
    expect(peer.tell({ c: [30 * ONE] })).toBe('rate');
    expect(heldOf(harness, peer.tag)).toBe(20 * ONE);
    expect(harness.dropped('rate')).toBe(1);
  });
});
