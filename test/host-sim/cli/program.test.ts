/** The built program, as a shell runs it: exit codes, pipes and signals. */
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../../../tools/cli/project-root.ts';

const SIM = join(projectRoot(), 'build', 'bin', 'sim.mjs');
const run = (...argv: string[]) => spawnSync(process.execPath, [SIM, ...argv], { encoding: 'utf8' });

describe('the program', () => {
  it('runs the firmware to agreement', () => {
    const { status, stdout, stderr } = run('lan-8', '--cycles', '80', '--json');
    expect(status).toBe(0);
    expect(stderr).toBe('');
    const last = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Record<string, unknown>;
    expect(last).toMatchObject({
      type: 'summary',
      scenario: 'lan-8',
      seed: 1,
      nodes: 8,
      cycles: 80,
      false_verdicts: 0,
    });
    expect(last.cycles_to_1pct).toBeLessThan(40);
  });

  it('gives the same trace for the same seed, and another for another', () => {
    const trace = (seed: string): string => {
      const summary =
        run('lan-8', '--cycles', '40', '--json', '--seed', seed).stdout.trimEnd().split('\n').at(-1) ?? '';
      return (JSON.parse(summary) as { trace_sha256: string }).trace_sha256;
    };
    expect(trace('7')).toBe(trace('7'));
    expect(trace('7')).not.toBe(trace('8'));
  });

  it('ends a usage error with one line on stderr and code 2', () => {
    const { status, stdout, stderr } = run('--loss', '1.4');
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toBe('sim: --loss 1.4: must be a number from 0 to 1\n');
  });

  it('ends quietly when the reader has seen enough', async () => {
    const child = spawn(process.execPath, [SIM, 'lan-8', '--cycles', '20000', '--json']);
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdout.once('data', () => child.stdout.destroy());
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  it('ends with its summary and code 130 when interrupted', async () => {
    const child = spawn(process.execPath, [SIM, 'lan-8', '--cycles', '1000000', '--json']);
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stdout.once('data', () => child.kill('SIGINT'));
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(code).toBe(130);
    expect(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({ type: 'summary' });
  });
});
