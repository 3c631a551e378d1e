/** From what the board holds and what the user says to what it will hold, and which values that changes. */
import { UsageError } from '../../cli/errors.ts';
import { type Path, pathName } from '../../cli/json-path.ts';
import { didYouMean } from '../../cli/nearest.ts';
import type { NvsContents, NvsEntry } from '../nvs/contents.ts';
import { entriesOf, type Settings, settingsOf } from './board-settings.ts';
import { crossProblems } from './checks.ts';
import { pinWarnings, type Target } from './key-checks.ts';
import type { KeyText } from './key-fields.ts';
import { type Layer, problemLine, type Values } from './layers.ts';
import { isKeyName, KEYS, NAMESPACE, SETTINGS } from './names.ts';
import type { Problem } from '../../cli/schema.ts';
import { schemaProblems } from './schema.ts';

export interface Request {
  /** Oldest first: a later layer is laid over an earlier one. */
  layers: readonly Layer[];
  /** Keys of `--sensor`: each replaces the key of its name, or is one more. */
  sensors: Layer;
  /** Settings to take away. */
  unset: readonly string[];
}

export interface Plan {
  /** What the partition is to hold. */
  contents: NvsContents;
  /** Names of settings that get another value. */
  set: string[];
  /** Names of settings that go. */
  removed: string[];
  /** What the board will be told. */
  settings: Settings;
  /** What is allowed and likely not meant. */
  warnings: string[];
}

/** The keys of `--sensor` among those that are there: by name, the others behind. */
function withSensors(keys: readonly KeyText[], sensors: readonly KeyText[]): KeyText[] {
  const merged = [...keys];
  for (const sensor of sensors) {
    const at = merged.findIndex(({ name }) => name === sensor.name);
    if (at < 0) merged.push(sensor);
    else merged[at] = laidOver(merged[at], sensor);
  }
  return merged;
}

/** What a sensor says is laid over its key; `none` takes the source away. */
function laidOver(key: KeyText, sensor: KeyText): KeyText {
  const { source, ...rest } = key;
  return source === undefined || sensor.source !== undefined ? { ...key, ...sensor } : { ...rest, ...sensor };
}

function overlay({ layers, sensors, unset }: Request, held: Settings): Map<string, unknown> {
  const given: Values = Object.fromEntries(layers.flatMap(({ values }) => Object.entries(values)));
  const settings = new Map([...held, ...Object.entries(given)]);
  const added = (sensors.values[KEYS] ?? []) as readonly KeyText[];
  if (added.length > 0) {
    const keys = settings.get(KEYS) ?? [];
    if (given[KEYS] === undefined && schemaProblems({ keys }).length > 0 && held.has(KEYS)) {
      throw new UsageError('--sensor: the keys that the board holds cannot be read; give all keys in a --file instead');
    }
    settings.set(KEYS, withSensors(keys as readonly KeyText[], added));
  }
  // The password of another network is of no use, and its place is where one would look for the new one's.
  if (given.wifi_ssid !== undefined && given.wifi_ssid !== held.get('wifi_ssid') && given.wifi_password === undefined) {
    settings.delete('wifi_password');
  }
  for (const name of unset) settings.delete(name);
  return settings;
}

function checkUnset({ unset, layers, sensors }: Request): void {
  const known = [...Object.keys(SETTINGS), KEYS];
  for (const name of unset) {
    if (!known.includes(name)) {
      throw new UsageError(
        `--unset ${name}: there is no such setting${didYouMean(name, known) || `; there are ${known.join(', ')}`}`,
      );
    }
    const layer = [...layers, sensors].find(({ values }) => values[name] !== undefined);
    if (layer !== undefined) throw new UsageError(`--unset ${name}: ${layer.place([name])} sets it; do one of the two`);
  }
}

/** Where the value at a path was said. */
function placeOf(path: Path, { layers, sensors }: Request, settings: Settings): string {
  const [name, index] = path;
  if (name === KEYS && typeof index === 'number') {
    const key = (settings.get(KEYS) as readonly KeyText[])[index];
    const added = (sensors.values[KEYS] ?? []) as readonly KeyText[];
    const at = added.findLastIndex((sensor) => sensor.name === key.name);
    if (at >= 0) return sensors.place([KEYS, at]);
  }
  return (
    layers.findLast(({ values }) => values[String(name)] !== undefined)?.place(path) ?? 'with what the board holds'
  );
}

