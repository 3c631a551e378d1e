/** What a gateway makes of the other sites' words: counted by site, guarded, and without what it brought in itself. */
import { claimOf } from '../inspect.ts';
import { describe, expect, it } from 'vitest';
import { ageSites, claimSites, createFederation, siteTable } from '../../../firmware/federation/federation.ts';
import type { Federation } from '../../../firmware/federation/federation.ts';
import { createShardState } from '../../../firmware/shards/state.ts';
import { setOwnClaim } from '../../../firmware/transport/gateways.ts';
import type { KeySettings } from '../../../firmware/node.ts';
import { api, testKey } from '../harness.ts';

const NONE = -1;
const VALUE_MAX = 0x7fffffff;

interface Site {
  mean: number;
  sensors: number;
}

/** Floor 1, span 1000; values up to a million unless the test says otherwise. */
const key = (over: Partial<KeySettings> = {}): KeySettings =>
  testKey({ floor: 1, span: 1000, low: 0, high: 1_000_000, reference: 0, scope: 1, ...over });

function hear(f: Federation, site: number, gateway: number, { mean, sensors }: Site): void {
  const table = siteTable(f, site);
  if (table === null) throw new Error(`no room for site ${site}`);
  setOwnClaim(table, gateway, 1, Int32Array.of(mean), Int32Array.of(sensors));
}

/** What a gateway of the site `own` claims in it, having heard one gateway of each other site. */
function claimed(own: Site, others: Site[], over: Partial<KeySettings> = {}): { value: number; weight: number } {
  const settings = { ...api.defaultSettings(), site: 'own', keys: [key(over)] };
  const f = createFederation(settings);
  others.forEach((site, i) => {
    hear(f, 100 + i, 1, site);
  });
  const state = createShardState(settings, 16);
  [state.x[0], state.sensors[0]] = [own.mean, own.sensors];
  claimSites(f, settings.keys, state);
  return { value: f.value[0], weight: f.weight[0] };
}

const sites = (sensors: number, ...means: number[]): Site[] => means.map((mean) => ({ mean, sensors }));

describe('a claim', () => {
  it('is the weighted mean of the other sites, and the sensors behind it', () => {
    expect(
      claimed({ mean: 100, sensors: 20 }, [
        { mean: 200, sensors: 30 },
        { mean: 300, sensors: 10 },
      ]),
    ).toEqual({
      value: 225,
      weight: 40,
    });
  });

  it('has nothing of the own site in it', () => {
    expect(claimed({ mean: 999, sensors: 10 }, sites(10, 200))).toEqual({ value: 200, weight: 10 });
  });

  it('is missing where no other site is heard', () => {
    expect(claimed({ mean: 100, sensors: 20 }, [])).toEqual({ value: NONE, weight: 0 });
  });

  it('is made by a site without sensors too', () => {
    expect(claimed({ mean: NONE, sensors: 0 }, sites(10, 200, 300))).toEqual({ value: 250, weight: 20 });
  });

  it('is not made for a key of scope "site"', () => {
    expect(claimed({ mean: 100, sensors: 20 }, sites(10, 200), { scope: 0 })).toEqual({ value: NONE, weight: 0 });
  });
});

describe('below six sites', () => {
  it('each one is clamped to the span around the median of all', () => {
    // Median of 100, 200 and 5000: 200. The last counts as 1200.
    expect(claimed({ mean: 100, sensors: 10 }, sites(10, 200, 5000))).toEqual({ value: 700, weight: 20 });
    // Five with the own 102: median 102, and 102 + (-2 - 1 + 0 + 1000) / 4.
    expect(claimed({ mean: 102, sensors: 10 }, sites(10, 100, 101, 102, 5000))).toEqual({ value: 351, weight: 40 });
  });
});

