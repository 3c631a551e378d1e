/** The words behind `npm run node --`, read and checked as far as they stand for themselves. */
import { isIP } from 'node:net';
import type { Command } from 'commander';
import { createCommand, parseCommand } from '../../tools/cli/commander.ts';
import { UsageError } from '../../tools/cli/errors.ts';
import { didYouMean } from '../../tools/cli/nearest.ts';
import { DEFAULT_GROUP, DEFAULT_PORT, parseEndpoint, type Endpoint } from '../node-platform/address.ts';
import { parseSensor, type SensorSpec } from '../node-platform/sensors/parse.ts';

export const TRANSPORTS = ['udp', 'multicast', 'peers', 'tcp'] as const;
export type TransportName = (typeof TRANSPORTS)[number];

export interface NodeOptions {
  action: 'run' | 'status' | 'help';
  /** With `help`: the text. */
  help: string;
  swarm: string | undefined;
  key_file: string | undefined;
  key_file_old: string | undefined;
  private: boolean;
  transport: TransportName;
  group: string;
  iface: string;
  port: number;
  peers: Endpoint[];
  listen: boolean;
  per_address: number | undefined;
  sensors: SensorSpec[];
  keys_file: string | undefined;
  settings_file: string | undefined;
  state: string | undefined;
  cycle_ms: number | undefined;
  status_cycles: number;
  json: boolean;
}

interface Parsed {
  swarm?: string;
  keyFile?: string;
  keyFileOld?: string;
  private?: boolean;
  transport: string;
  group?: string;
  iface?: string;
  port: string;
  peer?: string[];
  listen?: boolean;
  perAddress?: string;
  sensor?: string[];
  keys?: string;
  settings?: string;
  state?: string;
  cycleMs?: string;
  statusCycles: string;
  json?: boolean;
}

const INTRO =
  'Makes this computer a member of a swarm, beside the devices and the other computers of its network, and shows what the swarm agrees on. ' +
  '`npm run node -- status` asks the nodes that run here how they are. docs/node.md has more.';

const EXAMPLES = `
Examples:
  npm run node -- --sensor room1/temp=21.5
  npm run node -- --sensor cpu/temp=file:/sys/class/thermal/thermal_zone0/temp*0.001 --state ~/.lvs
  npm run node -- --keys swarm.json --sensor room1/temp=cmd:./read.sh@30 --key-file swarm.key
  npm run node -- --transport tcp --peer seed.example --sensor room1/temp=walk:21.5:0.2
  npm run node -- status --json

Signals: SIGTERM and Ctrl-C save the state and take leave; SIGHUP reads keys, settings and key files again.
`;

const collect = (text: string, before: string[] | undefined): string[] => [...(before ?? []), text];

function addSwarmFlags(command: Command): Command {
  return command
    .optionsGroup('The swarm:')
    .option('--swarm <name>', 'nodes hear those of the same name and keys (default lvs)')
    .option('--keys <file>', 'the keys and their ranges, the same file on every node: JSON, comments allowed')
    .option('--settings <file>', 'more settings, the same on every node: JSON, comments allowed')
    .option('--cycle-ms <ms>', 'length of a cycle, 50 to 60000 (default 1000)')
    .option('--key-file <file>', 'the key of a closed swarm; without one the swarm is open to everybody')
    .option('--key-file-old <file>', 'a second key that is still taken, while the swarm changes its key')
    .option('--private', 'hide what is said as well; all members must be told alike')
    .optionsGroup('This node:')
    .option(
      '--sensor <key=source>',
      'a reading: 21.5, walk:21.5:0.2, file:PATH, cmd:COMMAND, stdin; then *SCALE+OFFSET, @SECONDS; again for each key',
      collect,
    )
    .option('--state <dir>', 'folder in which the state outlives a restart; without one it does not');
}

function addNetworkFlags(command: Command): Command {
  return command
    .optionsGroup('The network:')
    .option('--transport <name>', 'udp (broadcast), multicast, peers (UDP to a list), or tcp', 'udp')
    .option('--iface <name>', 'interface or address; all that lead outside where it is not given')
    .option('--port <n>', 'port of the whole swarm; with tcp, of this node', String(DEFAULT_PORT))
    .option('--group <address>', `multicast group, IPv4 or IPv6 (default ${DEFAULT_GROUP})`)
    .option('--peer <host:port>', 'a node to send to or to connect to; again for each', collect)
    .option('--listen', 'tcp: take connections (default)')
    .option('--no-listen', 'tcp: only dial the peers')
    .option('--per-address <n>', 'nodes that one address may speak for (default 1): more where nodes share a computer');
}

