/**
 * Whether every import of every module leads to a module. `xsl` says so only of preloaded ones; of others one would
 * learn on the device. The makefile names all modules and their sources.
 */
import { existsSync, readFileSync } from 'node:fs';

export interface ModuleSource {
  /** As other modules import it. */
  name: string;
  source: string;
}

/** The SDK keeps `embedded:io/analog` as `~.embedded/io/analog`. */
function nameOf(target: string): string {
  const match = /^~\.([^/]+)\/(.*)$/.exec(target);
  return match === null ? target : `${match[1]}:${match[2]}`;
}

/** Rules such as `$(MODULES_DIR)/main.xsb: /path/main.mjs`. */
export function modulesOf(makefile: string): ModuleSource[] {
  const rules = makefile.matchAll(/^\$\(MODULES_DIR\)\/(\S+)\.xsb: (\S+)/gm);
  return [...rules].map(([, target, source]) => ({ name: nameOf(target.replaceAll('\\#', '#')), source }));
}

/** Specifiers of static imports, as far as a line begins with them: enough for bundles and for the SDK's own modules. */
export function importsOf(code: string): string[] {
  const withFrom = code.matchAll(/^\s*(?:import|export)\b[^'";]*\bfrom\s*(['"])([^'"]+)\1/gm);
  const bare = code.matchAll(/^\s*import\s*(['"])([^'"]+)\1/gm);
  return [...withFrom, ...bare].map((match) => match[2]);
}

/** One line for each import that leads nowhere. */
export function unresolvedImports(makefile: string): string[] {
  const modules = modulesOf(makefile);
  const names = new Set(modules.map(({ name }) => name));
  return modules.flatMap(({ name, source }) => {
    if (!existsSync(source) || source.endsWith('.json')) return [];
    const lost = importsOf(readFileSync(source, 'utf8')).filter((one) => !names.has(one));
    return lost.map((one) => `${name} (${source}) imports "${one}"`);
  });
}
