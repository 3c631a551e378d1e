/**
 * Every rule against test/fixtures/check, where each line at fault says in its trailing comment which diagnostics it
 * expects (`// LVS021: part of what is wrong; LVS023: ...`) and every other line expects none.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { check } from '../../../tools/check/check.ts';
import { CODES } from '../../../tools/check/codes.ts';
import type { Diagnostic } from '../../../tools/check/diagnostic.ts';
import { chooseFiles } from '../../../tools/check/files.ts';
import { openProjects } from '../../../tools/check/projects.ts';
import { pathFrom } from '../../../tools/check/zones.ts';

const ROOT = fileURLToPath(new URL('../../fixtures/check', import.meta.url));
const EXPECTED = /.*\/\/ (LVS\d{3}: .*)$/;

interface Expected {
  line: number;
  code: string;
  part: string;
}

function expectedIn(file: string): Expected[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((text, i) => {
      const list = EXPECTED.exec(text)?.[1].split(/; (?=LVS\d{3}: )/) ?? [];
      return list.map((one) => ({ line: i + 1, code: one.slice(0, 6), part: one.slice(8) }));
    });
}

/** As the fixture would say it, with the part that was expected where it is there. */
function asExpected({ line, code, what }: Diagnostic, expected: readonly Expected[]): Expected {
  const hit = expected.find((one) => one.line === line && one.code === code && what.includes(one.part));
  return hit ?? { line, code, part: what };
}

function sorted(list: readonly Expected[]): Expected[] {
  return list.toSorted((a, b) => a.line - b.line || a.code.localeCompare(b.code) || a.part.localeCompare(b.part));
}

const files = chooseFiles(['.'], ROOT, ROOT);
const found = openProjects(files, ROOT).flatMap(({ program, files: own }) => check(program, own, ROOT).diagnostics);

describe('fixtures', () => {
  it.each(files.map((file) => pathFrom(ROOT, file)))('finds in %s what it says, and nothing else', (path) => {
    const expected = expectedIn(`${ROOT}/${path}`);
    const own = found.filter(({ file }) => file === path);
    expect(sorted(own.map((one) => asExpected(one, expected)))).toEqual(sorted(expected));
  });

  it('plants a fault for every code', () => {
    expect([...new Set(found.map(({ code }) => code))].sort()).toEqual(Object.keys(CODES));
  });
});
