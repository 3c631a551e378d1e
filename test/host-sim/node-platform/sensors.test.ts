import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import type { KeySettings } from '../../../firmware/node.ts';
import { EXIT_WRONG_SENSOR, NodeFailure } from '../../../host-sim/node-platform/failure.ts';
import { commandSource } from '../../../host-sim/node-platform/sensors/command.ts';
import { fileSource } from '../../../host-sim/node-platform/sensors/file.ts';
import { LineInput } from '../../../host-sim/node-platform/sensors/lines.ts';
import { constant, walk } from '../../../host-sim/node-platform/sensors/made-up.ts';
import { checkSensors, parseSensor } from '../../../host-sim/node-platform/sensors/parse.ts';
import { Sampler, type SensorChange } from '../../../host-sim/node-platform/sensors/sampler.ts';
import type { Reading, Source } from '../../../host-sim/node-platform/sensors/source.ts';

const ONE = 65_536;

function keys(...names: string[]): KeySettings[] {
  const rest = { floor: 1, span: ONE, low: 0, high: 100 * ONE, reference: 0, guard: true, estimator: 0, scope: 0 };
  return names.map((name) => ({ name, ...rest }));
}

function wrongSensor(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof NodeFailure && error.exit_code === EXIT_WRONG_SENSOR) return error.message;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('--sensor', () => {
  it.each([
    ['room1/temp=21.5', { kind: 'constant', value: 21.5 }, 1, 0, 1000],
    ['a=-3e1', { kind: 'constant', value: -30 }, 1, 0, 1000],
    ['a=walk:21.5:0.2@5', { kind: 'walk', start: 21.5, step: 0.2 }, 1, 0, 5000],
    ['a=file:/sys/class/x-1/temp*0.001', { kind: 'file', path: '/sys/class/x-1/temp' }, 0.001, 0, 1000],
    ['a=file:C:\\t=1*0.001+40@0.5s', { kind: 'file', path: 'C:\\t=1' }, 0.001, 40, 500],
    ['a=file:x*1-5.5', { kind: 'file', path: 'x' }, 1, -5.5, 1000],
    ['a=cmd:echo "1 2" | cut -d" " -f2', { kind: 'cmd', command: 'echo "1 2" | cut -d" " -f2' }, 1, 0, 10_000],
    ['a=cmd:x@60', { kind: 'cmd', command: 'x' }, 1, 0, 60_000],
    ['a=stdin*2', { kind: 'stdin' }, 2, 0, 1000],
  ])('reads %s', (text, source, scale, offset, every_ms) => {
    const key = text.slice(0, text.indexOf('='));
    expect(parseSensor(text)).toEqual({ key, source, scale, offset, every_ms });
  });

  it.each([
    '',
    'a',
    '=1',
    'a b=1',
    'a=',
    'a=fil:x',
    'a=file:',
    'a=cmd: ',
    'a=walk:1',
    'a=walk:1:x',
    'a=1@0',
    'a=1@99999',
  ])('refuses "%s" in one line', (text) => {
    const line = wrongSensor(() => parseSensor(text));
    expect(line).toMatch(/^--sensor /);
    expect(line).not.toContain('\n');
  });

  it('gives each key one source, and only to keys that there are', () => {
    const [a, b] = [parseSensor('room1/temp=1'), parseSensor('room2/temp=1')];
    checkSensors([a, b], keys('room1/temp', 'room2/temp', 'room3/temp'));
    expect(wrongSensor(() => checkSensors([a, a], keys('room1/temp')))).toContain('already');
    expect(wrongSensor(() => checkSensors([b], keys('room1/temp')))).toContain('did you mean "room1/temp"');
  });

  it('refuses a constant that would never count', () => {
    checkSensors([parseSensor('a=-5*1+40')], keys('a'));
    const line = wrongSensor(() => checkSensors([parseSensor('a=-5')], keys('a')));
    expect(line).toContain("-5 is outside the key's range, 0 to 100, and would never count");
  });
});

async function readingOf(source: Source, wanted: 'value' | 'none'): Promise<Reading> {
  return await vi.waitFor(() => {
    const reading = source.read();
    if (reading.kind !== wanted || (reading.kind === 'none' && reading.why.startsWith('nothing has come')))
      throw new Error('not yet');
    return reading;
  });
}

