/** `npm run build` with a board: from the words on the command line to images, a report and an exit code. */
import { EXIT_OK } from '../cli/exit-codes.ts';
import { runSteps } from '../cli/render-steps.ts';
import type { Surroundings } from '../cli/surroundings.ts';
import { writeAll } from '../cli/surroundings.ts';
import { build } from './build.ts';
import { parseOptions } from './options.ts';
import { reportText } from './report.ts';

export async function buildMain(argv: readonly string[], around: Surroundings, root: string): Promise<number> {
  const options = parseOptions(argv, around.stdout.columns);
  if (options.help !== '') {
    await writeAll(around.stdout, options.help);
    return EXIT_OK;
  }
  const report = await runSteps(build(options, root, around.env), around, options.json);
  await writeAll(around.stdout, options.json ? `${JSON.stringify(report)}\n` : reportText(report));
  return EXIT_OK;
}
