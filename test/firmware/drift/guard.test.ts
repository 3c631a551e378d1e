/** The guard, as a node's cycle shows it: exact figures on examples that a reader can follow, then plain definitions. */
import { describe, expect, it } from 'vitest';
import type { KeySettings } from '../../../firmware/node.ts';
import { createRandom } from '../../../host-sim/world/random.ts';
import { foundAmong, smallKey } from './among.ts';
import type { Found } from './among.ts';
import { naiveGuard } from './naive-guard.ts';

const NONE = -1;
const ESTIMATORS = ['huber', 'hodges-lehmann', 'trimmed'];

/** As `checkSettings` has it. */
const VALUE_MAX = 0x7fffffff;
const FLOOR_MAX = VALUE_MAX >> 4;
const SPAN_MAX = VALUE_MAX >> 1;

/** What a node finds that holds these contributions; one of them, where `own` says so, is its own. */
function located(values: number[], key: Partial<KeySettings> = {}, own = NONE): Found {
  const at = values.indexOf(own);
  const peers = values.filter((_, i) => i !== at).map((c) => ({ c }));
  return foundAmong({ own, peers, key });
}

describe('below six contributions', () => {
  it('each one moves the own value by its distance, at most the span', () => {
    // From 200: -100, 0, 100, 200 -> 100, 300 -> 100; their mean is 40.
    expect(located([100, 200, 300, 400, 500], { span: 100 }, 200)).toMatchObject({ n: 5, med: 200, x: 240 });
  });

  it('the median stands in where there is no own value', () => {
    expect(located([100, 200, 600], { span: 100 })).toMatchObject({ med: 200, x: 200 });
  });

  it('one value is the mean', () => {
    expect(located([700], {}, 700)).toMatchObject({ n: 1, x: 700, cap: 1000, reject: 2000 });
  });

  it.each([
    { values: [0, 1], own: 0, x: 1 },
    { values: [0, 1], own: 1, x: 1 },
    { values: [0, 0, 1], own: 0, x: 0 },
    { values: [0, 1, 1], own: 1, x: 1 },
  ])('rounds to the nearest, halves up: $values seen from $own', ({ values, own, x }) => {
    expect(located(values, {}, own).x).toBe(x);
  });
});

describe('with six contributions or more', () => {
  // Median 12 (of 12 and 13, rounded down); distances 2, 1, 0, 1, 2 and the last; MAD 1; cap 3 + 48/6 = 11; reject 22.
  const honest = [10, 11, 12, 13, 14];

  it('all within the cap count whole', () => {
    expect(located([...honest, 15])).toMatchObject({ n: 6, med: 12, cap: 11, reject: 22, x: 13 });
  });

  it.each([
    { last: 23, x: 14, what: 'at the cap counts whole: 12 + 11/6' },
    { last: 34, x: 14, what: 'at two caps counts as one at the cap: 12 + 11/6' },
    { last: 35, x: 12, what: 'beyond two caps is left out: 12 + 0/5' },
    { last: 1_000_000, x: 12, what: 'far beyond is left out' },
  ])('one $what', ({ last, x }) => {
    expect(located([...honest, last]).x).toBe(x);
  });

  it('the floor stands in for a MAD below it', () => {
    // MAD 3 instead of 0: cap 9 + 144/6 = 33, so that of a distance of 40 a sixth of 33 remains.
    expect(located([50, 50, 50, 50, 50, 90], { floor: 3 })).toMatchObject({ cap: 33, reject: 66, x: 56 });
  });

  it('the span limits the cap, and ends where contributions are left out', () => {
    expect(located([...honest, 16], { span: 4 })).toMatchObject({ cap: 4, reject: 4, x: 13 });
    expect(located([...honest, 17], { span: 4 })).toMatchObject({ cap: 4, reject: 4, x: 12 });
  });

  it('the span leaves out what two caps of a widened MAD would reach', () => {
    // Median 35, distances 5 5 5 15 15 25 25 35 55 165: MAD 20, cap 60 + 960/10 = 156, and two of them 312.
    const values = [0, 10, 20, 30, 30, 40, 50, 60, 90, 200];
    expect(located(values), '35 + 171/10').toMatchObject({ med: 35, cap: 156, reject: 312, x: 52 });
    expect(located(values, { span: 160 }), '330/9').toMatchObject({ cap: 156, reject: 160, x: 37 });
  });

  it('the cap stays right where contributions lie thousands of units apart', () => {
    // In units of 2^26: median 15, distances 15 7 2 2 7 15, MAD 7, cap 21 + 56; the span of 2^30 - 1 ends it before.
    const values = [0, 8, 13, 17, 22, 30].map((value) => value * 2 ** 26);
    expect(located(values, { span: SPAN_MAX, high: VALUE_MAX })).toMatchObject({
      cap: SPAN_MAX,
      reject: SPAN_MAX,
      x: 15 * 2 ** 26,
    });
  });

  it('two halves farther apart than twice the span have their middle as the result', () => {
    expect(located([0, 0, 0, 100, 100, 100], { span: 40 })).toMatchObject({ med: 50, reject: 40, x: 50 });
  });

  it('the result is never negative', () => {
    expect(located([0, 0, 0, 0, 0, 0]).x).toBe(0);
  });
});