describe('with six sites or more', () => {
  it('the own one counts among the six', () => {
    expect(claimed({ mean: 102, sensors: 10 }, sites(10, 100, 101, 102, 103, 5000))).toEqual({
      value: 102,
      weight: 40,
    });
  });

  // With the own 102: median 102, MAD 1, cap 3 + 16/7 = 5, left out beyond 10.
  const honest = [100, 101, 102, 103, 104];
  const own = { mean: 102, sensors: 10 };

  it.each([
    { last: 106, value: 103, weight: 60, what: 'counts whole within the cap: 102 + 4/6' },
    { last: 112, value: 103, weight: 60, what: 'counts as one at the cap up to two caps: 102 + 5/6' },
    { last: 113, value: 102, weight: 50, what: 'is left out beyond' },
    { last: 1_000_000, value: 102, weight: 50, what: 'is left out far beyond' },
  ])('one $what', ({ last, value, weight }) => {
    expect(claimed(own, sites(10, ...honest, last))).toEqual({ value, weight });
  });

  it('the cap stays right where sites lie thousands of units apart', () => {
    // In units of 2^27, with the own 8: median 8, distances 0 6 7 7 7 7 7: MAD 7, cap 21 + 16: all count whole.
    const means = [1, 1, 1, 14, 15, 15].map((mean) => mean * 2 ** 27);
    const over = { high: VALUE_MAX, span: VALUE_MAX >> 1 };
    expect(claimed({ mean: 8 * 2 ** 27, sensors: 10 }, sites(10, ...means), over)).toEqual({
      value: Math.round((47 / 6) * 2 ** 27),
      weight: 60,
    });
  });
});

describe('the weight of a site', () => {
  it('is at most twice the median weight of the live sites', () => {
    // 10, 10, 10 and a million: the last counts as 20.
    const others = [...sites(10, 100, 100), { mean: 200, sensors: 1_000_000 }];
    expect(claimed({ mean: 100, sensors: 10 }, others)).toEqual({ value: 150, weight: 40 });
  });

  it('counts once, however many gateways speak for it', () => {
    const settings = { ...api.defaultSettings(), site: 'own', keys: [key()] };
    const f = createFederation(settings);
    for (const gateway of [1, 2, 3]) hear(f, 100, gateway, { mean: 200 + gateway, sensors: 10 });
    hear(f, 101, 1, { mean: 300, sensors: 10 });
    const state = createShardState(settings, 16);
    claimSites(f, settings.keys, state);
    expect([f.value[0], f.weight[0]], 'the median gateway of the first, and the second').toEqual([251, 20]);
  });

  it('one lying gateway of three changes nothing', () => {
    const withThird = (mean: number): number => {
      const settings = { ...api.defaultSettings(), site: 'own', keys: [key()] };
      const f = createFederation(settings);
      hear(f, 100, 1, { mean: 200, sensors: 10 });
      hear(f, 100, 2, { mean: 200, sensors: 10 });
      hear(f, 100, 3, { mean, sensors: 900 });
      claimSites(f, settings.keys, createShardState(settings, 16));
      return f.value[0] * f.weight[0];
    };
    expect([withThird(0), withThird(1_000_000)]).toEqual([2000, 2000]);
  });
});

describe('the sites', () => {
  const settings = { ...api.defaultSettings(), site: 'own', keys: [key()] };

  it('are 64 at the most', () => {
    const f = createFederation(settings);
    for (let site = 1; site <= 64; site++) expect(siteTable(f, site)).not.toBeNull();
    expect(siteTable(f, 65)).toBeNull();
    expect(siteTable(f, 64), 'one that is known').not.toBeNull();
  });

  it('are forgotten when none of their gateways is heard any more, and the others stay whole', () => {
    const f = createFederation(settings);
    for (const site of [1, 2, 3, 4]) hear(f, site, 9, { mean: 100 * site, sensors: site });
    for (let cycle = 0; cycle < 321; cycle++) {
      ageSites(f, 1);
      for (const site of [2, 4]) hear(f, site, 9, { mean: 100 * site, sensors: site });
    }
    expect([...f.sites.subarray(0, f.count)].sort()).toEqual([2, 4]);
    for (let i = 0; i < f.count; i++) {
      expect(f.tables[i].count).toBe(1);
      expect(claimOf(f.tables[i], 0, 0)).toEqual([100 * f.sites[i], f.sites[i]]);
    }
    expect(siteTable(f, 1)?.count, 'begins anew').toBe(0);
  });
});
