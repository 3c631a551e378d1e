/** Sources that were edited after the build: their lines are those of the build, and an editor shows others. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { notice, type NoticeEvent } from '../events.ts';
import type { Build } from './bundles.ts';

export class Changed {
  readonly #root: string;
  readonly #build: Build;
  readonly #told = new Set<string>();

  constructor(root: string, build: Build) {
    this.#root = root;
    this.#build = build;
  }

  /** A notice at the first place in a file that is no longer what was built. */
  look(file: string): NoticeEvent[] {
    if (file === '' || this.#told.has(file)) return [];
    this.#told.add(file);
    const path = join(this.#root, file);
    const built = this.#textOf(file);
    if (built === null || !existsSync(path) || readFileSync(path, 'utf8') === built) return [];
    return [notice('W', `${file} was edited after the build: lines are those of the build`)];
  }

  #textOf(file: string): string | null {
    for (const { sources, map } of this.#build.bundles) {
      const at = sources.indexOf(file);
      if (at >= 0) return map.sourcesContent?.[at] ?? null;
    }
    return null;
  }
}
