/** The same stacks from XS and from Node.js. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transformSync } from 'esbuild';
import { XsMachine } from '../../../host-sim/xs/machine.ts';
import type { Stacks } from './throwing.ts';

const BUNDLE = fileURLToPath(new URL('../../../build/firmware/node.mjs', import.meta.url));
const THROWING = fileURLToPath(new URL('./throwing.ts', import.meta.url));

/** As JavaScript that either engine runs. */
function throwing(): string {
  return transformSync(readFileSync(THROWING, 'utf8'), { loader: 'ts', format: 'esm', target: 'es2022' }).code;
}

/** XS opens the map that a module names. This one says that each line is its own, as where the device has none. */
function identityMap(code: string): string {
  const mappings = `AAAA${';AACA'.repeat(code.split('\n').length - 1)}`;
  return JSON.stringify({ version: 3, sources: ['node.mjs'], names: [], mappings });
}

/**
 * @param map the bundle's source map, for XS to open; its own lines without
 * @param source a file that it names, which XS wants to be there
 */
export function stacksUnderXs(map?: string, source?: string): Stacks {
  const machine = new XsMachine();
  try {
    const code = readFileSync(BUNDLE, 'utf8');
    const bundle = machine.put('node.mjs', code);
    machine.put('node.mjs.map', map ?? identityMap(code));
    if (source !== undefined) machine.put(source, '');
    const [api, stacks] = [bundle, machine.put('throwing.mjs', throwing())].map((path) => JSON.stringify(path));
    machine.importModule(
      machine.put(
        'main.mjs',
        `import * as api from ${api};\nimport { stacks } from ${stacks};\nglobalThis.answer = stacks(api);\n`,
      ),
    );
    return machine.evaluate('globalThis.answer') as Stacks;
  } finally {
    machine.close();
  }
}

/** In a process of its own: Vitest would change the lines of what it imports. */
export function stacksUnderNode(): Stacks {
  const folder = mkdtempSync(join(tmpdir(), 'lvs-stacks-'));
  try {
    const path = join(folder, 'throwing.mjs');
    writeFileSync(path, throwing());
    const [api, stacks] = [BUNDLE, path].map((file) => JSON.stringify(pathToFileURL(file).href));
    const program = `Error.stackTraceLimit = 50;
      const api = await import(${api});
      const { stacks } = await import(${stacks});
      process.stdout.write(JSON.stringify(stacks(api)));`;
    const text = execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' });
    return JSON.parse(text) as Stacks;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
