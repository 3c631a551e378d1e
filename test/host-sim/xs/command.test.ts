/** The programs as a shell runs them. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../../../tools/cli/project-root.ts';

const pathOf = (program: string): string => join(projectRoot(), 'build', 'bin', `${program}.mjs`);

const run = (program: string, ...argv: string[]) =>
  spawnSync(process.execPath, [pathOf(program), ...argv], { encoding: 'utf8' });

function traceOf(engine: string, folder: string): string {
  const argv = [pathOf('sim'), 'lan-8', '--cycles', '40', '--json', '--engine', engine];
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, {
    encoding: 'utf8',
    env: { ...process.env, TMPDIR: folder },
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return (JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as { trace_sha256: string }).trace_sha256;
}

describe('sim --engine xs', () => {
  it('gives the trace that Node.js gives, and leaves no files behind', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lvs-test-'));
    expect(traceOf('xs', folder)).toBe(traceOf('node', folder));
    expect(readdirSync(folder)).toEqual([]);
    rmdirSync(folder);
  });

  it('refuses an engine that there is not', () => {
    const { status, stderr } = run('sim', '--engine', 'v8');
    expect(status).toBe(2);
    expect(stderr).toBe('sim: --engine v8: must be one of node, xs\n');
  });
});

describe('sim --memory', () => {
  it('refuses on the laptop what would not fit the chip', () => {
    const { status, stdout, stderr } = run('sim', 'lan-8', '--table', '900', '--keys', '16', '--memory', 'esp32c3');
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.split('\n')).toHaveLength(3);
    expect(stderr).toContain('a table of at most ');
  });

  it('says what a node takes where it fits', () => {
    const { status, stderr } = run('sim', 'lan-8', '--cycles', '2', '--memory', 'esp32c3');
    expect(status).toBe(0);
    expect(stderr).toMatch(
      /^sim: a node with a table of 8 peers and 1 key takes [\d,]+ bytes .* esp32c3 has [\d,]+ for it\n$/,
    );
  });
});

describe('parity:xs', () => {
  it('shows that a scenario runs the same on both engines', () => {
    const { status, stdout } = run('parity-xs', 'lan-8', '--cycles', '10');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^lan-8: 8 nodes, 10 cycles: the same, trace [0-9a-f]{16} /);
  });

  it('refuses cycles that are no number', () => {
    expect(run('parity-xs', '--cycles', 'many').stderr).toBe(
      'parity:xs: --cycles many: must be a whole number above 0\n',
    );
  });
});

describe('bench:xs', () => {
  it('tells what it measures', () => {
    const { status, stdout } = run('bench-xs', '--help');
    expect(status).toBe(0);
    expect(stdout).toContain('--json');
  });
});
