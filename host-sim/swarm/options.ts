/** The words behind `npm run swarm --`. */
import { createCommand, parseCommand } from '../../tools/cli/commander.ts';
import { UsageError } from '../../tools/cli/errors.ts';
import { didYouMean } from '../../tools/cli/nearest.ts';
import { NODES_MAX } from './places.ts';

export interface SwarmOptions {
  /** With something in it: print it and end. */
  help: string;
  nodes: number;
  loss: number;
  transport: 'udp' | 'tcp';
  key_file: string | undefined;
  private: boolean;
  cycle_ms: number;
  /** 0: until someone ends it. */
  cycles: number;
  /** 0: one that is free. */
  port: number;
  seed: number;
  json: boolean;
}

const INTRO =
  'Starts a swarm of real nodes on this computer, each a process with an address of its own, and shows how they come to ' +
  'agreement. Ctrl-C ends all of them. With --loss a relay stands between them and drops datagrams.';

const EXAMPLES = `
Examples:
  npm run swarm                                    eight nodes, until Ctrl-C
  npm run swarm -- --nodes 8 --loss 0.6            three datagrams in five are lost
  npm run swarm -- --transport tcp --cycles 60     over TCP, for a minute
`;

const SEED_MAX = 2 ** 32 - 1;

interface Parsed {
  nodes: string;
  loss: string;
  transport: string;
  keyFile?: string;
  private?: boolean;
  cycleMs: string;
  cycles: string;
  port: string;
  seed: string;
  json?: boolean;
}

function numberOf(flag: string, text: string, low: number, high: number, whole: boolean): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (value >= low && value <= high && (!whole || Number.isInteger(value))) return value;
  throw new UsageError(`${flag} ${text}: must be a ${whole ? 'whole ' : ''}number from ${low} to ${high}`);
}

export function parseOptions(argv: readonly string[], width: number | undefined): SwarmOptions {
  const command = createCommand('npm run swarm --', width)
    .description(INTRO)
    .helpOption('-h, --help', 'this text')
    .addHelpText('after', EXAMPLES)
    .option('--nodes <n>', `processes, 2 to ${NODES_MAX}`, '8')
    .option('--loss <share>', 'share of the datagrams that is lost on each link, 0 to 0.99', '0')
    .option('--transport <name>', 'udp or tcp', 'udp')
    .option('--key-file <file>', 'close the swarm with this key')
    .option('--private', 'hide what is said as well')
    .option('--cycle-ms <ms>', 'length of a cycle, 50 to 60000', '1000')
    .option('--cycles <n>', 'end after so many cycles, with code 1 when there is no agreement to 1 %; 0 for never', '0')
    .option('--port <n>', 'the port of all nodes; 0 for one that is free', '0')
    .option('--seed <n>', 'of the inputs and the losses', '1')
    .option('--json', 'one event a line: each node, each cycle, and last the summary');
  const help = parseCommand(command, argv);
  const parsed = command.opts<Parsed>();
  const { transport } = parsed;
  if (transport !== 'udp' && transport !== 'tcp') {
    throw new UsageError(`--transport ${transport}: must be udp or tcp${didYouMean(transport, ['udp', 'tcp'])}`);
  }
  if (parsed.private === true && parsed.keyFile === undefined) {
    throw new UsageError('--private: needs a key; give it with --key-file FILE');
  }
  return {
    help,
    nodes: numberOf('--nodes', parsed.nodes, 2, NODES_MAX, true),
    loss: numberOf('--loss', parsed.loss, 0, 0.99, false),
    transport,
    key_file: parsed.keyFile,
    private: parsed.private === true,
    cycle_ms: numberOf('--cycle-ms', parsed.cycleMs, 50, 60_000, true),
    cycles: numberOf('--cycles', parsed.cycles, 0, 1_000_000, true),
    // The relay takes the port behind it.
    port: numberOf('--port', parsed.port, 0, 65_534, true),
    seed: numberOf('--seed', parsed.seed, 0, SEED_MAX, true),
    json: parsed.json === true,
  };
}
