/** The words on the command line, and what they change. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { monitorMain } from '../../../tools/monitor/main.ts';
import { stamp } from '../../../tools/monitor/view/stamps.ts';
import { wrap } from '../../../tools/monitor/view/text.ts';
import { EMPTY_MACHINE, Keyboard, keepMonitor, monitorEvents, monitorText, ROOT } from './around.ts';
import { CYCLE_LINE } from './cycle-line.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'lvs-monitor-'));

afterAll(() => rmSync(FOLDER, { recursive: true }));

const ports = { binding: () => Promise.reject(new Error('no port is to be opened')), machine: EMPTY_MACHINE };

async function run(...argv: string[]): Promise<{ out: string; err: string; code: number }> {
  const around = keepMonitor(new Keyboard());
  const code = await monitorMain(argv, around, ROOT, ports);
  return { out: around.out(), err: around.err(), code };
}

const LOG = ['E (1) net: down', 'W (2) net: slow', 'I (3) net: up', 'lvs I network-up', 'plain words'].join('\n');

describe('wrong words', () => {
  it.each([
    [['--baud', 'fast'], '--baud fast: it is a whole number from 300 to 5000000; a node has 115200'],
    [['--level', 'w'], '--level w: it is one of E, W, I; did you mean "W"?'],
    [['--timestamps', 'relativ'], 'did you mean "relative"?'],
    [['--filter', '/(/'], '--filter /(/ is no regular expression'],
    [['--board', 'm5atm'], 'there is no board "m5atm"; did you mean m5atom?'],
    [['--build', 'no/such'], '--build no/such: there is no such folder'],
    [['--build', 'docs'], 'there is no source map (*.mjs.map) in it'],
    [['--input', 'a', '--port', 'b'], 'give one of them'],
    [['--input', 'a', '--reset'], 'leave out --reset'],
    [['--input', 'a', '--timestamps', 'time'], 'leave out --timestamps'],
    [['--input', 'no-such-file'], 'cannot be read: there is no such file'],
    [['--log', 'no/such/folder/file'], 'cannot be written: there is no such folder'],
    [['/dev/ttyUSB0'], 'a port is named with --port /dev/ttyUSB0'],
    [['--bord', 'x'], 'did you mean --board?'],
  ])('%j are refused in one line', async (argv, words) => {
    await expect(run(...argv)).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringContaining(words) as string,
    });
  });
});

describe('--help', () => {
  it('names the flags, the keys and the exit codes', async () => {
    const { out, code } = await run('--help');
    expect(code).toBe(0);
    for (const word of [
      '--port',
      '--baud',
      '--board',
      '--build',
      '--no-reconnect',
      '--input',
      'Keys:',
      'Exit codes:',
    ]) {
      expect(out).toContain(word);
    }
  });
});

describe('what is shown', () => {
  it('goes by level', async () => {
    expect((await monitorText(LOG, ['--level', 'E'])).out).toBe('E net: down\n');
    expect((await monitorText(LOG, ['--level', 'W'])).out).toBe('E net: down\nW net: slow\n');
    expect((await monitorText(LOG)).out.split('\n')).toHaveLength(6);
  });

  it('goes by text, and by regular expression', async () => {
    expect((await monitorText(LOG, ['--filter', 'PLAIN'])).out).toBe('plain words\n');
    expect((await monitorText(LOG, ['--filter', '/ (down|up)$/'])).out).toBe('E net: down\nI net: up\n');
    expect((await monitorText(LOG, ['--filter', 'network-up'])).out).toContain('the network is there');
  });

  it('always has explanations', async () => {
    const { out } = await monitorText('XS abort: memory full\n', ['--filter', 'nothing like it']);
    expect(out).toContain('XS ran out of memory');
    expect(out).not.toContain('XS abort');
  });

  it('has colours only where they are wanted', async () => {
    expect((await monitorText(LOG)).out).not.toContain('\u001b');
    const around = keepMonitor(new Keyboard(), { FORCE_COLOR: '1' });
    const file = join(FOLDER, 'colours.log');
    writeFileSync(file, LOG);
    await monitorMain(['--input', file], around, ROOT, ports);
    expect(around.out()).toContain('\u001b[31mE net: down\u001b[39m');
  });

  it('has the time that is wanted', () => {
    const at = new Date(2026, 0, 2, 3, 4, 5, 6);
    expect(stamp('time', at, 61_234)).toBe('03:04:05.006');
    expect(stamp('relative', at, 61_234)).toBe('   +61.234');
    expect(stamp('none', at, 61_234)).toBe('');
  });

  it('is wrapped at blanks, and a path that is longer stays whole', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrap('do (`npm run it`) now', 8)).toEqual(['do', '(`npm run it`)', 'now']);
    expect(wrap('see /a/long/path/to/it now', 8)).toEqual(['see', '/a/long/path/to/it', 'now']);
  });
});

describe('--log', () => {
  it('keeps everything as it came, with the date, and appends', async () => {
    const file = join(FOLDER, 'kept.log');
    await monitorText('lvs I started a=2\n', ['--log', file, '--level', 'E']);
    await monitorText('second\n', ['--log', file]);
    expect(readFileSync(file, 'utf8')).toBe(
      '2026-01-02T03:04:05.006Z lvs I started a=2\n2026-01-02T03:04:05.006Z second\n',
    );
  });

  it('can be read again by the monitor, which then knows when its lines came', async () => {
    const file = join(FOLDER, 'again.log');
    const log = `Guru Meditation Error: Core  0 panic'ed (Cache error).\n at runCycle (/x/node.mjs:${CYCLE_LINE})\nlvs I network-up\n`;
    const first = await monitorText(log, ['--log', file]);
    expect(readFileSync(file, 'utf8')).toContain('-- │ Code in the flash was called while');
    expect((await run('--input', file)).out).toBe(first.out);
    const restart = 'lvs I boot hardware=esp32 reset=panic';
    writeFileSync(file, [0, 5, 10, 15].map((s) => `2026-01-02T03:04:${10 + s}.000Z ${restart}\n`).join(''));
    expect((await run('--input', file)).out).toContain('4 times in a row in 15.0 s, each time with panic');
  });
});

describe('a source map', () => {
  it('that is missing is said, and frames are shown as they came', async () => {
    writeFileSync(join(FOLDER, 'other.mjs.map'), '{"version":3,"sources":[],"names":[],"mappings":""}');
    const { out } = await monitorText(` at runCycle (/x/node.mjs:${CYCLE_LINE})\n`, ['--build', FOLDER]);
    expect(out).toContain(`at runCycle (/x/node.mjs:${CYCLE_LINE})`);
  });

  it('is also used where a line names a place of the bundle', async () => {
    const { out } = await monitorText(`/home/x/node.mjs:${CYCLE_LINE}: exception: TypeError: no!\n`);
    expect(out).toMatch(/^firmware\/runtime\/cycle\.ts:\d+:\d+: exception: TypeError: no!\n$/);
  });

  it('leaves the frames of others alone', async () => {
    const [, event] = await monitorEvents(' at execute (/sdk/modules/base/timer/timer.js:31)\n');
    expect(event).toMatchObject({ type: 'frame', known: 'none', file: '/sdk/modules/base/timer/timer.js', line: 31 });
  });
});