describe('sources', () => {
  it('walk stays near its start', () => {
    let seed = 1;
    const random = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
    const source = walk(20, 0.2, random);
    const values = Array.from({ length: 5000 }, () => source.read()).map((reading) =>
      reading.kind === 'value' ? reading.value : NaN,
    );
    expect(Math.max(...values.map((value) => Math.abs(value - 20)))).toBeLessThan(3);
    expect(new Set(values).size).toBeGreaterThan(4000);
    expect(constant(3).read()).toEqual({ kind: 'value', value: 3 });
  });

  it('a file is read again and again, and what is wrong with it is said', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'lvs-file-')), 'temp');
    writeFileSync(path, '45000\n');
    const source = fileSource(path);
    expect(await readingOf(source, 'value')).toEqual({ kind: 'value', value: 45_000 });
    writeFileSync(path, 'hot\n');
    expect(await readingOf(source, 'none')).toMatchObject({ why: `${path} says "hot", which is no number` });
    rmSync(path);
    await vi.waitFor(() =>
      expect(source.read()).toMatchObject({ why: `${path} cannot be read: there is no such file` }),
    );
  });

  it('a command gives the first number that it prints, and is killed when it takes too long', async () => {
    expect(await readingOf(commandSource('echo " 21.5 C"', 5000), 'value')).toEqual({ kind: 'value', value: 21.5 });
    expect(await readingOf(commandSource('exit 3', 5000), 'none')).toMatchObject({
      why: 'the command ended with code 3',
    });
    const slow = commandSource('sleep 30', 50);
    expect(await readingOf(slow, 'none')).toMatchObject({ why: 'the command took longer than 0.05 s and was ended' });
    slow.close();
    // What it started has left its group and holds its output: nobody waits for that, and no old number counts.
    const left = commandSource('setsid sleep 5 & echo 7', 100);
    expect(await readingOf(left, 'none')).toMatchObject({ why: 'the command took longer than 0.1 s and was ended' });
    left.close();
  });

  it('standard input brings values, by key where several keys share it', async () => {
    const [one, two] = [new LineInput(), new LineInput()];
    const [a, b, only] = [two.source('a'), two.source('b'), one.source('only')];
    const [first, second] = [new PassThrough(), new PassThrough()];
    one.open(first);
    two.open(second);
    first.write('1.5\nonly 2.5\n\nother 9\n');
    second.write('b 7\na 6\nc 5\n3\n');
    expect(await readingOf(a, 'value')).toEqual({ kind: 'value', value: 6 });
    expect(await readingOf(b, 'value')).toEqual({ kind: 'value', value: 7 });
    expect(await readingOf(only, 'value')).toEqual({ kind: 'value', value: 2.5 });
    first.end();
    expect(await readingOf(only, 'none')).toMatchObject({ why: 'standard input has ended' });
  });
});

describe('the sampler', () => {
  function scene(readings: (number | string)[], low = 0, high = 100 * ONE) {
    const changes: SensorChange[] = [];
    let now_ms = 0;
    let asked = 0;
    const source: Source = {
      read: () => {
        const next = readings[Math.min(asked++, readings.length - 1)];
        return typeof next === 'number' ? { kind: 'value', value: next } : { kind: 'none', why: next };
      },
      close: () => undefined,
    };
    const channel = { key: 'k', source, scale: 2, offset: 1, every_ms: 1000, low, high };
    const sampler = new Sampler({
      channels: [channel, null],
      now_ms: () => now_ms,
      onChange: (change) => changes.push(change),
    });
    const values = readings.map(() => {
      sampler.sample();
      now_ms += 1000;
      return sampler.read(0);
    });
    return { values, changes, sampler };
  }

  it('scales, and gives nothing for a key without a sensor', () => {
    const { values, sampler } = scene([10]);
    expect(values).toEqual([21 * ONE]);
    expect(sampler.read(1)).toBe(-1);
  });

  it('keeps the last value over two failures, and tells once of the third', () => {
    const { values, changes } = scene([10, 'gone', 'gone', 'gone', 'gone', 11]);
    expect(values).toEqual([21 * ONE, 21 * ONE, 21 * ONE, -1, -1, 23 * ONE]);
    expect(changes).toEqual([
      { key: 'k', works: false, why: 'gone' },
      { key: 'k', works: true, why: '' },
    ]);
  });

  it('gives nothing for what the key does not allow', () => {
    const { values, changes } = scene([60, 60, 60, -1]);
    expect(values).toEqual([-1, -1, -1, -1]);
    expect(changes).toEqual([{ key: 'k', works: false, why: "121 is outside the key's range, 0 to 100" }]);
  });

  it('does not ask more often than it was told', () => {
    let asked = 0;
    const source: Source = { read: () => ({ kind: 'value', value: ++asked }), close: () => undefined };
    let now_ms = 0;
    const channel = { key: 'k', source, scale: 1, offset: 0, every_ms: 500, low: 0, high: 100 * ONE };
    const sampler = new Sampler({ channels: [channel], now_ms: () => now_ms, onChange: () => undefined });
    for (; now_ms < 2000; now_ms += 100) sampler.sample();
    expect(asked).toBe(4);
  });
});