function buildCommand(width: number | undefined): Command {
  const command = createCommand('npm run node --', width)
    .usage('[flags] | status [--state <dir>] [--json]')
    .description(INTRO)
    .argument('[action]', 'status, or nothing to run a node')
    .allowExcessArguments(false)
    .helpOption('-h, --help', 'this text')
    .addHelpText('after', EXAMPLES);
  addNetworkFlags(addSwarmFlags(command));
  return command
    .optionsGroup('What it says:')
    .option('--json', 'one event a line, also on a terminal; elsewhere it does that anyway')
    .option('--status-cycles <n>', 'cycles between two status events, 0 for none', '60');
}

function whole(flag: string, text: string, low: number, high: number): number {
  const value = /^\d+$/.test(text.trim()) ? Number(text) : NaN;
  if (value >= low && value <= high) return value;
  throw new UsageError(`${flag} ${text}: must be a whole number from ${low} to ${high}`);
}

function optionalWhole(flag: string, text: string | undefined, low: number, high: number): number | undefined {
  return text === undefined ? undefined : whole(flag, text, low, high);
}

function isTransport(name: string): name is TransportName {
  return (TRANSPORTS as readonly string[]).includes(name);
}

function isGroup(address: string): boolean {
  if (isIP(address) === 4) return /^2(2[4-9]|3\d)\./.test(address);
  return isIP(address) === 6 && /^ff/i.test(address);
}

function readTransport(name: string): TransportName {
  if (isTransport(name)) return name;
  throw new UsageError(`--transport ${name}: must be one of ${TRANSPORTS.join(', ')}${didYouMean(name, TRANSPORTS)}`);
}

/** What each flag alone allows, and the flags together do not. */
function checkTogether(parsed: Parsed, options: NodeOptions): void {
  const { transport, peers, listen } = options;
  const need = (fine: boolean, says: string): void => {
    if (!fine) throw new UsageError(says);
  };
  need(!options.private || options.key_file !== undefined, '--private: needs a key; give it with --key-file FILE');
  need(
    options.key_file_old === undefined || options.key_file !== undefined,
    `--key-file-old ${options.key_file_old ?? ''}: needs the new key beside it, --key-file FILE`,
  );
  need(parsed.group === undefined || transport === 'multicast', '--group: is for --transport multicast only');
  need(isGroup(options.group), `--group ${options.group}: must be a multicast address, such as ${DEFAULT_GROUP}`);
  need(transport !== 'peers' || peers.length > 0, '--transport peers: needs whom to send to, --peer HOST:PORT');
  need(listen || transport === 'tcp', '--no-listen: is for --transport tcp only');
  need(listen || peers.length > 0, '--no-listen: needs whom to dial, --peer HOST:PORT');
}

export function parseOptions(argv: readonly string[], width: number | undefined): NodeOptions {
  const command = buildCommand(width);
  const help = parseCommand(command, argv);
  const parsed = command.opts<Parsed>();
  const action = command.args.at(0);
  if (help === '' && action !== undefined && action !== 'status') {
    throw new UsageError(
      `${action}: is no action; there is status, and nothing to run a node${didYouMean(action, ['status'])}`,
    );
  }
  const port = help === '' ? whole('--port', parsed.port, 1, 65_535) : DEFAULT_PORT;
  const options: NodeOptions = {
    action: help !== '' ? 'help' : action === 'status' ? 'status' : 'run',
    help,
    swarm: parsed.swarm,
    key_file: parsed.keyFile,
    key_file_old: parsed.keyFileOld,
    private: parsed.private === true,
    transport: readTransport(parsed.transport),
    group: parsed.group ?? DEFAULT_GROUP,
    iface: parsed.iface ?? '',
    port,
    peers: (parsed.peer ?? []).map((text) => parseEndpoint('--peer', text, port)),
    listen: parsed.listen !== false,
    per_address: optionalWhole('--per-address', parsed.perAddress, 1, 1000),
    sensors: (parsed.sensor ?? []).map(parseSensor),
    keys_file: parsed.keys,
    settings_file: parsed.settings,
    state: parsed.state,
    cycle_ms: optionalWhole('--cycle-ms', parsed.cycleMs, 50, 60_000),
    status_cycles: whole('--status-cycles', parsed.statusCycles, 0, 1_000_000),
    json: parsed.json === true,
  };
  if (options.action === 'run') checkTogether(parsed, options);
  return options;
}
