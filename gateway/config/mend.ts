/**
 * Takes out of a configuration what the schema refuses, so that the rest can be looked at too: whoever mends a file wants
 * to hear of every fault at once.
 */
import { checkSchema, type SchemaProblem } from './schema.ts';
import type { Path } from '../../tools/cli/json-path.ts';

type Container = Record<string | number, unknown>;

const KINDS = ['mqtt', 'serial', 'file', 'one_wire', 'command'];

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null;
}

function containerAt(root: unknown, path: Path): Container | null {
  let value = root;
  for (const step of path) value = isContainer(value) ? value[step] : undefined;
  return isContainer(value) ? value : null;
}

/** Of a list, such as a range, the whole goes: half of it means nothing. */
function fieldPath(path: Path): Path {
  const last = path.at(-1);
  const inEntry = path.length === 2 && typeof last === 'number';
  return typeof last === 'number' && !inEntry ? path.slice(0, -1) : path;
}

/** What stands in for what has to be there and is not. Names that no file has, so that nothing seems to refer to them. */
function standIn(path: Path, root: unknown): unknown {
  const field = path.at(-1);
  if (path[0] === 'keys' && field === 'name') return `no-name-${path[1]}`;
  if (path[0] === 'sources' && field === 'key') return containerAt(root, ['keys', 0])?.name;
  return field === 'url' ? 'mqtt://localhost' : undefined;
}

function mendOne(root: unknown, { path, keyword }: SchemaProblem): void {
  if (keyword === 'oneOf') {
    const source = containerAt(root, path);
    if (source === null) return;
    const given = KINDS.filter((kind) => kind in source);
    if (given.length === 0) source.mqtt = 'none';
    for (const kind of given.slice(1)) Reflect.deleteProperty(source, kind);
    return;
  }
  const place = fieldPath(path);
  const name = place.at(-1);
  const container = containerAt(root, place.slice(0, -1));
  if (container === null || name === undefined) return;
  const other = standIn(place, root);
  if (other === undefined) Reflect.deleteProperty(container, name);
  else container[name] = other;
}

/** True when what is left can be read. Changes `value`. */
export function mend(value: unknown, problems: readonly SchemaProblem[]): boolean {
  // Names of keys first: what refers to them comes after.
  const order = [...problems].sort((a, b) => Number(a.path[0] === 'sources') - Number(b.path[0] === 'sources'));
  for (const problem of order) mendOne(value, problem);
  return checkSchema(value).length === 0;
}
