/** `npm run test:moddable`: tests on the SDK where there is one, and says why not where there is none. */
import { createCommand, parseCommand } from '../cli/commander.ts';
import { EXIT_OK } from '../cli/exit-codes.ts';
import { runSteps } from '../cli/render-steps.ts';
import type { Surroundings } from '../cli/surroundings.ts';
import { writeAll } from '../cli/surroundings.ts';
import { reasonToSkip, testModdable } from './test.ts';

const INTRO =
  'Links the JavaScript of every board with the Moddable SDK, and lets three devices on this computer agree with two ' +
  'Node.js nodes over UDP.';

export async function testModdableMain(argv: readonly string[], around: Surroundings, root: string): Promise<number> {
  const command = createCommand('npm run test:moddable --', around.stdout.columns)
    .description(INTRO)
    .option('--json', 'an event a line')
    .helpOption('-h, --help', 'this text');
  const help = parseCommand(command, argv);
  const { json = false } = command.opts<{ json?: boolean }>();
  if (help !== '') {
    await writeAll(around.stdout, help);
    return EXIT_OK;
  }
  const why = reasonToSkip(around.env);
  if (why === '') {
    await runSteps(testModdable(root, around.env), around, json);
  } else if (json) {
    await writeAll(around.stdout, `${JSON.stringify({ type: 'step:skipped', step: 'test:moddable', why })}\n`);
  } else {
    await writeAll(around.stdout, `test:moddable: skipped: ${why}\n`);
  }
  return EXIT_OK;
}