/** What hangs together wrongly. Keys that are none are another firmware's affair, as long as nobody changes them. */
function problemsOf(settings: Settings, target: Target): Problem[] {
  const checked = new Map(settings);
  if (schemaProblems({ keys: settings.get(KEYS) ?? [{ name: 'none' }] }).length > 0) checked.delete(KEYS);
  return crossProblems(checked, target);
}

/**
 * What the board held wrongly before is not this user's fault, and no reason to refuse another setting: it is told.
 *
 * @returns warnings of that
 * @throws UsageError for what is wrong besides
 */
function check(request: Request, held: Settings, settings: Settings, target: Target): string[] {
  const nameOf = ({ path, says }: Problem): string => `${pathName(path)} ${says}`;
  const before = new Set(problemsOf(held, target).map(nameOf));
  const all = problemsOf(settings, target);
  const problems = all.filter((problem) => !before.has(nameOf(problem)));
  if (problems.length > 0)
    throw new UsageError(problems.map((problem) => problemLine(problem, placeOf(problem.path, request, settings))));
  return all.map((problem) => problemLine(problem, 'the board may not start with what it holds'));
}

function same(a: NvsEntry | undefined, b: NvsEntry): boolean {
  return a?.type === b.type && Buffer.from(a.data).equals(b.data);
}

/** Settings by the name that people know: a key of the list is part of `keys`. */
const settingOf = (name: string): string => (isKeyName(name) ? KEYS : name);

function warningsOf(held: Settings, settings: Settings): string[] {
  const warnings: string[] = [];
  const before = held.get('swarm_key');
  if (before instanceof Uint8Array && !settings.has('swarm_key_old')) {
    const after = settings.has('swarm_key') ? entriesOf('swarm_key', settings.get('swarm_key'))[0].data : undefined;
    if (after === undefined || !Buffer.from(before).equals(after)) {
      const way = '--old-key-file lets it hear both while the swarm changes';
      warnings.push(`the board had another swarm key: it no longer hears those that have it; ${way}`);
    }
  }
  if (
    settings.has('wifi_ssid') &&
    !settings.has('wifi_password') &&
    settings.get('wifi_ssid') !== held.get('wifi_ssid')
  ) {
    warnings.push(`no password for the network ${String(settings.get('wifi_ssid'))}: it is taken as open`);
  }
  if (!settings.has('wifi_ssid')) warnings.push('no wifi_ssid: the board waits for one, and says so on its console');
  if (schemaProblems({ keys: settings.get(KEYS) ?? [{ name: 'none' }] }).length === 0)
    warnings.push(...pinWarnings((settings.get(KEYS) ?? []) as readonly KeyText[]));
  return warnings;
}

/** Names whose value is another object or text now; what nobody named stays in the partition as it is. */
function touchedNames(held: Settings, settings: Settings): Set<string> {
  const names = [...held.keys(), ...settings.keys()];
  return new Set(names.filter((name) => held.get(name) !== settings.get(name)));
}

/** @throws UsageError naming each setting that is wrong, where it stands, and what is allowed */
export function makePlan(held_contents: NvsContents, request: Request, target: Target): Plan {
  checkUnset(request);
  const held = settingsOf(held_contents);
  const settings = overlay(request, held);
  const standing = check(request, held, settings, target);
  const touched = touchedNames(held, settings);
  const wanted = [...settings].filter(([name]) => touched.has(name));
  const entries = wanted.flatMap(([name, value]) => entriesOf(name, value));
  const place = ({ namespace, key }: NvsEntry): string => `${namespace} ${key}`;
  const before = new Map(held_contents.entries.map((entry) => [place(entry), entry]));
  const after = new Set(entries.map(place));
  const changed = entries.filter((entry) => !same(before.get(place(entry)), entry));
  const isGone = (entry: NvsEntry): boolean =>
    entry.namespace === NAMESPACE && touched.has(settingOf(entry.key)) && !after.has(place(entry));
  const gone = held_contents.entries.filter(isGone);
  const replaced = new Set([...changed, ...gone].map(place));
  const contents = {
    ...held_contents,
    entries: [...held_contents.entries.filter((entry) => !replaced.has(place(entry))), ...changed],
  };
  // A list that only became shorter has changed all the same.
  const shorter = settings.has(KEYS) && gone.some(({ key }) => isKeyName(key)) ? [KEYS] : [];
  const set = [...new Set([...changed.map(({ key }) => settingOf(key)), ...shorter])];
  const removed = [...new Set(gone.map(({ key }) => settingOf(key)))].filter((name) => !settings.has(name));
  return { contents, set, removed, settings, warnings: [...standing, ...warningsOf(held, settings)] };
}
