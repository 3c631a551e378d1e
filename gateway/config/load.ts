/** From a YAML file to a configuration, or to everything that is wrong with it. */
import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { dirname, resolve } from 'node:path';
import type { Environment } from '../../tools/cli/colour.ts';
import { isLoopback } from '../../host-sim/node-platform/address.ts';
import { readBroker, readPassword } from './broker.ts';
import { readSource } from './check-sources.ts';
import { keysProblems, swarmProblems } from './check-swarm.ts';
import type { FederationConfig, GatewayConfig, HttpConfig, MqttConfig, SourceConfig, SwarmConfig } from './config.ts';
import { pathName, type Path } from '../../tools/cli/json-path.ts';
import type { Fault, Problem } from './fault.ts';
import { mend } from './mend.ts';
import type { RawConfig } from './raw.ts';
import { Reader } from './reader.ts';
import { checkSchema } from './schema.ts';
import { readKeys } from './secrets.ts';
import { readYaml } from './yaml-file.ts';

export interface Loaded {
  /** Null when there are faults. */
  config: GatewayConfig | null;
  /** In the order of the file. */
  faults: Fault[];
}

export interface LoadOptions {
  cwd: string;
  env: Environment;
}

/** @param file as the user wrote it */
export function loadConfig(file: string, { cwd, env }: LoadOptions): Loaded {
  const path = resolve(cwd, file);
  const { value, faults, locate } = readYaml(path, file);
  if (faults.length > 0) return { config: null, faults };
  const problems = checkSchema(value);
  const reader = new Reader(dirname(path), env);
  if (problems.length > 0) {
    if (mend(value, problems)) readConfig(value as RawConfig, reader);
    return { config: null, faults: inOrder([...problems, ...follow(problems, reader.problems)].map(locate)) };
  }
  const config = readConfig(value as RawConfig, reader);
  if (reader.problems.length > 0) return { config: null, faults: inOrder(reader.problems.map(locate)) };
  return { config, faults: [] };
}

/** Of what was found after a mend: not what is there because of the mend. */
function follow(first: readonly Problem[], then: readonly Problem[]): Problem[] {
  const places = first.map(({ path }) => pathName(path));
  const nameless = places.some((place) => place === 'keys' || /^keys\[\d+\]\.name$/.test(place));
  return then.filter(({ path }) => {
    const place = pathName(path);
    if (nameless && /^sources\[\d+\]\.key$/.test(place)) return false;
    return !places.some((told) => place.startsWith(told) || told.startsWith(place));
  });
}

function inOrder(faults: Fault[]): Fault[] {
  return faults.sort((a, b) => a.line - b.line || a.column - b.column);
}

function readConfig(raw: RawConfig, reader: Reader): GatewayConfig {
  reader.problems.push(...swarmProblems(raw.swarm), ...keysProblems(raw.keys));
  const swarm = readSwarm(raw, reader);
  const sources = raw.sources.map((one, index) => {
    const { source, problems } = readSource(one, index, raw.keys, (path) => reader.absolute(path));
    reader.problems.push(...problems);
    return source;
  });
  tellApart(sources);
  const client_id = clientId(raw.site, swarm.state);
  return {
    site: raw.site,
    swarm,
    keys: raw.keys,
    sources,
    mqtt: readMqtt(raw, client_id, reader),
    federation: readFederation(raw, client_id, reader),
    http: readHttp(raw, reader),
    history: raw.history,
    log: raw.log,
  };
}

/** Two sources may take different fields of one topic: alarms and metrics know them by their names. */
function tellApart(sources: SourceConfig[]): void {
  const seen = new Map<string, number>();
  for (const source of sources) {
    const count = (seen.get(source.name) ?? 0) + 1;
    seen.set(source.name, count);
    if (count > 1) source.name = `${source.name} #${count}`;
  }
}

function readSwarm({ swarm }: RawConfig, reader: Reader): SwarmConfig {
  const key_file = swarm.key_file === undefined ? '' : reader.absolute(swarm.key_file);
  const key_file_old = swarm.key_file_old === undefined ? '' : reader.absolute(swarm.key_file_old);
  if (key_file !== '') reader.take(['swarm', 'key_file'], readKeys([key_file]));
  if (key_file_old !== '') reader.take(['swarm', 'key_file_old'], readKeys([key_file, key_file_old]));
  return {
    ...swarm,
    key_file,
    key_file_old,
    interface: swarm.interface ?? '',
    group: swarm.group ?? '',
    state: reader.stateFolder(swarm.state),
  };
}

/** Another one for each gateway, and the same after each restart. */
function clientId(site: string, state: string): string {
  const hash = createHash('sha256').update(`${hostname()}\n${state}`).digest('hex').slice(0, 8);
  return `lvs-${site.slice(0, 32)}-${hash}`;
}

/** Whoever reaches the port can take part: beyond this computer that needs a password. */
function checkReach(bind: string, password: string, path: Path, reader: Reader): void {
  if (bind === 'localhost' || isLoopback(bind) || password !== '') return;
  const says = `${bind} is reached from other computers, and that needs a password: name its file as password_file, or listen at 127.0.0.1`;
  if (!reader.problems.some(({ path: other }) => other.join().startsWith([...path.slice(0, -1), 'password'].join()))) {
    reader.problem(path, says);
  }
}

function readMqtt({ mqtt }: RawConfig, client_id: string, reader: Reader): MqttConfig {
  const { embedded } = mqtt;
  const broker = readBroker(mqtt, ['mqtt'], client_id, reader);
  const path = ['mqtt', 'embedded'];
  const password = readPassword(embedded, path, reader);
  const used = broker.url === '' && embedded.enabled;
  if (used) checkReach(embedded.bind, password, [...path, 'bind'], reader);
  return {
    ...broker,
    prefix: mqtt.prefix,
    every_s: mqtt.every_s,
    discovery: mqtt.discovery,
    embedded: { ...embedded, enabled: used, user: embedded.user ?? '', password },
  };
}

function readFederation({ federation: raw }: RawConfig, client_id: string, reader: Reader): FederationConfig {
  if (raw === undefined) {
    const none = { enabled: false, key_file: '', key_file_old: '', broker: null };
    return { ...none, topic: 'lvs-federation', weight_max: 1000, weights: {}, window_s: 30 };
  }
  const { enabled, topic, weight_max, weights, window_s } = raw;
  const key_file = raw.key_file === undefined ? '' : reader.absolute(raw.key_file);
  const key_file_old = raw.key_file_old === undefined ? '' : reader.absolute(raw.key_file_old);
  if (enabled && key_file === '') {
    reader.problem(
      ['federation', 'key_file'],
      'is missing; other sites are believed by this key only: make one with "npm run provision -- new-key"',
    );
  }
  if (key_file !== '') reader.take(['federation', 'key_file'], readKeys([key_file]));
  if (key_file_old !== '') reader.take(['federation', 'key_file_old'], readKeys([key_file, key_file_old]));
  const broker =
    raw.broker === undefined ? null : readBroker(raw.broker, ['federation', 'broker'], `${client_id}-f`, reader);
  return { enabled, key_file, key_file_old, topic, weight_max, weights, window_s, broker };
}

function readHttp({ http }: RawConfig, reader: Reader): HttpConfig {
  const password = readPassword(http, ['http'], reader);
  const { enabled, bind, port, proxies } = http;
  if (enabled) checkReach(bind, password, ['http', 'bind'], reader);
  return { enabled, bind, port, proxies, password };
}
