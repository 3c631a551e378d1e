import { describe, expect, it } from 'vitest';
import { joinSites, medianClaim } from '../../../firmware/drift/sites.ts';
import { NONE } from '../../../firmware/platform.ts';
import { createGatewayTable, setOwnClaim } from '../../../firmware/transport/gateways.ts';
import type { GatewayTable } from '../../../firmware/types/gateways.ts';

/** One gateway for each pair of value and weight. */
function gatewaysOf(claims: [number, number][]): GatewayTable {
  const table = createGatewayTable(1);
  claims.forEach(([value, weight], i) => {
    setOwnClaim(table, i + 1, 1, Int32Array.of(value), Int32Array.of(weight));
  });
  return table;
}

function medianOf(claims: [number, number][]): { value: number; weight: number } | null {
  const claim = { value: 0, weight: 0 };
  return medianClaim(gatewaysOf(claims), 0, claim) ? claim : null;
}

describe('the median claim', () => {
  it('is missing where nobody has one', () => {
    expect(medianOf([])).toBeNull();
    expect(medianOf([[NONE, 5]])).toBeNull();
  });

  it('of one is that one', () => {
    expect(medianOf([[100, 5]])).toEqual({ value: 100, weight: 5 });
  });

  it('of two is their mean, rounded down, with the smaller weight', () => {
    expect(
      medianOf([
        [100, 9],
        [103, 5],
      ]),
    ).toEqual({ value: 101, weight: 5 });
    expect(
      medianOf([
        [103, 5],
        [100, 9],
      ]),
    ).toEqual({ value: 101, weight: 5 });
  });

  it('of three is the middle one with its own weight, so that one liar changes nothing', () => {
    expect(
      medianOf([
        [5000, 900],
        [100, 5],
        [101, 6],
      ]),
    ).toEqual({ value: 101, weight: 6 });
    expect(
      medianOf([
        [0, 900],
        [100, 5],
        [101, 6],
      ]),
    ).toEqual({ value: 100, weight: 5 });
  });

  it('of four is the lower of the middle two', () => {
    expect(
      medianOf([
        [104, 4],
        [101, 1],
        [103, 3],
        [102, 2],
      ]),
    ).toEqual({ value: 102, weight: 2 });
  });

  it('among equal values is the earlier one', () => {
    expect(
      medianOf([
        [100, 1],
        [100, 2],
        [100, 3],
      ]),
    ).toEqual({ value: 100, weight: 2 });
  });

  it('leaves missing values out', () => {
    expect(
      medianOf([
        [NONE, 7],
        [100, 1],
        [NONE, 7],
        [200, 2],
      ]),
    ).toEqual({ value: 150, weight: 1 });
  });
});

describe('a site with the others', () => {
  const join = (x: number, n: number, claims: [number, number][]): number =>
    joinSites(gatewaysOf(claims), 0, x, n, { value: 0, weight: 0 });

  it('is (n x + W g) / (n + W), to the nearest', () => {
    expect(join(100, 10, [[200, 30]])).toBe(175);
    expect(join(100, 1, [[101, 1]])).toBe(101);
    expect(join(100, 2, [[101, 1]])).toBe(100);
  });

  it('is its own mean where no gateway speaks', () => {
    expect(join(100, 10, [])).toBe(100);
  });

  it('is what the gateways say where it has no sensors', () => {
    expect(join(NONE, 0, [[200, 30]])).toBe(200);
  });

  it('is not clamped to its own band: sites honestly differ', () => {
    expect(join(0, 1, [[0x7fffffff, 999_999]])).toBe(0x7fffffff - Math.round(0x7fffffff / 1_000_000));
  });
});
