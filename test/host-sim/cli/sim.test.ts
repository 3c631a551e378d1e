import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sim } from '../../../host-sim/cli/main.ts';
import { fakeEngine, fakeSurroundings } from '../fakes.ts';
import type { FakeFaults, FakeSurroundings } from '../fakes.ts';
import { folderWith } from '../scenario/helpers.ts';

const run = (words: string, around: FakeSurroundings, faults: FakeFaults = {}, sha256?: string): Promise<number> =>
  sim(words.split(' ').filter(Boolean), around, () => Promise.resolve(fakeEngine(faults, sha256)));

interface Event {
  type: string;
  [field: string]: unknown;
}

const events = (around: FakeSurroundings): Event[] =>
  around.stdout.text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Event);

describe('plain output', () => {
  it('is a line for the scenario, one each ten cycles, and the table', async () => {
    const around = fakeSurroundings(folderWith());
    expect(await run('lan-8 --cycles 25', around)).toBe(0);
    const lines = around.stdout.text.trimEnd().split('\n');
    expect(lines[0]).toBe('lan-8, 8 nodes, lan, loss 60 %, seed 1, relay safe');
    expect(lines[1]).toMatch(/^cycle {5}10 {3}spread {5}3\.13 % {3}bias .* worst node {4}#4 .* up {5}8 /);
    expect(lines[2]).toMatch(/^cycle {5}20 /);
    expect(lines.at(-1)).toBe('again      npm run sim -- lan-8 --cycles 25 --seed 1');
    expect(around.stdout.text).not.toContain('\u001b');
  });

  it('runs lan-50 when nobody says what to run, and keeps the seed that was given', async () => {
    const around = fakeSurroundings(folderWith());
    await run('--seed 9 --cycles 3', around);
    expect(around.stdout.text).toContain('lan-50, 50 nodes');
    expect(around.stdout.text).toContain('npm run sim -- --seed 9 --cycles 3\n');
  });

  it('lists scenarios and helps', async () => {
    const around = fakeSurroundings(folderWith());
    expect(await run('--list', around)).toBe(0);
    expect(around.stdout.text).toMatch(/\noffice-days +Three days of a real office/);
    const helped = fakeSurroundings(folderWith());
    expect(await run('--help', helped)).toBe(0);
    expect(helped.stdout.text).toContain('Usage: npm run sim -- [scenario] [flags]');
  });
});

describe('--json', () => {
  it('is an event a line: start, each cycle, summary', async () => {
    const around = fakeSurroundings(folderWith(), { columns: 80, rows: 24 });
    expect(await run('lan-8 --cycles 3 --json', around)).toBe(0);
    const all = events(around);
    expect(all.map(({ type }) => type)).toEqual(['start', 'cycle', 'cycle', 'cycle', 'summary']);
    expect(all[0]).toMatchObject({ seed: 1, scenario: { name: 'lan-8', nodes: 8 } });
    expect(all[0].bundle_sha256).toHaveLength(64);
    expect(all[1]).toMatchObject({ cycle: 1, nodes_up: 8, keys: [{ worst_node: 2 }] });
    expect(all[1]).not.toHaveProperty('node_digests');
    expect(all[4]).toMatchObject({ cycles: 3, seed: 1, cycles_to_4lsb: null });
  });
});

describe('the live view', () => {
  it('redraws, and ends with the table', async () => {
    const around = fakeSurroundings(folderWith(), { columns: 80, rows: 24 });
    expect(await run('lan-8 --cycles 30 --fast', around)).toBe(0);
    expect(around.stdout.text).toContain('\u001b[');
    expect(around.stdout.text).toContain('cycle 30/30');
    expect(around.stdout.text).toMatch(/agreed {5}within 1 % from cycle 14\n/);
  });

  it('is not for a dumb terminal', async () => {
    const around = { ...fakeSurroundings(folderWith(), { columns: 80, rows: 24 }), env: { TERM: 'dumb' } };
    await run('lan-8 --cycles 10', around);
    expect(around.stdout.text).not.toContain('\u001b[');
  });

  it('waits between cycles at the pace that was asked for', async () => {
    const around = fakeSurroundings(folderWith(), { columns: 80, rows: 24 });
    let looks = 0;
    const clock_ms = (): number => {
      looks++;
      return 0;
    };
    expect(await run('lan-8 --cycles 3 --pace 1000', { ...around, now_ms: clock_ms })).toBe(0);
    expect(looks).toBeGreaterThan(3);
  });
});

describe('Ctrl-C', () => {
  it.each(['', ' --json'])('ends with what there is so far, and code 130 (%j)', async (more) => {
    const around = fakeSurroundings(folderWith());
    const onStep = (cycle: number): void => {
      if (cycle === 5) around.interrupt();
    };
    expect(await run(`lan-8${more}`, around, { onStep })).toBe(130);
    if (more === '') expect(around.stdout.text).toContain('stopped    after 5 of 200 cycles');
    else expect(events(around).at(-1)).toMatchObject({ type: 'summary', cycles: 5 });
  });

  it('shows the cursor again', async () => {
    const around = fakeSurroundings(folderWith(), { columns: 80, rows: 24 });
    const onStep = (cycle: number): void => {
      if (cycle === 5) around.interrupt();
    };
    expect(await run('lan-8 --fast', around, { onStep })).toBe(130);
    const { text } = around.stdout;
    expect(text.lastIndexOf('\u001b[?25h')).toBeGreaterThanOrEqual(text.lastIndexOf('\u001b[?25l'));
  });
});

describe('--record and --replay', () => {
  const recorded = async (words = 'lan-8 --cycles 12 --seed 5'): Promise<string> => {
    const cwd = folderWith();
    await run(`${words} --record run.jsonl`, fakeSurroundings(cwd));
    return cwd;
  };

  it('writes a header, and eight digits for each node and cycle', async () => {
    const [header, first, ...rest] = readFileSync(join(await recorded(), 'run.jsonl'), 'utf8')
      .trimEnd()
      .split('\n');
    expect(JSON.parse(header)).toMatchObject({
      type: 'header',
      format: 1,
      scenario: { nodes: 8, seed: 5, cycles: 12 },
    });
    expect(JSON.parse(first)).toEqual({ cycle: 1, digests: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
    expect(rest).toHaveLength(11);
  });

  it('finds the same run the same', async () => {
    const around = fakeSurroundings(await recorded());
    expect(await run('--replay run.jsonl', around)).toBe(0);
    expect(around.stdout.text).toContain('replay     the same as the record in all 12 cycles');
    expect(around.stderr.text).toBe('');
  });

  it('stops at the first difference, and names cycle and node', async () => {
    const around = fakeSurroundings(await recorded());
    const strays = { cycle: 7, node: 3 };
    expect(await run('--replay run.jsonl', around, { strays })).toBe(1);
    expect(around.stdout.text).toMatch(/first difference in cycle 7, node 3: recorded [0-9a-f]{8}, now [0-9a-f]{8}/);
    const json = fakeSurroundings(around.cwd);
    expect(await run('--replay run.jsonl --json', json, { strays })).toBe(1);
    expect(events(json).slice(-2)).toMatchObject([
      { type: 'difference', cycle: 7, node: 3 },
      { type: 'summary', cycles: 7 },
    ]);
  });

  it('warns of another firmware', async () => {
    const around = fakeSurroundings(await recorded());
    expect(await run('--replay run.jsonl', around, {}, 'beef'.repeat(16))).toBe(0);
    expect(around.stderr.text).toBe(
      'sim: warning: the record was made with firmware bundle c0ffee00c0ffee00, and this is beefbeefbeefbeef\n',
    );
  });

  it('replays a run that was interrupted as far as it goes', async () => {
    const cwd = folderWith();
    const recording = fakeSurroundings(cwd);
    const onStep = (cycle: number): void => {
      if (cycle === 4) recording.interrupt();
    };
    expect(await run('lan-8 --record run.jsonl', recording, { onStep })).toBe(130);
    const around = fakeSurroundings(cwd);
    expect(await run('--replay run.jsonl', around)).toBe(0);
    expect(around.stdout.text).toContain('in all 4 cycles');
  });

  const edited = async (edit: (lines: string[]) => string[]): Promise<string> => {
    const cwd = await recorded();
    const lines = readFileSync(join(cwd, 'run.jsonl'), 'utf8').trimEnd().split('\n');
    writeFileSync(join(cwd, 'run.jsonl'), `${edit(lines).join('\n')}\n`);
    return cwd;
  };

  it.each<[string, (lines: string[]) => string[], string]>([
    ['what is no record', () => ['hello'], 'run.jsonl:1: this is not a line of a record; make one with --record FILE'],
    ['no header', (lines) => lines.slice(1), 'run.jsonl:1: this is not the header of a record'],
    ['an empty one', (lines) => lines.slice(0, 1), 'run.jsonl: the record holds no cycle'],
    [
      'a cut line',
      (lines) => [...lines.slice(0, 3), lines[3].slice(0, 40)],
      'run.jsonl:4: this is not a line of a record',
    ],
    [
      'a gap',
      (lines) => lines.filter((_, i) => i !== 5),
      'run.jsonl:6: cycle is 6; it must be 5: cycles follow each other',
    ],
    [
      'a short line',
      (lines) => lines.map((line, i) => (i === 4 ? line.replace(/[0-9a-f]{8}"/, '"') : line)),
      'run.jsonl:5: digests must be 8 hexadecimal digits for each node, 64 in all',
    ],
    [
      'a later format',
      (lines) => [lines[0].replace('"format":1', '"format":2'), ...lines.slice(1)],
      'run.jsonl:1: the record has format 2; this program reads format 1',
    ],
    [
      'a scenario that is none',
      (lines) => [lines[0].replace('"loss":0.6', '"loss":6'), ...lines.slice(1)],
      'run.jsonl:1: loss is 6; it must be a number from 0 to 1',
    ],
  ])('refuses %s', async (_, edit, says) => {
    await expect(run('--replay run.jsonl', fakeSurroundings(await edited(edit)))).rejects.toThrow(says);
  });

  it('refuses a record that is not there', async () => {
    await expect(run('--replay none', fakeSurroundings(folderWith()))).rejects.toThrow(
      '--replay none: cannot be read: there is no such file',
    );
  });

  it.each(['--record', '--plot'])('refuses a %s that cannot be written, before the run', async (flag) => {
    const onStep = (): void => {
      throw new Error('it ran');
    };
    await expect(run(`lan-8 ${flag} no/such/file`, fakeSurroundings(folderWith()), { onStep })).rejects.toThrow(
      /cannot be written: there is no such folder/,
    );
  });
});
