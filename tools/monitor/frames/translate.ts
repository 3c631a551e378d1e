/**
 * From a place in a bundle to one in the TypeScript. XS knows the line of the statement that ran and no column
 * (xs/sources/xsCode.c: XS_CODE_LINE before each statement), so a line's first segment in the map is the one that is meant.
 */
import { decodedMappings, originalPositionFor } from '@jridgewell/trace-mapping';
import type { FrameEvent } from '../events.ts';
import type { Build, Bundle } from './bundles.ts';
import type { FunctionPlace } from './functions.ts';
import type { XsFrame } from './parse.ts';

export interface Place {
  source: number;
  /** Both from 1. */
  line: number;
  column: number;
}

/** More functions of one name are no help. */
const NAMESAKES_MAX = 4;

/** Rollup tells apart what has the same name in two modules: `start$1`. */
function written(name: string): string {
  return name.replace(/\$\d+$/, '');
}

function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

export function originalPlace({ map }: Bundle, line: number, column: number): Place | null {
  if (column > 0) {
    const found = originalPositionFor(map, { line, column: column - 1 });
    const source = found.source === null ? -1 : map.resolvedSources.indexOf(found.source);
    const index = source < 0 && found.source !== null ? map.sources.indexOf(found.source) : source;
    if (found.line !== null && index >= 0) return { source: index, line: found.line, column: found.column + 1 };
  }
  const lines = decodedMappings(map);
  for (let at = line - 1; at >= 0 && at < lines.length; at--) {
    const segment = lines[at].find((one) => one.length > 1);
    if (segment === undefined) continue;
    const [, source, original, originalColumn] = segment as [number, number, number, number];
    return { source, line: original + 1, column: originalColumn + 1 };
  }
  return null;
}

export class Translator {
  readonly build: Build;
  /** Paths under which the device knows a bundle. */
  readonly #aliases = new Map<string, Bundle>();

  constructor(build: Build) {
    this.build = build;
  }

  frame(frame: XsFrame, raw: string): FrameEvent {
    const bundle = this.bundleOf(frame.path) ?? this.#renamed(frame);
    if (bundle !== undefined) {
      const place = originalPlace(bundle, frame.line, frame.column);
      if (place !== null) return inBundle(bundle, place, frame, raw);
    }
    if (frame.path === '') return this.#byName(frame, raw);
    if (frame.path.endsWith('.ts')) return this.#byNameAndLine(frame, raw);
    return unknown(frame, raw);
  }

  bundleOf(path: string): Bundle | undefined {
    const name = baseName(path);
    return this.build.bundles.find(({ file }) => file === name);
  }

  /**
   * A bundle that goes by another name on the device: the one that has a function of this name around this line. Further
   * frames of the same path are its too, those without a name among them.
   */
  #renamed(frame: XsFrame): Bundle | undefined {
    const { name, path, line, column } = frame;
    const known = this.#aliases.get(path);
    if (known !== undefined || name === '' || line === 0 || path.endsWith('.ts')) return known;
    const found = this.build.bundles.filter((bundle) => {
      const place = originalPlace(bundle, line, column);
      const places = place === null ? [] : bundle.functions[place.source].named(written(name));
      return place !== null && places.some((one) => one.line <= place.line && place.line <= one.end_line);
    });
    if (found.length !== 1) return undefined;
    this.#aliases.set(path, found[0]);
    return found[0];
  }

  /** A release build has names only; one that occurs once or twice in the firmware is a place all the same. */
  #byName(frame: XsFrame, raw: string): FrameEvent {
    const found = this.#named(written(frame.name));
    if (found.length === 0 || found.length > NAMESAKES_MAX) return unknown(frame, raw);
    const [[file, { name, line, column }], ...more] = found;
    const others = more.map(([path, place]) => `${path}:${place.line}:${place.column}`);
    return { type: 'frame', function: name, file, line, column, known: 'function', others, raw };
  }

  /**
   * XS was given the map itself: the line is already that of the TypeScript, and the file is always the first of the
   * bundle's sources, for XS reads no other (xs/sources/xsSourceMap.c). The function's name tells which it is.
   */
  #byNameAndLine(frame: XsFrame, raw: string): FrameEvent {
    const found = this.#named(written(frame.name)).filter(
      ([, { line, end_line }]) => line <= frame.line && frame.line <= end_line,
    );
    if (found.length !== 1) return unknown(frame, raw);
    const [[file, { name }]] = found;
    return { type: 'frame', function: name, file, line: frame.line, column: 1, known: 'line', others: [], raw };
  }

  /** By file, so that a source which two bundles share counts once. */
  #named(bare: string): (readonly [string, FunctionPlace])[] {
    if (bare === '') return [];
    const byFile = new Map<string, (readonly [string, FunctionPlace])[]>();
    for (const { sources, functions } of this.build.bundles) {
      sources.forEach((file, index) => {
        if (byFile.has(file)) return;
        const places = functions[index].named(bare).map((place) => [file, place] as const);
        if (places.length > 0) byFile.set(file, places);
      });
    }
    return [...byFile.values()].flat();
  }
}

function inBundle(bundle: Bundle, place: Place, frame: XsFrame, raw: string): FrameEvent {
  const around = bundle.functions[place.source].around(place.line, place.column, written(frame.name));
  return {
    type: 'frame',
    function: around?.name ?? (frame.name === '' ? 'the module' : written(frame.name)),
    file: bundle.sources[place.source],
    line: place.line,
    column: place.column,
    known: 'line',
    others: [],
    raw,
  };
}

function unknown({ name, path, line, column }: XsFrame, raw: string): FrameEvent {
  return {
    type: 'frame',
    function: name === '' ? '(no name)' : name,
    file: path,
    line,
    column,
    known: 'none',
    others: [],
    raw,
  };
}
