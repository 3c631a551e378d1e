/** The words behind `npm run compliance --`. */
import { createCommand, parseCommand } from '../cli/commander.ts';
import { UsageError } from '../cli/errors.ts';
import { didYouMean } from '../cli/nearest.ts';
import { CLAUSES, groupOf } from './clauses/all.ts';
import type { Clause } from './clauses/clause.ts';
import { checkAddress, DEFAULT_GROUP, DEFAULT_PORT } from './network/addresses.ts';
import type { Origin } from './network/channel.ts';

export interface ComplianceOptions {
  /** The text, when it was asked for; else ''. */
  help: string;
  list: boolean;
  target: Origin;
  transport: 'udp' | 'tcp';
  bind: string[];
  group: string;
  swarm: string;
  keys: string;
  key_file: string;
  iface: string;
  /** Infinity where it was not given. */
  duration_ms: number;
  wait_ms: number;
  restart_ms: number;
  per_address: number;
  clauses: readonly Clause[];
  quick: boolean;
  json: boolean;
  junit: string;
}

const INTRO = `Speaks to a running node as honest and dishonest peers would, and says which
clauses of the blueprint’s sections 8 and 11 it keeps.`;

const EPILOGUE = `
Exit codes: 0 all that could be observed is as it should be, 1 something is
not, 2 the command was used wrongly, 3 the target did not answer, 4 it did, but
nothing that was asked for could be observed, 130 interrupted.

The target should be alone in its swarm, for its values are moved about. --keys
gives the swarm's keys as a JSON file, the one that npm run node takes; without
it less can be observed. docs/compliance.md says what is looked at, and how.
`;

interface Given {
  target?: string;
  transport: string;
  bind: string[];
  group: string;
  swarm?: string;
  keys?: string;
  keyFile?: string;
  iface?: string;
  duration?: string;
  wait: string;
  awaitRestart?: string;
  perAddress: string;
  clause: string[];
  quick?: boolean;
  list?: boolean;
  json?: boolean;
  junit?: string;
}

function number(flag: string, text: string, low: number, high: number): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= low && value <= high) return value;
  throw new UsageError(`${flag} ${text}: must be a number from ${low} to ${high}`);
}

function readTarget(text: string | undefined): Origin {
  if (text === undefined)
    throw new UsageError('--target is missing; give the address of a running node, such as 192.168.1.20');
  const [address, port = String(DEFAULT_PORT), ...rest] = text.split(':');
  if (rest.length > 0)
    throw new UsageError(`--target ${text}: must be an IPv4 address, with :port where it is not ${DEFAULT_PORT}`);
  checkAddress('--target', address);
  const value = number('--target: port', port, 1, 65_535);
  if (!Number.isInteger(value)) throw new UsageError(`--target ${text}: the port must be a whole number`);
  return { address, port: value };
}

/** A whole name, or a group of them. */
function readClauses(names: readonly string[], quick: boolean): Clause[] {
  const known = [...new Set(CLAUSES.flatMap((clause) => [clause.name, groupOf(clause)]))];
  for (const name of names) {
    if (known.includes(name)) continue;
    throw new UsageError(
      `--clause ${name}: there is no such clause${didYouMean(name, known) || '; --list tells them'}`,
    );
  }
  if (names.length === 0) return CLAUSES.filter((clause) => clause.quick || !quick);
  return CLAUSES.filter((clause) => names.includes(clause.name) || names.includes(groupOf(clause)));
}

const collect = (one: string, all: string[]): string[] => [...all, ...one.split(',')];

export function parseOptions(argv: readonly string[], width: number | undefined): ComplianceOptions {
  const command = createCommand('npm run compliance --', width)
    .usage('--target ADDRESS[:PORT] [flags]')
    .description(INTRO)
    .option('--target <address>', `the node: an IPv4 address, with :port where it is not ${DEFAULT_PORT}`)
    .option('--keys <file>', 'the keys of its swarm, as JSON')
    .option('--swarm <name>', 'the name of its swarm, where the file does not say it')
    .option('--key-file <file>', 'the swarm’s key, where it is a closed one')
    .option('--transport <name>', 'udp or tcp', 'udp')
    .option(
      '--bind <address>',
      'an address of this computer to be a peer with; several: again, or with commas',
      collect,
      [],
    )
    .option('--iface <name>', 'the interface, or its address, that leads to the target')
    .option('--group <address>', 'the multicast group of the swarm', DEFAULT_GROUP)
    .option('--per-address <count>', 'tags that the target was told to take from one address', '1')
    .option('--clause <name>', 'only this clause, or this group of them; several: again, or with commas', collect, [])
    .option('--quick', 'leave out what takes long')
    .option('--duration <seconds>', 'stop after so long; what is left is not observable')
    .option('--wait <seconds>', 'for the first datagram of the target', '20')
    .option('--await-restart <seconds>', 'at the end wait so long for somebody to restart the target')
    .option('--list', 'the clauses that there are')
    .option('--json', 'a clause a line, and a summary, as JSON')
    .option('--junit <file>', 'write a JUnit report as well')
    .helpOption('-h, --help', 'this text')
    .addHelpText('after', EPILOGUE);
  const help = parseCommand(command, argv);
  const given = command.opts<Given>();
  const { list = false, quick = false, transport } = given;
  if (transport !== 'udp' && transport !== 'tcp') throw new UsageError(`--transport ${transport}: must be udp or tcp`);
  if (help === '' && !list && given.keys === undefined && given.swarm !== undefined) {
    throw new UsageError('--swarm needs --keys: the swarm id is made of both');
  }
  for (const address of given.bind) checkAddress('--bind', address);
  if (given.group !== '') checkAddress('--group', given.group);
  return {
    help,
    list,
    target: help !== '' || list ? { address: '', port: 0 } : readTarget(given.target),
    transport,
    bind: given.bind,
    group: given.group,
    swarm: given.swarm ?? '',
    keys: given.keys ?? '',
    key_file: given.keyFile ?? '',
    iface: given.iface ?? '',
    duration_ms: given.duration === undefined ? Infinity : 1000 * number('--duration', given.duration, 1, 86_400),
    wait_ms: 1000 * number('--wait', given.wait, 0.1, 3600),
    restart_ms: given.awaitRestart === undefined ? 0 : 1000 * number('--await-restart', given.awaitRestart, 1, 3600),
    per_address: Math.floor(number('--per-address', given.perAddress, 1, 64)),
    clauses: readClauses(given.clause, quick),
    quick,
    json: given.json ?? false,
    junit: given.junit ?? '',
  };
}
