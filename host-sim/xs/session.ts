/**
 * Loads the firmware bundle into an XS machine: the very bytes that Node.js runs, as the ES module that they are, with the
 * SHA-256 taken of what is handed over.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure, systemReason } from '../../tools/cli/errors.ts';
import { XsMachine } from './machine.ts';

/** Host programs stand in build/bin/, the bundle in build/firmware/, what runs beside it inside XS in build/xs/. */
export const DEFAULT_BUNDLE = fileURLToPath(new URL('../firmware/node.mjs', import.meta.url));
const DEFAULT_PROGRAMS = fileURLToPath(new URL('../xs/', import.meta.url));

export interface XsSession {
  machine: XsMachine;
  close(): void;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Failure(`${path} cannot be read (${systemReason(error)}); build it with "npm run build"`);
  }
}

/**
 * XS opens the source map that a module's last line names and refuses the module when there is none. This one says that
 * every line comes from itself: the real one names sources that lie elsewhere.
 */
function mapOfItself(name: string, code: string): string {
  const mappings = `AAAA${';AACA'.repeat(code.split('\n').length - 1)}`;
  return JSON.stringify({ version: 3, sources: [name], names: [], mappings });
}

/**
 * A machine in which `program` (a module of build/xs/) was installed on the bundle's exports.
 *
 * @param bundle the bundle's code; its own exports must be those of firmware/node.ts
 */
export function openSession(bundle: string, program: string, programs: string = DEFAULT_PROGRAMS): XsSession {
  const code = read(join(programs, program));
  const machine = new XsMachine();
  try {
    const firmware = machine.put('node.mjs', bundle);
    machine.put('node.mjs.map', mapOfItself('node.mjs', bundle));
    const beside = machine.put(program, code);
    const names = [firmware, beside].map((path) => JSON.stringify(path));
    const imports = `import * as api from ${names[0]};\nimport { install } from ${names[1]};\n`;
    machine.importModule(machine.put('main.mjs', `${imports}install(api);\nglobalThis.isInstalled = true;\n`));
    if (machine.evaluate('globalThis.isInstalled') !== true) {
      throw new Error(`XS could not load the bundle and ${program}: one of them is not valid there`);
    }
    machine.forgetFiles();
  } catch (error) {
    machine.close();
    throw error;
  }
  return { machine, close: () => machine.close() };
}
