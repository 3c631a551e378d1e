/**
 * Compiles and links the JavaScript by the SDK's makefile, with nothing of ESP-IDF: `xsc` turns each module into byte
 * code, `xsl` links them, runs the preloaded ones, and writes what results as the arrays that go into flash.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../cli/colour.ts';
import { Failure } from '../cli/errors.ts';
import { lastLines, runProgram } from '../cli/run-program.ts';
import { unresolvedImports } from './imports.ts';
import { sdkEnvironment } from './mcconfig.ts';
import type { Project } from './project.ts';
import type { Sdk } from './sdk.ts';

export interface Linked {
  /** Modules, and the bytes of their byte code. */
  modules: number;
  archive_bytes: number;
  /** Slots that lie in flash, and those among them that get a copy in RAM when something writes to them. */
  rom_slots: number;
  rom_aliases: number;
  /** What `xsl` had to say of our own modules. */
  warnings: string[];
}

/** Of what `xsl` says, what is about our own modules. */
const OWN_WARNING = /^### warning: ((?:main|lvs\/).*)$/;

function numberIn(text: string, name: string): number {
  return Number(new RegExp(`#define ${name} (\\d+)`).exec(text)?.[1] ?? NaN);
}

function byteCode(folder: string): { modules: number; bytes: number } {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.xsb'));
  return { modules: files.length, bytes: files.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0) };
}

/** @throws Failure with what the SDK said, or naming the imports that lead nowhere */
export async function link(project: Project, sdk: Sdk, env: Environment): Promise<Linked> {
  const makefile = join(project.tmp, 'makefile');
  const target = join(project.tmp, 'mc.xs.c');
  // ESP-IDF's part of the makefile wants to know where it is, though nothing of it is made here.
  const idf = ['IDF_PATH=' + project.output, `IDF_VERSION=${sdk.idf_wanted}`, `SDKCONFIG_H=${makefile}`];
  const ran = await runProgram('make', ['-f', makefile, ...idf, target], { env: sdkEnvironment(env, sdk) });
  if (ran.code !== 0 || !existsSync(target)) {
    throw new Failure(`the JavaScript does not link for ${project.target}:\n${lastLines(ran, 8)}`);
  }
  const lost = unresolvedImports(readFileSync(makefile, 'utf8'));
  if (lost.length > 0) {
    throw new Failure(
      `imports that lead nowhere on ${project.target}:\n${lost.join('\n')}\nadd the modules to manifest.json`,
    );
  }
  const text = readFileSync(target, 'utf8');
  const { modules, bytes } = byteCode(join(project.tmp, 'modules'));
  return {
    modules,
    archive_bytes: bytes,
    rom_slots: numberIn(text, 'mxHeapCount'),
    rom_aliases: numberIn(text, 'mxAliasCount'),
    warnings: `${ran.stdout}\n${ran.stderr}`
      .split('\n')
      .filter((line) => OWN_WARNING.test(line))
      .map((line) => `xsl: ${line.replace(OWN_WARNING, '$1')}`),
  };
}
