/**
 * What the user says, in layers: the file, the environment, the flags. A later layer is laid over an earlier one. Each is
 * checked for itself, so that a fault is named where it stands.
 */
import { dirname, resolve } from 'node:path';
import type { Environment } from '../../cli/colour.ts';
import { UsageError } from '../../cli/errors.ts';
import { parseJson } from '../../cli/json-file.ts';
import { type Path, pathName } from '../../cli/json-path.ts';
import { didYouMean } from '../../cli/nearest.ts';
import { isSecret, KEYS, SETTINGS, settingName } from './names.ts';
import type { Problem } from '../../cli/schema.ts';
import { schemaProblems } from './schema.ts';
import { readSecret, readWithRights, rightsProblem } from './secret-file.ts';
import { parseSensor } from './sensor-flag.ts';

export type Values = Record<string, unknown>;

export interface Layer {
  values: Values;
  /** Where a value stands, for people: `board.json:7`, `--swarm`, `LVS_WIFI_PASSWORD`. */
  place: (path: Path) => string;
}

/** What flags say, as text. */
export interface FlagTexts {
  /** By the name of the setting. */
  plain: Readonly<Record<string, { flag: string; value: string }>>;
  /** Files that hold one secret each, by the setting's name. */
  secret_files: Readonly<Record<string, { flag: string; value: string }>>;
  /** `name=value` of `--set`. */
  set: readonly string[];
  sensors: readonly string[];
}

const LINES_SHOWN = 8;

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** A secret is never part of what is said about it, and what is no settings at all may be one. */
export function problemLine({ path, value, says }: Problem, place: string): string {
  const name = pathName(path) || 'the file';
  const hides = value === undefined || path.length === 0 || isSecret(String(path[0]));
  return hides ? `${place}: ${name} ${says}` : `${place}: ${name} is ${shown(value)}; it ${says}`;
}

export function refuse(problems: readonly Problem[], place: Layer['place']): void {
  if (problems.length === 0) return;
  const lines = problems.slice(0, LINES_SHOWN).map((problem) => problemLine(problem, place(problem.path)));
  if (problems.length > LINES_SHOWN) lines.push(`and ${problems.length - LINES_SHOWN} more wrong settings`);
  throw new UsageError(lines);
}

function checked(layer: Layer): Layer {
  refuse(schemaProblems(layer.values), layer.place);
  return layer;
}

/** `wifi_password_file` gives `wifi_password`, and so on. */
function withFiles(values: Values, folder: string, name: string): Values {
  const whole = { ...values };
  for (const [field, value] of Object.entries(values)) {
    const secret = field.replace(/_file$/, '');
    if (field === secret || typeof value !== 'string') continue;
    if (secret in values) throw new UsageError(`${name}: ${secret} and ${field} both give ${secret}; keep one of them`);
    whole[secret] = readSecret(resolve(folder, value), value);
  }
  return Object.fromEntries(Object.entries(whole).filter(([field]) => !field.endsWith('_file')));
}

function valueHas(value: unknown, field: string): boolean {
  return typeof value === 'object' && value !== null && field in value;
}

/** Not YAML: there a password of `0123`, `no` or `1e5` turns into another value. Scenarios and boards are JSON as well. */
const YAML_NAME = /\.ya?ml$/i;

export function fileLayer(name: string, cwd: string): Layer {
  if (YAML_NAME.test(name)) {
    throw new UsageError(
      `${name}: settings files are JSON here, because YAML changes values such as no and 0123; comments are welcome in them`,
    );
  }
  const path = resolve(cwd, name);
  const { text, mode } = readWithRights(path, name);
  const source = parseJson(name, text, 'settings');
  const place = (at: Path): string => {
    const [field] = at;
    const fromFile = valueHas(source.value, `${String(field)}_file`);
    return `${name}:${source.line(fromFile ? [`${String(field)}_file`] : at)}`;
  };
  refuse(schemaProblems(source.value), place);
  const values = { ...(source.value as Values) };
  delete values.$schema;
  const problem = Object.keys(values).some(isSecret) ? rightsProblem(mode, name) : '';
  if (problem !== '') throw new UsageError(`${name}: ${problem}`);
  return checked({ values: withFiles(values, dirname(path), name), place });
}

export function environmentLayer(env: Environment): Layer {
  const values: Values = {};
  for (const [name, { variable = '' }] of Object.entries(SETTINGS)) {
    const value = env[variable] ?? '';
    if (value !== '') values[name] = value;
  }
  return checked({ values, place: ([name]) => SETTINGS[name].variable ?? '' });
}

function setFlag(text: string): { name: string; value: unknown } {
  const equals = text.indexOf('=');
  const name = equals < 0 ? text : text.slice(0, equals);
  const setting = settingName(name);
  const open = Object.keys(SETTINGS).filter((one) => !isSecret(one));
  if (setting === undefined) {
    throw new UsageError(
      `--set ${name}: there is no such setting${didYouMean(name, open) || `; there are ${open.join(', ')}`}`,
    );
  }
  if (setting.secret) throw new UsageError(`--set ${name}: ${secretAdvice(name)}`);
  if (equals < 0) throw new UsageError(`--set ${name}: its value is missing; write --set ${name}=VALUE`);
  const value = text.slice(equals + 1);
  if (setting.kind === 'number')
    return { name, value: value.trim() === '' || Number.isNaN(Number(value)) ? value : Number(value) };
  if (setting.kind === 'flag') return { name, value: value === 'true' ? true : value === 'false' ? false : value };
  return { name, value };
}

/** Why a secret is refused on the command line, and where it may stand instead. */
export function secretAdvice(name: string): string {
  const flag =
    name === 'swarm_key'
      ? '--key-file'
      : name === 'swarm_key_old'
        ? '--old-key-file'
        : `--${name.replaceAll('_', '-')}-file`;
  return `a secret on the command line stays in the shell's history and shows in the list of processes; use ${flag} FILE, the variable ${SETTINGS[name].variable ?? ''}, or the prompt`;
}

export function flagLayer(flags: FlagTexts, cwd: string): Layer {
  const values: Values = {};
  const places = new Map<string, string>();
  const put = (name: string, value: unknown, place: string): void => {
    values[name] = value;
    places.set(name, place);
  };
  for (const [name, { flag, value }] of Object.entries(flags.plain)) put(name, value, flag);
  for (const text of flags.set) {
    const { name, value } = setFlag(text);
    put(name, value, `--set ${name}`);
  }
  for (const [name, { flag, value }] of Object.entries(flags.secret_files)) {
    put(name, readSecret(resolve(cwd, value), value), `${flag} ${value}`);
  }
  if (flags.sensors.length > 0) put(KEYS, flags.sensors.map(parseSensor), '--sensor');
  const place = ([name, index]: Path): string =>
    name === KEYS && typeof index === 'number' ? `--sensor ${flags.sensors[index]}` : (places.get(String(name)) ?? '');
  return checked({ values, place });
}
