import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { afterEach, beforeAll, expect, test } from 'vitest';
import type { Snapshot } from '../../../gateway/view.ts';
import { projectRoot } from '../../../tools/cli/project-root.ts';
import { until } from '../support/wait.ts';

interface Started {
  folder: string;
  broker: string;
  pages: string[];
}

interface State {
  keys: { name: string; sites: Record<string, number | null>; spread: number | null; sensors_mean: number }[];
}

/** Sensors of the sites differ by 3 °C and more; the day moves while they agree. */
const CLOSE_C = 0.5;
const ROOT = projectRoot();
const PROGRAM = join(ROOT, 'build/bin/demo.mjs');

let demo: ChildProcess | null = null;
afterEach(() => demo?.kill('SIGKILL'));

function start(...args: string[]): { events: ({ type: string } & Record<string, unknown>)[]; ended: Promise<number> } {
  const child = spawn(process.execPath, [PROGRAM, '--json', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  demo = child;
  const events: ({ type: string } & Record<string, unknown>)[] = [];
  createInterface({ input: child.stdout }).on('line', (line) =>
    events.push(JSON.parse(line) as { type: string } & Record<string, unknown>),
  );
  return { events, ended: new Promise((resolve) => child.once('close', (code) => resolve(code ?? -1))) };
}

/** The what-if, on a gateway that runs: it says that it does so, and counts what it threw away. */
async function throwsAway(page: string): Promise<void> {
  const asked = await fetch(`${page}/api/what-if`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ loss: 0.6, seconds: 30 }),
  });
  expect(asked.status).toBe(202);
  await until('datagrams that were thrown away', async () => {
    const { what_if, drops } = (await (await fetch(`${page}/api/state`)).json()) as Snapshot;
    return what_if?.loss === 0.6 && drops['what-if'] > 0;
  });
}

beforeAll(() => expect(existsSync(PROGRAM)).toBe(true));

test('three sites agree on the mean of all sensors, and Ctrl-C leaves nothing behind', async () => {
  const { events, ended } = start();
  await until('its start', () => events.some(({ type }) => type === 'started'));
  const started = events[0] as unknown as Started;
  expect(started.pages).toHaveLength(3);
  const newest = (): State['keys'][0] | undefined => (events.at(-1) as unknown as Partial<State>).keys?.[0];
  await until('all sites close to the mean of all sensors', () => {
    const key = newest();
    if (key === undefined) return false;
    return Object.values(key.sites).every((each) => each !== null && Math.abs(each - key.sensors_mean) < CLOSE_C);
  });
  for (const page of started.pages) {
    const snapshot = (await (await fetch(`${page}/api/state`)).json()) as Snapshot;
    expect(snapshot.peers).toHaveLength(5);
    expect(snapshot.sites).toHaveLength(2);
    expect(snapshot.keys[0].contributions.map(({ verdict }) => verdict)).not.toContain('not-counted');
    expect(Math.abs((snapshot.keys[0].agreed ?? NaN) - (newest()?.sensors_mean ?? NaN))).toBeLessThan(2 * CLOSE_C);
  }
  await throwsAway(started.pages[0]);
  demo?.kill('SIGINT');
  expect(await ended).toBe(130);
  expect(events.at(-1)).toEqual({ type: 'ended', code: 130 });
  expect(existsSync(started.folder)).toBe(false);
  for (const page of started.pages) await expect(fetch(page)).rejects.toThrow();
});

test('a demo that is killed takes its gateways with it', async () => {
  const { events, ended } = start('--seconds', '600');
  await until('its start', () => events.some(({ type }) => type === 'started'));
  const { pages, folder } = events[0] as unknown as Started;
  demo?.kill('SIGKILL');
  await ended;
  const answers = (page: string): Promise<boolean> =>
    fetch(page).then(
      () => true,
      () => false,
    );
  await until('its gateways to end', async () => !(await Promise.all(pages.map(answers))).includes(true));
  rmSync(folder, { recursive: true, force: true });
});
