/** docs/subset.md explains every code, and its examples are what they say: the wrong one at fault, the right one clean. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { check } from '../../../tools/check/check.ts';
import { CODES, docsOf } from '../../../tools/check/codes.ts';
import type { Code } from '../../../tools/check/codes.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
const SECTION = /^### (LVS\d{3})$/m;
const EXAMPLE = /^(Wrong|Right):\n\n```ts(?: (\S+))?\n([^]*?)^```$/gm;

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts'],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  types: [],
  strict: true,
  noEmit: true,
  allowImportingTsExtensions: true,
};

interface Example {
  code: string;
  kind: string;
  file: string;
  text: string;
}

function readExamples(): { codes: string[]; examples: Example[] } {
  const [, ...parts] = readFileSync(`${ROOT}/docs/subset.md`, 'utf8').split(SECTION);
  const codes = parts.filter((_, i) => i % 2 === 0);
  const examples = codes.flatMap((code, i) =>
    [...parts[2 * i + 1].matchAll(EXAMPLE)].map(([, kind, path = '', text]): Example => {
      const file = path === '' ? `firmware/examples/${code}-${kind}.ts` : path.replace(/\.ts$/, `-${code}.ts`);
      return { code, kind, file: `${ROOT}/${file}`, text };
    }),
  );
  return { codes, examples };
}

/** One program for all of them: each is a module of its own, in a file that is not there. */
function programOf(examples: readonly Example[]): ts.Program {
  const texts = new Map(examples.map(({ file, text }) => [file, text]));
  const disk = ts.createCompilerHost(OPTIONS);
  const host: ts.CompilerHost = {
    ...disk,
    readFile: (path) => texts.get(path) ?? disk.readFile(path),
    fileExists: (path) => texts.has(path) || disk.fileExists(path),
    getSourceFile: (path, target) => {
      const text = texts.get(path);
      return text === undefined ? disk.getSourceFile(path, target) : ts.createSourceFile(path, text, target, true);
    },
  };
  return ts.createProgram([...texts.keys()], OPTIONS, host);
}

const { codes, examples } = readExamples();
const program = programOf(examples);

function codesIn({ file }: Example): Code[] {
  return check(program, [file], ROOT).diagnostics.map(({ code }) => code);
}

describe('docs/subset.md', () => {
  it('has a section for each code, in order, under the address that diagnostics name', () => {
    expect(codes).toEqual(Object.keys(CODES));
    expect(docsOf('LVS021')).toBe('docs/subset.md#lvs021');
  });

  it.each(Object.keys(CODES))('%s: the wrong example has that fault, and the right one has none', (code) => {
    const [wrong, right, ...more] = examples.filter((example) => example.code === code);
    expect([wrong.kind, right.kind, ...more]).toEqual(['Wrong', 'Right']);
    expect(codesIn(wrong)).toContain(code);
    expect(codesIn(right)).toEqual([]);
    const errors = program.getSemanticDiagnostics(program.getSourceFile(right.file));
    expect(errors.map(({ messageText }) => messageText)).toEqual([]);
  });
});
