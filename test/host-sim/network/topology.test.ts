import { describe, expect, it } from 'vitest';
import type { Links } from '../../../host-sim/network/links.ts';
import { linksOf } from '../../../host-sim/network/links.ts';
import { buildNetworks } from '../../../host-sim/network/topology.ts';
import type { Networks } from '../../../host-sim/network/topology.ts';
import { createRandom } from '../../../host-sim/world/random.ts';
import type { Scenario } from '../../../host-sim/world/scenario.ts';
import { scenarioOf } from '../world/base.ts';

const built = (over: Partial<Scenario>, seed = 1): Networks =>
  buildNetworks(scenarioOf(over), null, createRandom(seed));

/** Who hears each node. */
function hearers({ off, to, nodes }: Links): number[][] {
  return Array.from({ length: nodes }, (_, i) => [...to.subarray(off[i], off[i + 1])]);
}

function reached(links: Links): number {
  const rows = hearers(links);
  const seen = new Set([0]);
  for (const node of seen) for (const other of rows[node]) seen.add(other);
  return seen.size;
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

describe('linksOf', () => {
  it('lays rows one behind the other', () => {
    const links = linksOf([
      [[1, 0.5]],
      [],
      [
        [0, 0.25],
        [1, 1],
      ],
    ]);
    expect(links.nodes).toBe(3);
    expect([...links.off]).toEqual([0, 1, 1, 3]);
    expect([...links.to]).toEqual([1, 0, 1]);
    expect([...links.delivery]).toEqual([0.5, 0.25, 1]);
  });
});

describe('a LAN', () => {
  it('lets everyone hear everyone else, with the scenario’s loss', () => {
    const { lan, medium, gateway, site } = built({ nodes: 5, loss: 0.6 });
    expect(hearers(lan)).toEqual(range(0, 5).map((i) => range(0, 5).filter((j) => j !== i)));
    expect(new Set(lan.delivery)).toEqual(new Set([0.4]));
    expect([medium, gateway.includes(true), new Set(site)]).toEqual([null, false, new Set([0])]);
  });
});

describe('a ring', () => {
  it('lets each node hear its two neighbours', () => {
    expect(hearers(built({ topology: 'ring', nodes: 5 }).lan)).toEqual([
      [1, 4],
      [0, 2],
      [1, 3],
      [2, 4],
      [0, 3],
    ]);
  });

  it('of two is a pair, of one nothing', () => {
    expect(hearers(built({ topology: 'ring', nodes: 2 }).lan)).toEqual([[1], [0]]);
    expect(hearers(built({ topology: 'ring', nodes: 1 }).lan)).toEqual([[]]);
  });
});

describe('a mesh', () => {
  it('is connected, whatever the seed, even where it is thin', () => {
    for (let seed = 0; seed < 30; seed++) {
      expect(reached(built({ topology: 'mesh', nodes: 100, degree: 8 }, seed).lan), `seed ${seed}`).toBe(100);
    }
    for (let seed = 0; seed < 4; seed++) {
      expect(reached(built({ topology: 'mesh', nodes: 60, degree: 2 }, seed).lan), `thin, seed ${seed}`).toBe(60);
    }
  });

  it('has the mean number of neighbours that the scenario says', () => {
    const { lan } = built({ topology: 'mesh', nodes: 100, degree: 8 });
    expect(lan.to.length / 100).toBeCloseTo(8, 1);
  });

  it('is heard both ways', () => {
    const rows = hearers(built({ topology: 'mesh', nodes: 100, degree: 8 }).lan);
    rows.forEach((row, i) => {
      for (const j of row) expect(rows[j], `${i} hears ${j}`).toContain(i);
    });
  });

  it('joins neighbours in space: who hears a node mostly hears its neighbours too', () => {
    const rows = hearers(built({ topology: 'mesh', nodes: 100, degree: 8 }).lan);
    let closed = 0;
    let open = 0;
    rows.forEach((row) => {
      for (const a of row) {
        for (const b of row) {
          if (a >= b) continue;
          if (rows[a].includes(b)) closed++;
          else open++;
        }
      }
    });
    // 0.59 in a random geometric graph, 0.08 where links are drawn at random.
    expect(closed / (closed + open)).toBeGreaterThan(0.4);
  });

  it('is drawn anew by another seed', () => {
    const of = (seed: number): number[][] => hearers(built({ topology: 'mesh', nodes: 30, degree: 6 }, seed).lan);
    expect(of(1)).toEqual(of(1));
    expect(of(1)).not.toEqual(of(2));
  });
});

describe('sites', () => {
  const over = { topology: 'sites', nodes: 20, sites: 4, gateways: 2, loss: 0.6 } as const;

  it('are LANs of their own', () => {
    const { lan, site } = built(over);
    expect([...site]).toEqual(range(0, 20).map((i) => Math.floor(i / 5)));
    hearers(lan).forEach((row, i) => {
      expect(row).toEqual(range(0, 20).filter((j) => j !== i && site[j] === site[i]));
    });
  });

  it('have gateways, which hear those of all other sites over the medium, and nobody else does', () => {
    const { medium, gateway, site } = built(over);
    expect(gateway.flatMap((is, i) => (is ? [i] : []))).toEqual([0, 1, 5, 6, 10, 11, 15, 16]);
    if (medium === null) throw new Error('sites without a medium');
    hearers(medium).forEach((row, i) => {
      expect(row).toEqual(gateway[i] ? range(0, 20).filter((j) => gateway[j] && site[j] !== site[i]) : []);
    });
  });

  it('lose on the medium as in the LAN, or what the scenario says', () => {
    expect(new Set(built(over).medium?.delivery)).toEqual(new Set([0.4]));
    expect(new Set(built({ ...over, medium_loss: 0 }).medium?.delivery)).toEqual(new Set([1]));
    expect(new Set(built({ ...over, medium_loss: 0.75 }).medium?.delivery)).toEqual(new Set([0.25]));
  });
});

describe('measured links', () => {
  const table = { nodes: [3, 7, 9], delivery: Float64Array.of(0, 0.5, 0, 0.25, 0, 1, 0, 0, 0) };
  const of = (loss: number): Links =>
    buildNetworks(scenarioOf({ topology: 'links', nodes: 3, loss }), table, createRandom(1)).lan;

  it('deliver what was measured, and what never arrived is no link', () => {
    expect(hearers(of(0))).toEqual([[1], [0, 2], []]);
    expect([...of(0).delivery]).toEqual([0.5, 0.25, 1]);
  });

  it('lose the scenario’s share on top', () => {
    expect([...of(0.5).delivery]).toEqual([0.25, 0.125, 0.5]);
  });

  it('need a table', () => {
    expect(() => built({ topology: 'links' })).toThrow(
      'topology "links" needs a table of links; give one with --links FILE',
    );
  });
});
