/** Reading and setting what stands at a place inside a scenario. */
import type { Path } from '../../tools/cli/json-path.ts';

/** Whether `path` lies at or below `above`. */
export function isWithin(path: Path, above: Path): boolean {
  return above.every((step, i) => path[i] === step);
}

function child(parent: unknown, step: string | number): unknown {
  if (typeof parent !== 'object' || parent === null) return undefined;
  return (parent as Readonly<Record<string | number, unknown>>)[step];
}

export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce(child, root);
}

/** Sets the value at a path, making the objects and lists on the way. Changes `root`. */
export function setAt(root: Record<string, unknown>, path: Path, value: unknown): void {
  let parent = root as Record<string | number, unknown>;
  for (let i = 0; i < path.length - 1; i++) {
    const next = parent[path[i]];
    if (typeof next !== 'object' || next === null) parent[path[i]] = typeof path[i + 1] === 'number' ? [] : {};
    parent = parent[path[i]] as Record<string | number, unknown>;
  }
  parent[path[path.length - 1]] = value;
}
