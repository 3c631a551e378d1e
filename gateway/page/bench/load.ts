/** What it takes to open the page: bytes by packing, and the time to the first paint and to the first value. */
import { get } from 'node:http';
import type { Browser, CDPSession } from 'playwright-core';
import { median } from './median.ts';

export interface BytesRow {
  packing: string;
  html_bytes: number;
  js_bytes: number;
  css_bytes: number;
  other_bytes: number;
}

export interface PaintRow {
  network: string;
  first_paint_ms: number;
  first_value_ms: number;
  /** From the press on “24 h” to the drawn day, the gateway's answer among it. */
  day_ms: number;
}

const LOADS = 5;
const HTML_PATHS = ['/'];

function bodyBytes(url: string, packing: string): Promise<{ bytes: number; text: string }> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { 'accept-encoding': packing } }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => {
        const body = Buffer.concat(parts);
        resolve({ bytes: body.length, text: body.toString('utf8') });
      });
    }).on('error', reject);
  });
}

export async function measureBytes(url: string, packing: string): Promise<BytesRow> {
  const { text } = await bodyBytes(`${url}/`, 'identity');
  const linked = [...text.matchAll(/(?:src|href)="(\/[\w./-]+\.(?:js|css|svg))"/g)].map((match) => match[1]);
  const row: BytesRow = { packing, html_bytes: 0, js_bytes: 0, css_bytes: 0, other_bytes: 0 };
  for (const path of new Set([...HTML_PATHS, ...linked])) {
    const { bytes } = await bodyBytes(`${url}${path}`, packing);
    if (path === '/') row.html_bytes += bytes;
    else if (path.endsWith('.js')) row.js_bytes += bytes;
    else if (path.endsWith('.css')) row.css_bytes += bytes;
    else row.other_bytes += bytes;
  }
  return row;
}

/** As Chromium's developer tools have them: a slow phone network, and a processor a quarter as fast. */
const SLOW = { offline: false, latency: 150, downloadThroughput: 204_800, uploadThroughput: 96_000 };
const SLOW_CPU = 4;

async function slowDown(session: CDPSession): Promise<void> {
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', SLOW);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOW_CPU });
}

const FIRST_PAINT = `new Promise((done) => {
  const found = () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime;
  const look = () => (found() === undefined ? setTimeout(look, 5) : done(found()));
  look();
})`;

/** Two frames after the answer: in the first it is drawn, the second begins when that is on the screen. */
const DAY = `new Promise((done) => {
  const start = performance.now();
  const seen = performance.getEntriesByType('resource').filter((one) => one.name.includes('/history?')).length;
  document.querySelector('input[value="86400"]').click();
  const look = () => {
    const now = performance.getEntriesByType('resource').filter((one) => one.name.includes('/history?')).length;
    if (now > seen) requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start)));
    else setTimeout(look, 1);
  };
  look();
})`;

export async function measurePaint(browser: Browser, url: string, network: 'loopback' | 'slow'): Promise<PaintRow> {
  const taken: Omit<PaintRow, 'network'>[] = [];
  for (let load = 0; load < LOADS; load++) {
    // A context of its own has nothing cached.
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    if (network === 'slow') await slowDown(await context.newCDPSession(page));
    await page.goto(url, { waitUntil: 'commit' });
    await page.waitForSelector('.card-value:not(:empty)');
    const first_value_ms = await page.evaluate<number>('performance.now()');
    const first_paint_ms = await page.evaluate<number>(FIRST_PAINT);
    const day_ms = await page.evaluate<number>(DAY);
    taken.push({ first_paint_ms, first_value_ms, day_ms });
    await context.close();
  }
  return {
    network: network === 'slow' ? 'slow phone (1.6 Mbit/s, 150 ms, CPU / 4)' : 'loopback',
    first_paint_ms: median(taken.map((one) => one.first_paint_ms)),
    first_value_ms: median(taken.map((one) => one.first_value_ms)),
    day_ms: median(taken.map((one) => one.day_ms)),
  };
}