describe('guard off', () => {
  it('gives the exact mean of whatever is sent', () => {
    expect(located([0, 0, 0, 0, 0, 600_000], { guard: false }).x).toBe(100_000);
    expect(located([0, 600_000], { guard: false }, 0).x).toBe(300_000);
  });

  it('is exact at the ends of the range', () => {
    const values = [0, 0, VALUE_MAX, VALUE_MAX, VALUE_MAX, VALUE_MAX, VALUE_MAX];
    expect(located(values, { guard: false, high: VALUE_MAX }).x).toBe(Math.round((5 * VALUE_MAX) / 7));
  });
});

it('nothing held gives no result', () => {
  expect(located([])).toMatchObject({ n: 0, x: NONE, med: NONE, t: NONE });
});

it('a contribution without a value does not count', () => {
  expect(foundAmong({ own: 100, peers: [{ c: NONE }, { c: 200 }, { c: NONE }] })).toMatchObject({ n: 2, x: 150 });
});

describe.each(ESTIMATORS)('%s', (name) => {
  const estimator = ESTIMATORS.indexOf(name);

  it('gives what its plain definition gives, on 600 random sets', () => {
    const random = createRandom(21);
    for (let set = 0; set < 600; set++) {
      const n = 6 + random.below(60);
      const width = 2 ** (1 + random.below(31));
      const values = Array.from({ length: n }, () => random.below(width));
      // Some far out, so that caps and the span matter.
      for (let i = random.below(4); i > 0; i--) values[random.below(n)] = random.below(VALUE_MAX);
      const key = smallKey({
        estimator,
        high: VALUE_MAX,
        reference: random.below(2) * random.below(VALUE_MAX),
        floor: 1 + random.below(Math.min(width, FLOOR_MAX)),
        span: Math.min(SPAN_MAX, Math.max(FLOOR_MAX, width) + random.below(width)),
      });
      const { x, med, cap, reject } = located(values, key);
      expect({ x, med, cap, reject }, `set ${set}: ${values.join()}`).toEqual(naiveGuard(values, key));
    }
  });

  it('is moved by a liar among seven no farther than the span', () => {
    const random = createRandom(22);
    for (let set = 0; set < 100; set++) {
      const honest = Array.from({ length: 6 }, () => 5000 + random.below(1000));
      const results = [0, 2500, 5500, 8000, 1_000_000].map((lie) => {
        return located([...honest, lie], { estimator, span: 1600 }).x;
      });
      expect(Math.max(...results) - Math.min(...results)).toBeLessThanOrEqual(1600);
    }
  });
});
