import { describe, expect, it } from 'vitest';
import { bar } from '../../../tools/cli/bar.ts';
import { createColours, wantsColour } from '../../../tools/cli/colour.ts';
import { createCommand, parseCommand } from '../../../tools/cli/commander.ts';
import { Failure, systemReason, UsageError, writeReason } from '../../../tools/cli/errors.ts';
import { EXIT_FAILURE, EXIT_USAGE } from '../../../tools/cli/exit-codes.ts';
import { didYouMean, nearest } from '../../../tools/cli/nearest.ts';
import { duration, grouped, percent, short } from '../../../tools/cli/numbers.ts';
import { projectRoot } from '../../../tools/cli/project-root.ts';
import { explain } from '../../../tools/cli/run-main.ts';
import { csvTable, markdownTable, textTable } from '../../../tools/cli/table.ts';

describe('errors', () => {
  it('says a usage error in its own lines and ends with 2', () => {
    expect(explain('sim', new UsageError(['one', 'two']))).toEqual({
      lines: ['sim: one', 'sim: two'],
      code: EXIT_USAGE,
    });
  });

  it('says a failure in one line and ends with 1', () => {
    expect(explain('sim', new Failure('the disk is full'))).toEqual({
      lines: ['sim: the disk is full'],
      code: EXIT_FAILURE,
    });
  });

  it('keeps the stack and the cause of a bug, and says that it is one', () => {
    const { lines, code } = explain('sim', new Error('outer', { cause: new Error('inner') }));
    expect(code).toBe(EXIT_FAILURE);
    expect(lines[0]).toContain('bug');
    expect(lines[1]).toContain('outer');
    expect(lines[1]).toContain('inner');
  });

  it('puts system errors into words', () => {
    const missing = Object.assign(new Error('ENOENT: no such file, open x'), { code: 'ENOENT' });
    expect(systemReason(missing)).toBe('there is no such file');
    expect(writeReason(missing)).toBe('there is no such folder');
    expect(systemReason(new Error('strange'))).toBe('strange');
  });
});

describe('nearest', () => {
  const names = ['lan-8', 'lan-50', 'office', 'office-days'];

  it.each([
    ['lan50', 'lan-50'],
    ['offcie', 'office'],
    ['OFFICE', 'office'],
    ['zebra', ''],
  ])('%s: %s', (word, meant) => expect(nearest(word, names)).toBe(meant));

  it('asks back only when something is near', () => {
    expect(didYouMean('ofice', names)).toBe('; did you mean "office"?');
    expect(didYouMean('zebra', names)).toBe('');
  });
});

describe('numbers', () => {
  it('groups thousands', () => expect(grouped(1234567)).toBe('1,234,567'));

  it.each([
    [0, '0'],
    [123456, '123,456'],
    [12.345, '12.3'],
    [0.0012345, '0.00123'],
    [-0.00000001, '0'],
    [Infinity, 'Infinity'],
  ])('%d in short is %s', (value, text) => expect(short(value)).toBe(text));

  it('signs a per cent where it matters', () => {
    expect(percent(1.5, true)).toBe('+1.5 %');
    expect(percent(-1.5, true)).toBe('-1.5 %');
    expect(percent(0, true)).toBe('0 %');
    expect(percent(1e-9, true)).toBe('0 %');
  });

  it.each([
    [850, '850 ms'],
    [12_340, '12.3 s'],
    [245_000, '4 min 05 s'],
  ])('%d ms is %s', (ms, text) => expect(duration(ms)).toBe(text));
});

describe('tables', () => {
  const table = {
    columns: ['name', 'n'],
    rows: [
      ['a|b', '7'],
      ['c, d', 'never'],
    ],
  };

  it('aligns numbers to the right in text', () => {
    expect(textTable(table)).toBe('name      n\na|b       7\nc, d  never\n');
  });

  it('escapes bars in Markdown', () => {
    expect(markdownTable(table)).toBe('| name |     n |\n| ---- | ----: |\n| a\\|b |     7 |\n| c, d | never |\n');
  });

  it('quotes commas and quotes in CSV', () => {
    expect(csvTable({ columns: ['a'], rows: [['x,y'], ['say "so"']] })).toBe('a\n"x,y"\n"say ""so"""\n');
  });
});

describe('colour', () => {
  const tty = { isTTY: true };

  it.each([
    ['a terminal', tty, {}, true],
    ['no terminal', {}, {}, false],
    ['NO_COLOR', tty, { NO_COLOR: '1' }, false],
    ['an empty NO_COLOR', tty, { NO_COLOR: '' }, true],
    ['FORCE_COLOR', {}, { FORCE_COLOR: '1' }, true],
    ['NO_COLOR and FORCE_COLOR', tty, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    ['a dumb terminal', tty, { TERM: 'dumb' }, false],
  ])('%s', (_, stream, env, wants) => expect(wantsColour(stream, env)).toBe(wants));

  it('fills a bar, and leaves it out where there is no room', () => {
    expect(bar(0.5, 10, createColours(false))).toBe('━━━━━─────');
    expect(bar(0.5, 5, createColours(false))).toBe('');
  });
});

describe('commander', () => {
  const command = () => createCommand('thing', 80).argument('[word]').option('--loss <share>', 'what is lost');
  const parse = (...argv: string[]) => parseCommand(command(), argv);

  it('gives help as text, and nothing otherwise', () => {
    expect(parse('--help')).toContain('--loss <share>');
    expect(parse('--loss', '3')).toBe('');
  });

  it.each([
    [['--los', '3'], "unknown option '--los'; did you mean --loss?"],
    [['--zebra'], "unknown option '--zebra'; --help tells what there is"],
    [['--loss'], "option '--loss <share>' argument missing; --help tells what there is"],
    [['a', 'b'], '"b" is one word too many; --help tells what there is'],
  ])('%j is refused in one line', (argv, line) => {
    expect(() => parse(...argv)).toThrow(new UsageError(line));
  });
});

describe('project root', () => {
  it('is the folder with package.json, from wherever one looks', () => {
    expect(projectRoot(`${projectRoot()}/host-sim/world`)).toBe(projectRoot());
  });

  it('says when there is none', () => expect(() => projectRoot('/')).toThrow('no package.json'));
});
