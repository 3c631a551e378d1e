/** `npm run bench:page`: the page's size, its first paint, and a day of history drawn, in headless Chromium. */
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { createCommand, parseCommand } from '../../../tools/cli/commander.ts';
import { Failure } from '../../../tools/cli/errors.ts';
import { EXIT_FAILURE, EXIT_OK } from '../../../tools/cli/exit-codes.ts';
import { grouped } from '../../../tools/cli/numbers.ts';
import { writeAll, type Surroundings } from '../../../tools/cli/surroundings.ts';
import { textTable } from '../../../tools/cli/table.ts';
import { CHROMIUM_ARGUMENTS, findChromium } from '../demo/browser.ts';
import { demoServer } from '../demo/serve.ts';
import { type DrawRow, measureDraw } from './draw.ts';
import { type BytesRow, measureBytes, measurePaint, type PaintRow } from './load.ts';

type Row = ({ type: 'bytes' } & BytesRow) | ({ type: 'paint' } & PaintRow) | ({ type: 'draw' } & DrawRow);

/** What the page promises: JavaScript and style sheet with gzip, and a day at a point a second. */
const GZIP_BYTES_MAX = 100_000;
const DAY_POINTS = 86_400;
const DRAW_MS_MAX = 100;

const INTRO =
  'Measures the built page in headless Chromium: bytes by packing, first paint on loopback and on a slow phone, and a day ' +
  'of history drawn, beside SVG lines of the same points. Ends with 1 when a limit is passed: 100 KB with gzip, 100 ms.';

async function* measure(browser: Browser, root: string): AsyncGenerator<Row> {
  const { server, core } = demoServer({ page_dir: join(root, 'build', 'page') });
  core.advance();
  await server.listen();
  const timer = setInterval(() => core.advance(), 1000);
  try {
    const { url } = server.address;
    for (const packing of ['identity', 'gzip', 'br']) yield { type: 'bytes', ...(await measureBytes(url, packing)) };
    for (const network of ['loopback', 'slow'] as const) {
      yield { type: 'paint', ...(await measurePaint(browser, url, network)) };
    }
    for await (const row of measureDraw(browser, root)) yield { type: 'draw', ...row };
  } finally {
    clearInterval(timer);
    await server.close();
  }
}

function passed(row: Row): string {
  if (row.type === 'bytes' && row.packing === 'gzip' && row.js_bytes + row.css_bytes > GZIP_BYTES_MAX) {
    return `the page is larger than ${grouped(GZIP_BYTES_MAX)} bytes with gzip`;
  }
  if (
    row.type === 'draw' &&
    row.what.startsWith('the page') &&
    row.points === DAY_POINTS &&
    row.draw_ms > DRAW_MS_MAX
  ) {
    return `a day takes longer than ${DRAW_MS_MAX} ms to draw`;
  }
  return '';
}

const ms = (number: number): string => number.toFixed(1);

function report(rows: readonly Row[]): string {
  const bytes = rows.filter((row) => row.type === 'bytes');
  const paints = rows.filter((row) => row.type === 'paint');
  const draws = rows.filter((row) => row.type === 'draw');
  const sum = (row: BytesRow): number => row.html_bytes + row.js_bytes + row.css_bytes + row.other_bytes;
  return [
    textTable({
      columns: ['packing', 'HTML', 'JS', 'CSS', 'icon', 'all, bytes'],
      rows: bytes.map((row) => [
        row.packing,
        ...[row.html_bytes, row.js_bytes, row.css_bytes, row.other_bytes, sum(row)].map((number) => grouped(number)),
      ]),
    }),
    textTable({
      columns: ['network', 'first paint, ms', 'first value, ms', 'press 24 h to drawn, ms'],
      rows: paints.map((row) => [row.network, ms(row.first_paint_ms), ms(row.first_value_ms), ms(row.day_ms)]),
    }),
    textTable({
      columns: ['a day drawn by', 'points', 'median, ms', 'worst, ms'],
      rows: draws.map((row) => [row.what, grouped(row.points), ms(row.draw_ms), ms(row.worst_ms)]),
    }),
  ].join('\n');
}

export async function benchPage(argv: string[], around: Surroundings, root: string): Promise<number> {
  const command = createCommand('npm run bench:page --', around.stdout.columns)
    .description(INTRO)
    .option('--json', 'one row a line, as JSON');
  const help = parseCommand(command, argv);
  if (help !== '') {
    await writeAll(around.stdout, help);
    return EXIT_OK;
  }
  const { json } = command.opts<{ json?: boolean }>();
  const executablePath = findChromium(around.env);
  if (executablePath === '') {
    throw new Failure(
      'there is no Chromium here: `apt-get install chromium`, or name one in CHROMIUM, then run it again',
    );
  }
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_ARGUMENTS });
  const stop = around.onInterrupt(() => void browser.close());
  const rows: Row[] = [];
  try {
    for await (const row of measure(browser, root)) {
      rows.push(row);
      if (json === true) await writeAll(around.stdout, `${JSON.stringify(row)}\n`);
      else around.stderr.write(`bench:page: ${row.type} measured\n`);
    }
  } finally {
    stop();
    await browser.close();
  }
  if (json !== true) await writeAll(around.stdout, report(rows));
  const faults = rows.map(passed).filter((fault) => fault !== '');
  for (const fault of faults) around.stderr.write(`bench:page: ${fault}\n`);
  return faults.length === 0 ? EXIT_OK : EXIT_FAILURE;
}
