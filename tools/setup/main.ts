/** `npm run setup`: installs what a board's build needs, after saying what that is. */
import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { spawnSync } from 'node:child_process';
import { findUsableBoard } from '../boards/usable.ts';
import { findIdf } from '../build/idf.ts';
import { findSdk } from '../build/sdk.ts';
import { SDK_VERSION } from '../build/versions.ts';
import type { Environment } from '../cli/colour.ts';
import { createCommand, parseCommand } from '../cli/commander.ts';
import { Failure, UsageError } from '../cli/errors.ts';
import { EXIT_OK } from '../cli/exit-codes.ts';
import type { Surroundings } from '../cli/surroundings.ts';
import { writeAll } from '../cli/surroundings.ts';
import { refuseLeftovers } from './leftovers.ts';
import { type Action, planSetup, type SetupNeeds } from './plan.ts';

const INTRO =
  'Installs the Moddable SDK, and for a board ESP-IDF as well, by xs-dev. It says what it would do, and asks first.';

const EPILOGUE = `
Exit codes: 0 done or nothing to do, 1 something failed, 2 the command was used wrongly.

Examples:
  npm run setup                                 the SDK alone: enough for --link-only and --lin
  npm run setup -- --board esp32-c3-devkitm     all that its build needs
  npm run setup -- --board m5atom --dry-run     only say what would be done
`;

/** The ESP-IDF that the pinned SDK wants, for a computer where there is no SDK yet to ask. */
const IDF_OF_SDK = 'v6.0';

function isThere(look: () => unknown): boolean {
  try {
    look();
    return true;
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}

export function needsOf(env: Environment, board: string): SetupNeeds {
  const sdk = !isThere(() => findSdk(env, board));
  const wanted = sdk ? IDF_OF_SDK : findSdk(env, board).idf_wanted;
  const idf = board !== '' && (sdk || !isThere(() => findIdf(env, findSdk(env, board), board)));
  return { sdk, idf, idf_version: wanted };
}

async function isAgreed(): Promise<boolean> {
  const questions = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await questions.question('Go on? [y/N] ');
  questions.close();
  return /^y(es)?$/i.test(answer.trim());
}

function runAction({ name, command, args }: Action, env: Environment): void {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', env });
  if (error !== undefined)
    throw new Failure(`${name}: ${command} cannot be started (${error.message}); \`npm run doctor\` tells more`);
  if (status !== 0) {
    const hint =
      command === 'npx'
        ? '; where node-liblzma does not install, `brew install xz` or `apt install liblzma-dev` helps'
        : '';
    throw new Failure(
      `${name}: ${command} ended with code ${status ?? 'none'}; mend what it says above, and run this again${hint}`,
    );
  }
}

export async function setupMain(argv: readonly string[], around: Surroundings, root: string): Promise<number> {
  const { stdout, stderr, env } = around;
  const command = createCommand('npm run setup --', stdout.columns)
    .description(INTRO)
    .option('--board <name>', 'install for this board as well')
    .option('--dry-run', 'only say what would be done')
    .option('-y, --yes', 'do not ask')
    .option('--no-input', 'never ask: without --yes nothing is done')
    .helpOption('-h, --help', 'this text')
    .addHelpText('after', EPILOGUE);
  const help = parseCommand(command, argv);
  const {
    board = '',
    dryRun = false,
    yes = false,
    input,
  } = command.opts<{
    board?: string;
    dryRun?: boolean;
    yes?: boolean;
    input: boolean;
  }>();
  if (help !== '') {
    await writeAll(stdout, help);
    return EXIT_OK;
  }
  if (board !== '') findUsableBoard(root, board);
  const needs = needsOf(env, board);
  const actions = planSetup({
    needs,
    sdk_version: SDK_VERSION,
    env,
    platform: process.platform,
  });
  for (const action of actions) {
    await writeAll(stdout, `${action.name}: ${action.does}\n  ${action.command} ${action.args.join(' ')}\n`);
  }
  if (actions.length === 0) await writeAll(stderr, 'setup: everything is there already\n');
  if (actions.length === 0 || dryRun) return EXIT_OK;
  refuseLeftovers(actions, needs, env);
  if (!yes) {
    if (!input || !process.stdin.isTTY)
      throw new UsageError('this installs software; say --yes to do it, or --dry-run to see it only');
    if (!(await isAgreed())) return EXIT_OK;
  }
  for (const action of actions) runAction(action, env);
  await writeAll(stderr, 'setup: done; open a new terminal, and look with `npm run doctor`\n');
  return EXIT_OK;
}
