/** `npm run doctor`: looks at everything that simulating, building and flashing need, and says how to mend what is not well. */
import { findUsableBoard } from '../boards/usable.ts';
import { type Colours, createColours, wantsColour } from '../cli/colour.ts';
import { createCommand, parseCommand } from '../cli/commander.ts';
import { EXIT_FAILURE, EXIT_OK } from '../cli/exit-codes.ts';
import { projectRoot } from '../cli/project-root.ts';
import type { Surroundings } from '../cli/surroundings.ts';
import { writeAll } from '../cli/surroundings.ts';
import type { Finding, Machine } from './finding.ts';
import { lookAtCompiler, lookAtGlib, lookAtNode, lookAtNpm, lookAtPython } from './programs.ts';
import { lookAtPorts, lookAtRights } from './serial.ts';
import { lookAtIdf, lookAtSdk } from './toolchains.ts';

const INTRO =
  'Looks at what simulating, building and flashing need on this computer, and says how to mend what is missing.';

const EPILOGUE = `
Exit codes: 0 all that the simulator needs is there, and nothing is wrong; with --board also all that building for it needs.
1 something is missing or wrong, 2 the command was used wrongly.
`;

/** @param board whose build is meant, or '' */
export async function examine(machine: Machine, board: string): Promise<Finding[]> {
  const { finding, sdk } = lookAtSdk(machine, board);
  const findings = [
    lookAtNode(machine),
    await lookAtNpm(machine),
    finding,
    lookAtIdf(machine, sdk, board),
    await lookAtPython(machine),
    await lookAtCompiler(machine),
    await lookAtGlib(machine),
    await lookAtRights(machine),
    lookAtPorts(machine),
  ];
  return findings.filter((one) => one !== null);
}

/** What is not there and not needed for what is meant is no fault. */
export function isFault({ state, needed_for }: Finding, board: string): boolean {
  if (state === 'ok') return false;
  if (needed_for === 'everything' || state === 'wrong') return true;
  return needed_for === 'boards' && board !== '';
}

function lines({ name, state, found, mend, needed_for }: Finding, fault: boolean, colours: Colours): string {
  const sign = state === 'ok' ? colours.green('✓') : fault ? colours.red('✗') : colours.yellow('-');
  const head = `${sign} ${name.padEnd(13)} ${found}\n`;
  const why = fault || needed_for === 'everything' ? '' : ` (only for ${needed_for.replace('-', ' ')})`;
  return mend === '' ? head : `${head}  ${' '.repeat(13)} ${colours.dim(`${mend}${why}`)}\n`;
}

export async function doctorMain(argv: readonly string[], around: Surroundings, machine: Machine): Promise<number> {
  const { stdout, env } = around;
  const command = createCommand('npm run doctor --', stdout.columns)
    .description(INTRO)
    .option('--board <name>', 'look as for a build for this board')
    .option('--json', 'a finding a line, as JSON')
    .helpOption('-h, --help', 'this text')
    .addHelpText('after', EPILOGUE);
  const help = parseCommand(command, argv);
  const { board = '', json = false } = command.opts<{ board?: string; json?: boolean }>();
  if (help !== '') {
    await writeAll(stdout, help);
    return EXIT_OK;
  }
  if (board !== '') findUsableBoard(projectRoot(), board);
  const findings = await examine(machine, board);
  const colours = createColours(wantsColour(stdout, env));
  for (const one of findings) {
    const fault = isFault(one, board);
    await writeAll(
      stdout,
      json ? `${JSON.stringify({ type: 'finding', ...one, fault })}\n` : lines(one, fault, colours),
    );
  }
  return findings.some((one) => isFault(one, board)) ? EXIT_FAILURE : EXIT_OK;
}
