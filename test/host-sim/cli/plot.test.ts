import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sim } from '../../../host-sim/cli/main.ts';
import { plotSvg } from '../../../host-sim/cli/plot.ts';
import { fakeEngine, fakeSummary, fakeSurroundings } from '../fakes.ts';
import { folderWith, load } from '../scenario/helpers.ts';

const { scenario } = load(['lan-8']);
const falling = Array.from({ length: 200 }, (_, i) => 100 * 0.8 ** i);
const series = { spreads_pct: falling, biases_pct: falling.map((value) => -value / 10) };
const svg = plotSvg(scenario, series, fakeSummary());

/** The points of both curves: bias first, spread over it. */
const curves = (text: string): [number, number][][] =>
  [...text.matchAll(/points="([^"]*)"/g)].map(([, points]) =>
    points.split(' ').map((point) => point.split(',').map(Number) as [number, number]),
  );

const height = (text: string): number => Number(/height="(\d+)"/.exec(text)?.[1]);

describe('the plot', () => {
  it('stands alone: no script, no style from elsewhere, no background', () => {
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox=/);
    expect(svg).not.toMatch(/<script|<image|href|url\(|<rect/);
  });

  it('names scenario, axes, both curves and the firmware', () => {
    for (const text of [
      'lan-8',
      'cycle',
      'spread of the agreed values',
      '|bias| of their mean',
      'firmware c0ffee00c0ff',
    ]) {
      expect(svg).toContain(`>${text}</text>`);
    }
    for (const label of ['100 %', '10 %', '1 %', '0.1 %', '0.0001 %', '50', '200']) expect(svg).toContain(`>${label}<`);
  });

  it('draws every cycle of both, falling on a logarithmic axis', () => {
    const [bias, spread] = curves(svg);
    expect(bias).toHaveLength(200);
    expect(spread).toHaveLength(200);
    const steps = spread.slice(1, 40).map(([, y], i) => y - spread[i][1]);
    for (const step of steps) expect(step).toBeCloseTo(steps[0], 0);
    expect(steps[0]).toBeGreaterThan(0);
  });

  it.each<[string, number[]]>([
    ['nothing but agreement', [0, 0, 0]],
    ['a single cycle', [50]],
    ['far off', [1e6, 1e5]],
    ['very long', Array.from({ length: 8640 }, (_, i) => (i === 5000 ? 90 : 1))],
  ])('keeps inside the picture: %s', (_, values) => {
    const text = plotSvg(scenario, { spreads_pct: values, biases_pct: values }, fakeSummary({ cycles_to_1pct: null }));
    expect(text).not.toContain('NaN');
    expect(text).toContain('>not within 1 %<');
    const [points] = curves(text);
    expect(points.length).toBeLessThanOrEqual(1000);
    for (const [, y] of points) {
      expect(y).toBeGreaterThan(0);
      expect(y).toBeLessThan(height(text));
    }
  });

  it('keeps a single bad cycle of a long run', () => {
    const values = Array.from({ length: 8640 }, (_, i) => (i === 5000 ? 90 : 1));
    const [points] = curves(plotSvg(scenario, { spreads_pct: values, biases_pct: values }, fakeSummary()));
    const tops = points.map(([, y]) => y);
    expect(tops.filter((y) => y === Math.min(...tops))).toHaveLength(1);
  });

  it('escapes a name', () => {
    expect(plotSvg({ ...scenario, name: 'a<b>&c' }, series, fakeSummary())).toContain('>a&lt;b&gt;&amp;c</text>');
  });

  it('is written when the run ends', async () => {
    const around = fakeSurroundings(folderWith());
    await sim(['lan-8', '--cycles', '9', '--plot', 'p.svg'], around, () => Promise.resolve(fakeEngine()));
    expect(readFileSync(join(around.cwd, 'p.svg'), 'utf8')).toContain('</svg>');
  });
});
