/** What the schema cannot say of a source: how its settings hang together, with each other and with its key. */
import { didYouMean } from '../../tools/cli/nearest.ts';
import { fieldProblem } from '../sources/field.ts';
import { matchProblem } from '../sources/match.ts';
import { filterProblem } from '../mqtt/topic.ts';
import type { KeyConfig, SourceConfig, SourceInput } from './config.ts';
import type { Path } from '../../tools/cli/json-path.ts';
import type { Problem } from './fault.ts';
import type { RawSource } from './raw.ts';
import { conversion, relatives } from './units.ts';

type Kind = SourceInput['kind'];

/** Settings that only some kinds have. */
const ONLY: readonly (readonly [keyof RawSource, readonly Kind[]])[] = [
  ['baud', ['serial']],
  ['timeout_s', ['command']],
  ['field', ['mqtt', 'serial', 'file', 'command']],
  ['match', ['mqtt', 'serial', 'file', 'command']],
];

/** Where nothing is given. A Zigbee sensor reports at least each hour; what is asked is asked three times at least. */
const EVERY_S: Readonly<Record<Kind, number>> = { mqtt: 0, serial: 0, file: 5, 'one-wire': 30, command: 30 };
const SILENT_S: Readonly<Record<Kind, number>> = { mqtt: 3900, serial: 60, file: 30, 'one-wire': 120, command: 120 };
const SILENT_TURNS = 3;
const BAUD = 9600;
const TIMEOUT_S = 10;
/** Programs and buses are not asked more often. */
const EVERY_MIN_S = 0.05;

function inputOf(raw: RawSource, absolute: (path: string) => string): SourceInput {
  if (raw.mqtt !== undefined) return { kind: 'mqtt', topic: raw.mqtt };
  if (raw.serial !== undefined) return { kind: 'serial', device: absolute(raw.serial), baud: raw.baud ?? BAUD };
  if (raw.file !== undefined) return { kind: 'file', path: absolute(raw.file) };
  if (raw.one_wire !== undefined) {
    return { kind: 'one-wire', device: raw.one_wire, folder: absolute(raw.one_wire_folder) };
  }
  return { kind: 'command', command: raw.command ?? '', timeout_s: raw.timeout_s ?? TIMEOUT_S };
}

function subjectOf(input: SourceInput): string {
  switch (input.kind) {
    case 'mqtt':
      return input.topic;
    case 'serial':
    case 'one-wire':
      return input.device;
    case 'file':
      return input.path;
    case 'command':
      return input.command.length > 40 ? `${input.command.slice(0, 40)}...` : input.command;
  }
}

function textProblems(raw: RawSource, kind: Kind, path: Path): Problem[] {
  const problems: Problem[] = [];
  for (const [name, kinds] of ONLY) {
    if (raw[name] === undefined || kinds.includes(kind)) continue;
    problems.push({ path: [...path, name], says: `is for ${kinds.join(', ')} sources, and this one is ${kind}` });
  }
  const add = (name: keyof RawSource, says: string): void => {
    if (says !== '') problems.push({ path: [...path, name], says });
  };
  if (raw.mqtt !== undefined) add('mqtt', filterProblem(raw.mqtt));
  if (raw.field !== undefined) add('field', fieldProblem(raw.field));
  if (raw.match !== undefined) add('match', matchProblem(raw.match));
  if (raw.field !== undefined && raw.match !== undefined) add('match', 'stands beside field: a source has one of them');
  return problems;
}

function rangeProblems(raw: RawSource, key: KeyConfig, path: Path): Problem[] {
  const { min = key.range[0], max = key.range[1] } = raw;
  const [low, high] = key.range;
  // Of a range that is none the key's own fault tells.
  if (low >= high) return [];
  if (min >= max)
    return [{ path: [...path, raw.min === undefined ? 'max' : 'min'], says: `min ${min} must be below max ${max}` }];
  if (max < low || min > high) {
    const says = `${min} to ${max} lies outside the range of ${key.name}, ${low} to ${high}; nothing would ever count`;
    return [{ path: [...path, raw.min === undefined ? 'max' : 'min'], says }];
  }
  return [];
}

function unitProblems(raw: RawSource, key: KeyConfig, path: Path): Problem[] {
  if (raw.unit === undefined || conversion(raw.unit, key.unit) !== null) return [];
  const known = relatives(key.unit);
  const list = known.length === 0 ? '' : ` (${known.join(', ')} turn into it)`;
  const says = `"${raw.unit}" does not turn into ${key.name}'s unit "${key.unit}"${list}; leave unit out and say it with scale and offset`;
  return [{ path: [...path, 'unit'], says }];
}

/** A 1-Wire thermometer gives degrees Celsius, whatever the key is in. */
function usualUnit(kind: Kind, key_unit: string): string {
  return kind === 'one-wire' && conversion('°C', key_unit) !== null ? '°C' : '';
}

/** A source with its defaults. Its key need not exist: then the problem says so. */
export function readSource(
  raw: RawSource,
  index: number,
  keys: readonly KeyConfig[],
  absolute: (path: string) => string,
): { source: SourceConfig; problems: Problem[] } {
  const path: Path = ['sources', index];
  const input = inputOf(raw, absolute);
  const { kind } = input;
  const problems = textProblems(raw, kind, path);
  const key = keys.find(({ name }) => name === raw.key);
  if (key === undefined) {
    const names = keys.map(({ name }) => name);
    const hint = didYouMean(raw.key, names) || `; there are ${names.join(', ')}`;
    problems.push({ path: [...path, 'key'], says: `"${raw.key}" is none of the keys${hint}` });
  } else {
    problems.push(...rangeProblems(raw, key, path), ...unitProblems(raw, key, path));
  }
  const pushed = kind === 'mqtt' || kind === 'serial';
  const every_s = Math.max(raw.every_s ?? EVERY_S[kind], pushed ? 0 : EVERY_MIN_S);
  const silent_after_s = raw.silent_after_s ?? Math.max(SILENT_S[kind], SILENT_TURNS * every_s);
  if (silent_after_s <= every_s) {
    const says = `${silent_after_s} s must be more than every_s, ${every_s} s: between two readings it is silent`;
    problems.push({ path: [...path, 'silent_after_s'], says });
  }
  const source: SourceConfig = {
    name: `${raw.key} (${kind} ${subjectOf(input)})`,
    key: raw.key,
    input,
    field: raw.field ?? '',
    match: raw.match ?? '',
    scale: raw.scale,
    offset: raw.offset,
    unit: raw.unit ?? usualUnit(kind, key?.unit ?? ''),
    min: Math.max(raw.min ?? -Infinity, key?.range[0] ?? 0),
    max: Math.min(raw.max ?? Infinity, key?.range[1] ?? 0),
    jump: raw.jump ?? Infinity,
    jump_per_s: raw.jump_per_s ?? Infinity,
    silent_after_s,
    every_s,
    good: raw.good,
  };
  return { source, problems };
}
