/**
 * The acceptance table of docs/drift.md, row by row, over 15 seeds that follow from the bundle's hash: fresh with every
 * change of the firmware, so nobody can have tuned on them, and the same for the same firmware.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dataFolder } from '../../host-sim/scenario/data.ts';

interface GridRow {
  name: string;
  scenario: string;
}

interface Result {
  type: string;
  name: string;
  pass: boolean;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SWEEP = join(ROOT, 'build', 'bin', 'sweep.mjs');
const OUTPUT_MAX = 16 * 1024 * 1024;

const folder = mkdtempSync(join(tmpdir(), 'lvs-acceptance-'));
const data = dataFolder(undefined, process.env, ROOT);
const hasOffice = existsSync(join(data, 'links.csv'));

const grid = JSON.parse(readFileSync(join(ROOT, 'host-sim/sweep/grids/acceptance.json'), 'utf8')) as {
  rows: GridRow[];
};
const needsOffice = (row: GridRow): boolean => row.scenario.startsWith('office');
const rows = grid.rows.filter((row) => hasOffice || !needsOffice(row));
let results = new Map<string, Result>();

/** The sweep as a user runs it; it exits with 1 when a row fails, and still tells them all. */
function sweep(file: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const args = ['--enable-source-maps', SWEEP, file, '--json', '--out', folder];
    execFile(process.execPath, args, { cwd: ROOT, maxBuffer: OUTPUT_MAX }, (error, stdout, stderr) => {
      if (error === null || error.code === 1) resolve(stdout);
      else reject(new Error(stderr));
    });
  });
}

beforeAll(async () => {
  const file = join(folder, 'acceptance.json');
  writeFileSync(file, JSON.stringify({ rows }));
  const events = (await sweep(file)).trim().split('\n');
  const parsed = events.map((line) => JSON.parse(line) as Result);
  results = new Map(parsed.filter(({ type }) => type === 'row').map((row) => [row.name, row]));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

if (!hasOffice) {
  // Its readings are not ours to ship: who does not have them is told which rows did not run, and passes the others.
  test.skip(`the office: its files are not at ${data}; docs/simulator.md says where to get them`);
}

test.each(rows.map(({ name }) => name))('%s', (name) => {
  const result = results.get(name);
  expect(result?.pass, JSON.stringify(result)).toBe(true);
});
