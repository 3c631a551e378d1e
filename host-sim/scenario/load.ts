/**
 * From a scenario's name or file, and what is laid over it, to a scenario that is complete and checked. One way in for
 * the command, the sweep and the benchmarks.
 */
import type { Scenario } from '../world/scenario.ts';
import { readScenario } from './catalogue.ts';
import type { NamedSource } from './catalogue.ts';
import { crossProblems } from './checks.ts';
import type { DataFiles } from './data.ts';
import type { LinkTable } from './links.ts';
import { setAt, valueAt } from './path.ts';
import type { Path } from '../../tools/cli/json-path.ts';
import type { Problem } from '../../tools/cli/schema.ts';
import type { ReadingTable } from './readings.ts';
import { scenarioProblems, withDefaults } from './schema.ts';
import { refuse } from './setting.ts';
import type { Setting } from './setting.ts';

export interface Loaded {
  scenario: Scenario;
  data: { links: LinkTable | null; readings: ReadingTable | null };
}

type Draft = Record<string, unknown>;

/** Lists of faults, and the field of an entry that says when it begins. */
const BEGINNINGS = {
  partitions: 'from_cycle',
  cuts: 'from_cycle',
  crashes: 'cycle',
  joins: 'cycle',
  leaves: 'cycle',
  attacks: 'from_cycle',
  stuck: 'from_cycle',
};

/** A run made shorter than its file says never sees the faults that would come later. */
function leaveOutLaterFaults(draft: Draft, cycles: number): void {
  for (const [list, beginning] of Object.entries(BEGINNINGS)) {
    const entries = draft[list];
    if (!Array.isArray(entries)) continue;
    draft[list] = entries.filter((entry: unknown) => {
      const cycle = valueAt(entry, [beginning]);
      return typeof cycle !== 'number' || cycle <= cycles;
    });
  }
}

/** One path for each entry that a step '*' stands for. */
function spread(draft: Draft, path: Path): Path[] {
  const star = path.indexOf('*');
  if (star < 0) return [path];
  const entries = valueAt(draft, path.slice(0, star));
  const count = Array.isArray(entries) ? entries.length : 0;
  return Array.from({ length: count }, (_, i) => [...path.slice(0, star), i, ...path.slice(star + 1)]);
}

/** `--keys` says how many keys, or their names: each is as the scenario's first. Null for a list of whole keys. */
function copiesOfFirstKey(draft: Draft, value: unknown): Draft[] | null {
  const first = valueAt(draft, ['keys', 0]) as Draft;
  if (typeof value === 'number') return Array.from({ length: value }, (_, i) => (i === 0 ? first : unnamed(first)));
  if (!Array.isArray(value) || !value.every((name) => typeof name === 'string')) return null;
  return value.map((name) => ({ ...first, name }));
}

function unnamed(key: Draft): Draft {
  const copy = { ...key };
  delete copy.name;
  return copy;
}

function layOver(draft: Draft, settings: readonly Setting[]): void {
  const cycles = settings.findLast(({ path }) => path.length === 1 && path[0] === 'cycles');
  if (typeof cycles?.value === 'number') leaveOutLaterFaults(draft, cycles.value);
  draft.keys ??= [{}];
  for (const { path, value } of settings) {
    const keys = path.length === 1 && path[0] === 'keys' ? copiesOfFirstKey(draft, value) : null;
    if (keys !== null) {
      draft.keys = keys;
      continue;
    }
    for (const each of spread(draft, path)) setAt(draft, each, value);
  }
}

/** `key1`, `key2` and so on, wherever the scenario names no key. */
function nameKeys(draft: Draft): void {
  const keys = draft.keys as Record<string, unknown>[];
  keys.forEach((key, i) => (key.name ??= `key${i + 1}`));
}

const UNNAMED = /^key\d+$/;

/** Keys that nobody named take the names in the file of readings, one after the other. */
function takeKeysOf(readings: ReadingTable, scenario: Scenario): Problem[] {
  const free = readings.keys.filter((name) => !scenario.keys.some((key) => key.name === name));
  const problems: Problem[] = [];
  scenario.keys.forEach((key, i) => {
    if (UNNAMED.test(key.name) && free.length > 0) key.name = free.shift() ?? key.name;
    const k = readings.keys.indexOf(key.name);
    const path = ['keys', i, 'name'];
    if (k < 0) {
      const says = `must be a key that ${scenario.inputs.file} holds: ${readings.keys.join(', ')}`;
      problems.push({ path, value: key.name, says, related: [['inputs', 'file'], ['keys']] });
      return;
    }
    const [low, high] = key.range;
    const wrong = readings.series[k].flat().find((value) => value < low || value > high);
    if (wrong === undefined) return;
    const says = `must hold every reading of ${key.name}; ${scenario.inputs.file} has ${wrong}`;
    problems.push({ path: ['keys', i, 'range'], value: key.range, says, related: [['inputs', 'file']] });
  });
  return problems;
}

/** Whether someone who knew of the links said how many nodes there are. */
function asksForNodes(value: unknown, settings: readonly Setting[]): boolean {
  if (settings.some(({ path }) => path[0] === 'nodes')) return true;
  return valueAt(value, ['topology']) === 'links' && valueAt(value, ['nodes']) !== undefined;
}

function takeNodesOf(links: LinkTable, scenario: Scenario, asked: boolean): Problem[] {
  const { nodes } = scenario;
  scenario.nodes = links.nodes.length;
  if (!asked || nodes === scenario.nodes) return [];
  const says = `must be left out or be ${scenario.nodes}, the living sensors in ${scenario.links}`;
  return [{ path: ['nodes'], value: nodes, says, related: [['links']] }];
}

/** The tables that a scenario, once complete, needs. */
export function readData(scenario: Scenario, files: DataFiles): Loaded['data'] {
  return {
    links: scenario.topology === 'links' && scenario.links !== '' ? files.links(scenario.links) : null,
    readings:
      scenario.inputs.kind === 'csv' && scenario.inputs.file !== '' ? files.readings(scenario.inputs.file) : null,
  };
}

/** Completes and checks what a source says, with the settings laid over it. */
export function completeScenario(
  { name, source }: NamedSource,
  settings: readonly Setting[],
  files: DataFiles,
): Loaded {
  refuse(scenarioProblems(source.value), source, []);
  const draft = structuredClone(source.value) as Draft;
  delete draft.$schema;
  draft.name ??= name;
  layOver(draft, settings);
  nameKeys(draft);
  refuse(scenarioProblems(draft), source, settings);
  const scenario = withDefaults(draft);
  const data = readData(scenario, files);
  const problems: Problem[] = [];
  if (data.links !== null) problems.push(...takeNodesOf(data.links, scenario, asksForNodes(source.value, settings)));
  if (data.readings !== null) problems.push(...takeKeysOf(data.readings, scenario));
  refuse([...problems, ...crossProblems(scenario)], source, settings);
  return { scenario, data };
}

export function loadScenario(nameOrPath: string, cwd: string, settings: readonly Setting[], files: DataFiles): Loaded {
  return completeScenario(readScenario(nameOrPath, cwd), settings, files);
}
