/** The command itself: what it prints in which dress, what it ends with, and what it says of words that it cannot use. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { checkMain } from '../../../tools/check/main.ts';
import { explain } from '../../../tools/cli/run-main.ts';

const TSCONFIG = JSON.stringify({
  compilerOptions: { target: 'ES2022', lib: ['ES2022'], module: 'ESNext', types: [], strict: true },
  include: ['**/*.ts'],
});

const CLEAN = '/** @cycle */\nexport function runCycle(a: number): number {\n  return a >> 1;\n}\n';

const FAULTY = `import { mean } from './mean.ts';

/** @cycle */
export function runCycle(a: number, n: number): number {
  return mean(a, n);
}
`;
const MEAN = 'export function mean(a: number, n: number): number {\n  const sum = a + n;\n  return sum / n;\n}\n';

const folders: string[] = [];

function project(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'lvs-check-'));
  folders.push(root);
  for (const [path, text] of Object.entries({ 'firmware/tsconfig.json': TSCONFIG, ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

class Memory extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

async function run(root: string, argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const stdout = new Memory();
  const stderr = new Memory();
  const around = { stdout, stderr, env, cwd: root, now_ms: () => 0, onInterrupt: () => () => undefined };
  try {
    const code = await checkMain(argv, around, root);
    return { code, stdout: stdout.text, stderr: stderr.text };
  } catch (error) {
    const { lines, code } = explain('check', error);
    return { code, stdout: stdout.text, stderr: stderr.text + lines.join('\n') };
  }
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

describe('npm run check', () => {
  it('ends with 0 and a summary on stderr where nothing is wrong', async () => {
    const result = await run(project({ 'firmware/node.ts': CLEAN }), []);
    expect(result).toEqual({
      code: 0,
      stdout: '',
      stderr: 'check: nothing found in 1 file, 1 function of cycle code\n',
    });
  });

  it('shows the place, the line, what to write, and how the cycle gets there', async () => {
    const root = project({ 'firmware/node.ts': FAULTY, 'firmware/mean.ts': MEAN });
    const { code, stdout, stderr } = await run(root, []);
    expect(code).toBe(1);
    expect(stderr).toBe('check: 1 fault in 2 files, 2 functions of cycle code\n');
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^firmware\/mean\.ts:3:10 {2}LVS021 {2}A division makes a double/),
      '    2 |   const sum = a + n;',
      '  > 3 |   return sum / n;',
      '      |          ^^^^^^^',
      expect.stringMatching(/^ {4}instead: .*divideFloor/),
      '    reached: runCycle > mean',
      '    more:    docs/subset.md#lvs021',
      '',
      '',
    ]);
  });

  it('knows the whole firmware even when it is asked about one file', async () => {
    const root = project({ 'firmware/node.ts': FAULTY, 'firmware/mean.ts': MEAN });
    expect(await run(root, ['firmware/mean.ts'])).toMatchObject({ code: 1 });
    expect(await run(root, ['firmware/node.ts'])).toMatchObject({ code: 0, stdout: '' });
  });

  it('writes one diagnostic a line with --json, and a summary last', async () => {
    const root = project({ 'firmware/node.ts': FAULTY, 'firmware/mean.ts': MEAN });
    const { code, stdout, stderr } = await run(root, ['--json'], { GITHUB_ACTIONS: 'true' });
    const events = stdout.trimEnd().split('\n');
    expect([code, stderr, events.length]).toEqual([1, '', 2]);
    expect(JSON.parse(events[0])).toMatchObject({
      type: 'diagnostic',
      code: 'LVS021',
      title: 'division in the cycle',
      file: 'firmware/mean.ts',
      line: 3,
      column: 10,
      end_line: 3,
      end_column: 17,
      chain: ['runCycle', 'mean'],
      docs: 'docs/subset.md#lvs021',
    });
    expect(JSON.parse(events[1])).toEqual({ type: 'summary', files: 2, faults: 1, roots: 1, cycle_functions: 2 });
  });

  it.each([
    [['--github'], {}],
    [[], { GITHUB_ACTIONS: 'true' }],
  ])('adds annotations with %j %j', async (argv, env) => {
    const root = project({ 'firmware/node.ts': FAULTY, 'firmware/mean.ts': MEAN });
    const { stdout } = await run(root, argv, env);
    const lines = stdout.split('\n').filter((line) => line.startsWith('::'));
    expect(lines).toEqual([
      expect.stringMatching(
        /^::error file=firmware\/mean\.ts,line=3,endLine=3,col=10,endColumn=17,title=LVS021%3A division in the cycle::A/,
      ),
    ]);
    expect(lines[0]).toContain('%0AReached: runCycle > mean%0ASee docs/subset.md#lvs021');
  });

  it('colours a terminal, and nothing where NO_COLOR is set', async () => {
    const root = project({ 'firmware/node.ts': FAULTY, 'firmware/mean.ts': MEAN });
    const coloured = await run(root, [], { FORCE_COLOR: '1' });
    expect(coloured.stdout).toContain('\u001b[');
    const plain = await run(root, [], { FORCE_COLOR: '1', NO_COLOR: '1' });
    expect(plain.stdout).not.toContain('\u001b[');
  });
});

describe('npm run check, used wrongly', () => {
  it.each([
    [['nowhere.ts'], 'check: nowhere.ts: there is no such file'],
    [['notes.md'], 'check: notes.md: the checker reads TypeScript files (.ts) and folders of them'],
    [['empty'], 'check: empty: no TypeScript file is in this folder'],
    [['--jsn'], "check: unknown option '--jsn'; did you mean --json?"],
    [['--json', '--github'], 'check: --json and --github: choose one of them'],
  ])('says of %j what is wrong and ends with 2', async (argv, message) => {
    const root = project({ 'firmware/node.ts': CLEAN, 'notes.md': '', 'empty/notes.md': '' });
    expect(await run(root, argv)).toEqual({ code: 2, stdout: '', stderr: message });
  });

  it('names the place of what does not parse', async () => {
    const { code, stderr } = await run(project({ 'firmware/node.ts': 'export const = 1;\n' }), []);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^check: firmware\/node\.ts:1:14: this does not parse \(/),
    ]);
  });

  it('does not call a firmware clean that has no cycle', async () => {
    const { code, stderr } = await run(project({ 'firmware/node.ts': 'export const ONE = 1;\n' }), []);
    expect([code, stderr]).toEqual([1, expect.stringContaining('no function in firmware/ is marked @cycle')]);
  });

  it('has a help text that names the exit codes', async () => {
    const { code, stdout } = await run(project({}), ['--help']);
    expect([code, stdout]).toEqual([0, expect.stringContaining('0 nothing found, 1 faults found')]);
  });
});
