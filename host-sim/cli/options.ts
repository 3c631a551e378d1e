/** The words behind `npm run sim --`, read and checked as far as they stand for themselves. */
import { Option } from 'commander';
import type { Command } from 'commander';
import { createCommand, parseCommand } from '../../tools/cli/commander.ts';
import { UsageError } from '../../tools/cli/errors.ts';
import { ENGINES } from '../engine.ts';
import type { EngineName } from '../engine.ts';
import { chipNamed } from '../memory/fit.ts';
import { DEFAULT_SCENARIO } from '../scenario/catalogue.ts';
import { flagGroups, readFlags } from '../scenario/flags/index.ts';
import type { FlagGroup } from '../scenario/flags/index.ts';
import type { Setting } from '../scenario/setting.ts';

export interface SimOptions {
  /** `help` and `list` print and end. */
  action: 'run' | 'replay' | 'list' | 'help';
  /** With `help`: the text. */
  help: string;
  /** Name or path. */
  scenario: string;
  settings: Setting[];
  json: boolean;
  record: string | undefined;
  replay: string | undefined;
  plot: string | undefined;
  /** Cycles a second; Infinity with --fast; undefined when nobody said. */
  pace: number | undefined;
  data: string | undefined;
  engine: EngineName;
  /** The chip that every node has to fit. */
  chip: string | undefined;
}

const PACE_MAX = 1000;

const INTRO = `Runs a swarm of nodes over a bad network, and shows how it comes to agreement. Without a scenario: ${DEFAULT_SCENARIO}.`;

const EXAMPLES = `
Examples:
  npm run sim                                        ${DEFAULT_SCENARIO}, with a live view
  npm run sim -- lossy-90 --nodes 50 --seed 7        a scenario, with some of its fields changed
  npm run sim -- --attack extreme:0.2 --guard off    what attackers do to a swarm without its guard
  npm run sim -- office --json | tail -n 1           the summary alone, as JSON
  npm run sim -- churn --record run.jsonl            and later: npm run sim -- --replay run.jsonl
`;

interface Parsed {
  list?: boolean;
  json?: boolean;
  fast?: boolean;
  record?: string;
  replay?: string;
  plot?: string;
  pace?: string;
  data?: string;
  engine?: string;
  memory?: string;
}

/** Gathers what each flag was given, in order, under its own name. */
function addFlags(command: Command, groups: readonly FlagGroup[], given: Map<string, string[]>): void {
  for (const { title, flags } of groups) {
    command.optionsGroup(title);
    for (const { flag, argument, help } of flags) {
      const option = new Option(`${flag} <${argument}>`, help).argParser((text: string) => {
        given.set(flag, [...(given.get(flag) ?? []), text]);
        return text;
      });
      command.addOption(option);
    }
  }
}

function buildCommand(groups: readonly FlagGroup[], given: Map<string, string[]>, width: number | undefined): Command {
  const command = createCommand('npm run sim --', width)
    .usage('[scenario] [flags]')
    .description(INTRO)
    .argument('[scenario]', 'a name from --list, or the path of a .json file')
    .allowExcessArguments()
    .helpOption('-h, --help', 'this text')
    .addHelpText('after', EXAMPLES);
  command
    .optionsGroup('The command:')
    .option('--list', 'print the scenarios that there are')
    .option('--json', 'one event a line: start, each cycle, and last the summary')
    .option('--pace <cycles>', 'cycles a second; on a terminal 20, elsewhere as fast as it goes')
    .option('--fast', 'as fast as it goes, on a terminal too')
    .option('--plot <file.svg>', 'draw spread and bias over the cycles')
    .option('--record <file>', 'write down the state of every node after every cycle')
    .option('--replay <file>', 'run a record again and stop at the first difference')
    .option('--data <dir>', 'folder of the CSV files that scenarios name; otherwise LVS_DATA')
    .option('--engine <name>', 'what runs the firmware: node (as it goes), or xs, the engine of the chips')
    .option('--memory <chip>', 'refuse what would not fit this chip, such as esp32c3');
  addFlags(command, groups, given);
  return command;
}

function readPace(parsed: Parsed): number | undefined {
  if (parsed.fast === true && parsed.pace !== undefined) {
    throw new UsageError(`--pace ${parsed.pace}: must be left out beside --fast`);
  }
  if (parsed.fast === true) return Infinity;
  if (parsed.pace === undefined) return undefined;
  const pace = parsed.pace.trim() === '' ? NaN : Number(parsed.pace);
  if (pace > 0 && pace <= PACE_MAX) return pace;
  throw new UsageError(`--pace ${parsed.pace}: must be a number above 0 and up to ${PACE_MAX}, or --fast for no limit`);
}

function readEngine(name: string): EngineName {
  const engine = ENGINES.find((one) => one === name);
  if (engine !== undefined) return engine;
  throw new UsageError(`--engine ${name}: must be one of ${ENGINES.join(', ')}`);
}

/** A value that looks like a flag is nearly always a value that was forgotten. */
function refuseForgottenValue(flag: string, values: readonly string[]): void {
  const flagLike = values.find((value) => value.startsWith('--'));
  if (flagLike !== undefined) throw new UsageError(`${flag}: needs a value, and "${flagLike}" is a flag`);
}

/** Words that each are fine and make no sense together. */
function refuseTogether(words: readonly string[], given: ReadonlyMap<string, string[]>, parsed: Parsed): void {
  for (const [flag, values] of given) refuseForgottenValue(flag, values);
  for (const name of ['record', 'replay', 'plot', 'pace', 'data', 'engine', 'memory'] as const) {
    refuseForgottenValue(`--${name}`, [parsed[name] ?? '']);
  }
  if (words.length > 1) {
    throw new UsageError(`"${words.slice(1).join(' ')}": there can be one scenario, and "${words[0]}" is it`);
  }
  // A record brings its scenario along: anything that would change it is a mistake.
  const extra = [...words, ...given.keys(), ...(parsed.record === undefined ? [] : ['--record'])];
  if (parsed.replay !== undefined && extra.length > 0) {
    throw new UsageError(`--replay takes all it needs from the record: leave out ${extra.join(', ')}`);
  }
}

function actionOf(parsed: Parsed): SimOptions['action'] {
  if (parsed.list === true) return 'list';
  return parsed.replay === undefined ? 'run' : 'replay';
}

export function parseOptions(argv: readonly string[], cwd: string, width: number | undefined): SimOptions {
  const groups = flagGroups(cwd);
  const given = new Map<string, string[]>();
  const command = buildCommand(groups, given, width);
  const help = parseCommand(command, argv);
  const words = command.args;
  const parsed = command.opts<Parsed>();
  if (help === '') refuseTogether(words, given, parsed);
  if (/\.(png|jpe?g|pdf|webp)$/i.test(parsed.plot ?? '')) {
    throw new UsageError(`--plot ${parsed.plot}: the picture is SVG; give it a name that ends in .svg`);
  }
  return {
    action: help === '' ? actionOf(parsed) : 'help',
    help,
    scenario: words[0] ?? DEFAULT_SCENARIO,
    settings: help === '' ? readFlags(groups, given) : [],
    json: parsed.json === true,
    record: parsed.record,
    replay: parsed.replay,
    plot: parsed.plot,
    pace: help === '' ? readPace(parsed) : undefined,
    data: parsed.data,
    engine: readEngine(parsed.engine ?? 'node'),
    chip: parsed.memory === undefined ? undefined : chipNamed(parsed.memory),
  };
}
