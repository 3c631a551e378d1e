/** From files and flags to the firmware's settings. A flag wins over a file, a file over the default. */
import { resolve } from 'node:path';
import type { KeySettings, Settings } from '../../../firmware/node.ts';
import { UsageError } from '../../../tools/cli/errors.ts';
import { readJson, type JsonSource } from '../../../tools/cli/json-file.ts';
import { crossProblems } from '../../scenario/checks.ts';
import type { Problem } from '../../../tools/cli/schema.ts';
import { withDefaults } from '../../scenario/schema.ts';
import { refuse } from '../../scenario/setting.ts';
import type { FirmwareApi } from '../../world/bundle.ts';
import { keySettings } from '../../world/settings.ts';
import { checkKeysFile, checkSettingsFile } from './schema.ts';

/** The order of the firmware's constants (firmware/settings.ts). */
const RELAYS = ['off', 'safe', 'open'];

export interface SettingsOptions {
  cwd: string;
  /** Undefined for none. */
  keys_file: string | undefined;
  settings_file: string | undefined;
  /** Keys that sensors are given for: they are the swarm's keys where no file names any. */
  sensor_keys: readonly string[];
  /** Undefined where no flag says it. */
  swarm: string | undefined;
  cycle_ms: number | undefined;
  per_address: number | undefined;
}

interface FileSettings {
  swarm?: string;
  keys?: object[];
  cycle_ms?: number;
  relay?: string;
  relay_entries?: number;
  table?: number;
  shards?: number;
  replicas?: number;
  alpha?: number;
  per_address?: number;
  session_cycles?: number;
  site?: string;
}

/** A file of keys is a list of them, or an object with such a list: the simulator's scenarios are that too. */
function readKeysFile(file: string, cwd: string): { source: JsonSource; keys: object[] } {
  const source = readJson(resolve(cwd, file), file, 'settings');
  const { value } = source;
  const inside = typeof value === 'object' && value !== null && !Array.isArray(value) && 'keys' in value;
  const list: unknown = inside ? value.keys : value;
  const at = (problem: Problem): Problem => (inside ? { ...problem, path: ['keys', ...problem.path] } : problem);
  refuse(checkKeysFile(list).map(at), source, []);
  return { source, keys: list as object[] };
}

function readSettingsFile(file: string, cwd: string): { source: JsonSource; given: FileSettings } {
  const source = readJson(resolve(cwd, file), file, 'settings');
  refuse(checkSettingsFile(source.value), source, []);
  return { source, given: source.value as FileSettings };
}

/** Fills in a scenario's defaults, which are a device's too, and checks how the fields of a key hang together. */
function completeKeys(keys: readonly object[], source: JsonSource | null): KeySettings[] {
  const scenario = withDefaults({ keys });
  if (source !== null) {
    const bare = Array.isArray(source.value);
    const problems = crossProblems(scenario).filter(({ path }) => path[0] === 'keys');
    const inFile = (path: Problem['path']): Problem['path'] => (bare ? path.slice(1) : path);
    refuse(
      problems.map((problem) => ({ ...problem, path: inFile(problem.path), related: problem.related?.map(inFile) })),
      source,
      [],
    );
  }
  return scenario.keys.map(keySettings);
}

/** @throws UsageError naming what is wrong, and where */
export function readSettings(api: FirmwareApi, options: SettingsOptions): Settings {
  const { cwd, keys_file, settings_file, sensor_keys } = options;
  const file = settings_file === undefined ? null : readSettingsFile(settings_file, cwd);
  const keys = keys_file === undefined ? null : readKeysFile(keys_file, cwd);
  const given: FileSettings = file?.given ?? {};
  const fromSensors = sensor_keys.map((name) => ({ name }));
  const list = keys?.keys ?? given.keys ?? fromSensors;
  if (list.length === 0) {
    throw new UsageError(
      'this node has no key: say what it measures with --sensor room1/temp=21.5, or what the swarm measures with --keys FILE',
    );
  }
  const source = keys?.source ?? (given.keys === undefined ? null : (file?.source ?? null));
  const usual = api.defaultSettings();
  const settings: Settings = {
    swarm: options.swarm ?? given.swarm ?? usual.swarm,
    keys: completeKeys(list, source),
    cycle_ms: options.cycle_ms ?? given.cycle_ms ?? usual.cycle_ms,
    relay: given.relay === undefined ? usual.relay : RELAYS.indexOf(given.relay),
    relay_entries: given.relay_entries ?? usual.relay_entries,
    table: given.table ?? usual.table,
    shards: given.shards ?? usual.shards,
    replicas: given.replicas ?? usual.replicas,
    alpha: given.alpha ?? usual.alpha,
    nodes_per_address: options.per_address ?? given.per_address ?? usual.nodes_per_address,
    session_cycles: given.session_cycles ?? usual.session_cycles,
    site: given.site ?? usual.site,
  };
  const wrong = api.checkSettings(settings);
  if (wrong !== '') throw new UsageError(`${keys_file ?? settings_file ?? '--sensor'}: ${wrong}`);
  return settings;
}
