import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { PageServer } from '../../../gateway/http/options.ts';
import { buildPage } from '../../../gateway/page/build.mjs';
import { CHROMIUM_ARGUMENTS, findChromium } from '../../../gateway/page/demo/browser.ts';
import type { FakeCore } from '../../../gateway/page/demo/fake-core.ts';
import { demoServer } from '../../../gateway/page/demo/serve.ts';

const executablePath = findChromium(process.env);
const there = executablePath !== '' && existsSync(executablePath);
if (!there) {
  process.stderr.write(
    'SKIPPED: the tests of the page need Chromium (`apt-get install chromium`, or name it in CHROMIUM)\n',
  );
}

/** The fake swarm's cycles come faster than its clock says: a minute of what-if takes five seconds. */
const ADVANCE_MS = 80;

describe.skipIf(!there)('the page in Chromium', () => {
  const folder = mkdtempSync(join(tmpdir(), 'page-'));
  let browser: Browser;
  let core: FakeCore;
  let server: PageServer;
  let timer: NodeJS.Timeout;
  const faults: string[] = [];

  async function serve(port = 0, password?: string): Promise<void> {
    ({ server, core } = demoServer({ page_dir: folder, port, ...(password === undefined ? {} : { password }) }));
    core.advance();
    await server.listen();
    const running = core;
    timer = setInterval(() => running.advance(), ADVANCE_MS);
  }

  async function stop(): Promise<void> {
    clearInterval(timer);
    await server.close();
  }

  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })).newPage();
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => {
      if (/content security policy/i.test(message.text())) faults.push(message.text());
    });
    await page.goto(server.address.url);
    await page.waitForSelector('.card-value:not(:empty)');
    return page;
  }

  beforeAll(async () => {
    await buildPage(folder);
    browser = await chromium.launch({ executablePath, args: CHROMIUM_ARGUMENTS });
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });
  beforeEach(async () => {
    faults.length = 0;
    await serve();
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    await stop();
    expect(faults).toEqual([]);
  });

  test('loads and shows the values, the peers, the sources and the sites of the snapshot', async () => {
    const page = await open();
    clearInterval(timer);
    const snapshot = core.advance();
    const temperature = snapshot.keys[0].agreed?.toFixed(2) ?? '';
    await page.waitForFunction(`document.querySelector('.card-value').textContent === '${temperature}'`);
    expect(await page.textContent('h1')).toBe(snapshot.site);
    expect(await page.locator('.card').count()).toBe(snapshot.keys.length);
    expect(await page.locator('#peers tbody tr').count()).toBe(snapshot.peers.length);
    expect(await page.locator('#peers tbody tr').first().textContent()).toContain('46');
    expect(await page.textContent('#sources')).toContain('nothing for 6 minutes');
    expect(await page.textContent('#sites')).toContain('Harbour');
    expect(await page.textContent('.alarm')).toContain('Warning: the guard leaves out');
    expect(await page.locator('.strip .dot').count()).toBe(snapshot.keys[0].contributions.length);
    expect(await page.getAttribute('.strip', 'aria-label')).toMatch(/13 contributions to temperature: .*1 left out/);
  });

  test('another key, another range: the charts follow, and the table has the figures', async () => {
    const page = await open();
    await page.click('[data-key="humidity"]');
    expect(await page.textContent('#history-title')).toBe('humidity over time');
    const asked = page.waitForRequest(/humidity\/history/);
    await page.check('input[value="86400"]', { force: true });
    const { searchParams } = new URL((await asked).url());
    expect(Number(searchParams.get('to')) - Number(searchParams.get('from'))).toBe(86_400_000);
    await page.waitForFunction(
      `/in the last 24.h: between/.test(document.querySelector('.plot').getAttribute('aria-label'))`,
    );
    await page.click('#history summary');
    await expect.poll(() => page.locator('#history tbody tr').count()).toBeGreaterThan(5);
  });

  test('the what-if starts, shows its effect, and stops', async () => {
    const page = await open();
    const start = page.locator('#what-if-start');
    expect(await start.textContent()).toBe('Drop 60 % for 1 minute');
    // The fake minute is over in seconds, which a busy machine may take to get here.
    await page.selectOption('#what-if-time', '300');
    expect(await start.textContent()).toBe('Drop 60 % for 5 minutes');
    await start.click();
    await page.waitForSelector('text=/Dropping 60.%: \\d:\\d\\d left/');
    expect(core.latest()?.what_if?.loss).toBe(0.6);
    const figures = async (): Promise<number[]> =>
      (await page.locator('.effect dd').allTextContents()).map((text) => parseFloat(text));
    await expect.poll(async () => (await figures())[2] / (await figures())[0]).toBeGreaterThan(3);
    await page.waitForSelector('.drops >> text=thrown away by the what-if');
    // The focus has gone on to the button that took the place of the one pressed.
    expect(await page.evaluate('document.activeElement.id')).toBe('what-if-stop');
    await page.keyboard.press('Enter');
    await page.waitForSelector('text=It has ended');
    expect(core.latest()?.what_if).toBe(null);
    expect(await start.isVisible()).toBe(true);
  });

  test('a gateway that goes away is told, and the page comes back by itself', async () => {
    const page = await open();
    const { port } = server.address;
    await stop();
    await page.waitForSelector('#live[data-state="away"] >> text=gateway away, trying again');
    await serve(port);
    core.alarms = [{ id: 'new', severity: 'error', since_ms: Date.now(), text: 'seen after the restart' }];
    await page.waitForSelector('#live[data-state="live"]');
    await page.waitForSelector('text=Error: seen after the restart');
  });

  test('a password is asked for once, and one can log out', async () => {
    await stop();
    await serve(0, 'correct horse');
    const page = await (await browser.newContext()).newPage();
    await page.goto(server.address.url);
    await page.fill('#password', 'wrong');
    await page.keyboard.press('Enter');
    await page.waitForSelector('text=That is not the password');
    await page.fill('#password', 'correct horse');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.card-value:not(:empty)');
    const { port } = server.address;
    await stop();
    await serve(port, 'correct horse');
    await page.waitForSelector('#live[data-state="live"]');
    await page.click('text=Log out');
    await page.waitForSelector('#password');
  });

  test('nothing scrolls sideways, from a small phone up', async () => {
    const page = await open({ viewport: { width: 360, height: 800 } });
    for (const width of [360, 390, 560, 768, 980, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
      const over_px = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      expect(over_px, `at ${width} px`).toBeLessThanOrEqual(0);
    }
  });

  test('on a phone each sensor’s reading is in sight', async () => {
    const page = await open({ viewport: { width: 360, height: 800 } });
    const cells = page.locator('#sources tbody td:nth-child(3)');
    expect(await cells.first().textContent()).toContain('°C');
    const box = await cells.first().boundingBox();
    expect((box?.x ?? NaN) + (box?.width ?? NaN)).toBeLessThanOrEqual(360);
  });

  test('without JavaScript it says so, and shows no empty frames', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(server.address.url);
    expect(await page.locator('.noscript').isVisible()).toBe(true);
    expect(await page.locator('.panel').first().isVisible()).toBe(false);
  });

  test('dark follows the system, and the button overrides it for good', async () => {
    const page = await open({ colorScheme: 'dark' });
    const ground = (): Promise<string> => page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
    const dark = await ground();
    await page.click('#theme');
    const light = await ground();
    expect(light).not.toBe(dark);
    await page.reload();
    expect(await ground()).toBe(light);
    await page.click('#theme');
    expect(await ground()).toBe(dark);
  });

  test.each(['light', 'dark'] as const)('axe finds nothing against WCAG 2.2 AA, %s', async (colorScheme) => {
    const page = await open({ colorScheme });
    clearInterval(timer);
    for (const summary of await page.locator('summary').all()) await summary.click();
    await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
    const found = await page.evaluate<{
      violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
    }>(`axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`);
    expect(found.violations.map(({ id, nodes }) => [id, nodes[0].html, nodes[0].failureSummary])).toEqual([]);
  });
});
