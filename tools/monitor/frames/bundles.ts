/** The bundles that the device runs, with the source maps that the build kept beside them. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { TraceMap } from '@jridgewell/trace-mapping';
import { systemReason } from '../../cli/errors.ts';
import { Functions } from './functions.ts';

export interface Bundle {
  /** As frames name it: `node.mjs`. */
  file: string;
  map: TraceMap;
  /** Of the map, each from the project's root: `firmware/runtime/cycle.ts`. */
  sources: readonly string[];
  /** The functions of each source. */
  functions: readonly Functions[];
}

export interface Build {
  /** Where the bundles lie. */
  folder: string;
  bundles: readonly Bundle[];
  /** Of node.mjs, '' where it is not beside its map. */
  sha256: string;
  built: Date | null;
  /** Maps that cannot be read, each with the reason. */
  problems: readonly string[];
}

/** Maps name their sources from the folder that they lie in; the firmware is what every one of them has. */
function fromRoot(source: string | null): string {
  const path = posix.normalize((source ?? '').replaceAll('\\', '/'));
  const at = path.lastIndexOf('firmware/');
  return at < 0 ? path.replace(/^(\.\.\/)+/, '') : path.slice(at);
}

function readBundle(path: string, file: string): Bundle {
  const map = new TraceMap(readFileSync(path, 'utf8'));
  const texts = map.sourcesContent ?? [];
  return {
    file,
    map,
    sources: map.sources.map(fromRoot),
    functions: map.sources.map((_, index) => new Functions(texts[index] ?? '')),
  };
}

/** A map that cannot be read is no reason not to watch a board: its frames are shown as they came. */
export function readBuild(folder: string): Build {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.mjs.map')) : [];
  const bundles: Bundle[] = [];
  const problems: string[] = [];
  for (const name of names.sort()) {
    try {
      bundles.push(readBundle(join(folder, name), name.replace(/\.map$/, '')));
    } catch (error) {
      problems.push(`${name} is no source map (${systemReason(error)})`);
    }
  }
  const node = join(folder, 'node.mjs');
  const there = existsSync(node);
  return {
    folder,
    bundles,
    sha256: there ? createHash('sha256').update(readFileSync(node)).digest('hex') : '',
    built: there ? statSync(node).mtime : null,
    problems,
  };
}
