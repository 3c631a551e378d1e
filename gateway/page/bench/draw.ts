/** How long Chromium draws a day, by the page's own chart and by what it is measured against. */
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Browser } from 'playwright-core';
import { median } from './median.ts';

export interface DrawRow {
  what: string;
  points: number;
  /** Median over the runs. */
  draw_ms: number;
  worst_ms: number;
}

const RUNS = 9;
/** A point a second, a point each 10 s, and what the page asks for. */
const POINTS = [86_400, 8640, 1500];

/** Bundled from the source: the built page shows nothing of its inside. */
async function chartScript(root: string): Promise<string> {
  const result = await build({
    stdin: {
      contents: "export { TimeChart } from './gateway/page/src/charts/time-chart.ts';",
      resolveDir: root,
      loader: 'ts',
    },
    bundle: true,
    format: 'iife',
    globalName: 'charts',
    minify: true,
    write: false,
    target: 'es2022',
    absWorkingDir: join(root),
  });
  return result.outputFiles[0]?.text ?? '';
}

/**
 * Runs in the browser, so it is text: the programs of this project are type-checked without a browser's names. Each run
 * ends when the pixels are there, which reading one of them forces.
 */
const MEASURE = `(kind, points, runs) => {
  const time_s = Array.from({ length: points }, (_, i) => (1.7e9 + (i * 86400) / points));
  const agreed = time_s.map((t, i) => 21 + Math.sin(t / 9000) + Math.sin(i * 12.9898) * 0.05);
  const own = agreed.map((v, i) => v + Math.sin(i * 78.233) * 0.1);
  const spread = agreed.map((v, i) => 0.02 + Math.abs(Math.sin(i * 3.7)) * 0.02);
  const shown = { columns: { time_s, agreed, own, spread }, from_s: time_s[0], to_s: time_s.at(-1), spans: [] };
  const uplot = async () => {
    const value = document.body.appendChild(document.createElement('div'));
    const below = document.body.appendChild(document.createElement('div'));
    value.style.width = '820px';
    const start = performance.now();
    new charts.TimeChart({ value, spread: below }, shown, () => undefined);
    await Promise.resolve();
    for (const canvas of document.querySelectorAll('canvas')) canvas.getContext('2d').getImageData(0, 0, 1, 1);
    return performance.now() - start;
  };
  const svg = async () => {
    const place = document.body.appendChild(document.createElement('div'));
    const start = performance.now();
    const line = (column, top, height, least, most) => '<polyline fill="none" stroke="teal" points="' +
      column.map((v, i) => ((i / points) * 820).toFixed(1) + ',' + (top + height * (1 - (v - least) / (most - least))).toFixed(1)).join(' ') + '"/>';
    place.innerHTML = '<svg width="820" height="320">' + line(agreed, 0, 220, 19.8, 22.2) + line(own, 0, 220, 19.8, 22.2) +
      line(spread, 224, 90, 0, 0.05) + '</svg>';
    // A frame begins, and the task after it comes when it has been painted.
    await new Promise((done) => requestAnimationFrame(() => { const c = new MessageChannel(); c.port1.onmessage = done; c.port2.postMessage(0); }));
    return performance.now() - start;
  };
  return (async () => {
    const all = [];
    for (let run = 0; run < runs; run++) {
      all.push(await (kind === 'uplot' ? uplot() : svg()));
      document.body.replaceChildren();
      await new Promise((done) => setTimeout(done, 20));
    }
    return all;
  })();
}`;

export async function* measureDraw(browser: Browser, root: string): AsyncGenerator<DrawRow> {
  const script = await chartScript(root);
  for (const [kind, what] of [
    ['uplot', 'the page (uPlot)'],
    ['svg', 'SVG lines'],
  ] as const) {
    for (const points of POINTS) {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      await page.setContent('<!doctype html><body></body>');
      await page.addScriptTag({ content: script });
      const taken = await page.evaluate<number[]>(`(${MEASURE})('${kind}', ${points}, ${RUNS})`);
      await page.close();
      yield { what, points, draw_ms: median(taken), worst_ms: Math.max(...taken) };
    }
  }
}
