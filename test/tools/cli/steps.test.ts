import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../tools/cli/errors.ts';
import { runSteps } from '../../../tools/cli/render-steps.ts';
import { lastLines, runProgram } from '../../../tools/cli/run-program.ts';
import { step, type Steps } from '../../../tools/cli/steps.ts';
import { keepSurroundings } from '../around.ts';

async function* work(fails: boolean): Steps<number> {
  const made = yield* step(
    'make',
    () => 42,
    (result) => `${result} things`,
  );
  yield { type: 'warning', text: 'careful' };
  yield { type: 'step:skipped', step: 'paint', why: 'no colour' };
  yield* step('check', () => {
    if (fails) throw new Failure('it is broken; mend it');
  });
  return made;
}

describe('runSteps', () => {
  it('shows steps to people on stderr, and gives the result', async () => {
    const around = keepSurroundings();
    expect(await runSteps(work(false), around, false)).toBe(42);
    expect(around.err()).toBe('✓ make  42 things\n! careful\n- paint  skipped: no colour\n✓ check\n');
    expect(around.out()).toBe('');
  });

  it('writes an event a line as JSON on stdout', async () => {
    const around = keepSurroundings();
    await runSteps(work(false), around, true);
    const events = around
      .out()
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { type: string }).type);
    expect(events).toEqual(['step:start', 'step:done', 'warning', 'step:skipped', 'step:start', 'step:done']);
    expect(around.err()).toBe('');
  });

  it('tells which step failed, and passes the failure on', async () => {
    const human = keepSurroundings();
    await expect(runSteps(work(true), human, false)).rejects.toThrow('it is broken; mend it');
    expect(human.err()).toContain('✗ check\n');
    const machine = keepSurroundings();
    await expect(runSteps(work(true), machine, true)).rejects.toThrow(Failure);
    expect(JSON.parse(machine.out().trim().split('\n').at(-1) ?? '')).toEqual({
      type: 'fail',
      step: 'check',
      text: 'it is broken; mend it',
    });
  });

  it('rewrites the line of a running step on a terminal', async () => {
    const around = keepSurroundings({ TERM: 'xterm', NO_COLOR: '1' });
    around.stderr.isTTY = true;
    await runSteps(work(false), around, false);
    expect(around.err()).toContain('  make ...\r\u001b[2K✓ make  42 things\n');
  });
});

describe('runProgram', () => {
  it('keeps what a program says, and its exit code', async () => {
    const heard: string[] = [];
    const script = 'console.log("one"); console.error("two"); process.exit(3)';
    const ran = await runProgram(process.execPath, ['-e', script], { onOutput: (text) => heard.push(text.trim()) });
    expect(ran).toEqual({ code: 3, stdout: 'one\n', stderr: 'two\n' });
    expect(heard.sort()).toEqual(['one', 'two']);
    expect(lastLines(ran, 1)).toBe('two');
    expect(lastLines(ran, 5)).toBe('one\ntwo');
  });

  it('says that there is no such program', async () => {
    expect(await runProgram('no-such-program-here', [])).toEqual({
      code: -1,
      stdout: '',
      stderr: 'there is no program no-such-program-here',
    });
  });
});
