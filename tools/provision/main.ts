/** `npm run provision`: settings into a board, out of one, and swarm keys. */
import { EXIT_OK } from '../cli/exit-codes.ts';
import { runSteps } from '../cli/render-steps.ts';
import type { Steps } from '../cli/steps.ts';
import type { Surroundings } from '../cli/surroundings.ts';
import { writeAll } from '../cli/surroundings.ts';
import { type Emit, eventsOf } from '../flash/events.ts';
import type { Asker } from './ask.ts';
import type { WithBoard } from './board-link.ts';
import { decodeFor, readImage } from './images.ts';
import { newKey } from './new-key.ts';
import { parseOptions, type ShowOptions } from './options.ts';
import { type Outcome, provision } from './provision.ts';
import { requestOf } from './request.ts';
import { showContents } from './show.ts';

export interface ProvisionTools {
  withBoard: WithBoard;
  /** Undefined where nobody sits at a terminal. */
  asker: Asker | undefined;
}

/** The flasher also tells how far it is; a partition of settings takes a second, so steps are enough. */
async function* stepsOf<Result>(work: (emit: Emit) => Promise<Result>): Steps<Result> {
  const events = eventsOf(work);
  for (;;) {
    const { done, value } = await events.next();
    if (done === true) return value;
    if (value.type !== 'progress') yield value;
  }
}

async function show(
  options: ShowOptions,
  around: Surroundings,
  tools: ProvisionTools,
  mayAsk: boolean,
): Promise<number> {
  const { image, json, connection } = options;
  if (image !== '') return await showContents(decodeFor(readImage(image, around.cwd), image), json, around);
  const work = async (emit: Emit): Promise<Uint8Array> =>
    await tools.withBoard(connection, { mayAsk, emit }, async (link) => await link.read());
  const bytes = await runSteps(stepsOf(work), around, json);
  return await showContents(decodeFor(bytes, 'the board'), json, around);
}

function outcomeLine({ set, removed, written, to, offset }: Outcome): string {
  const names = [...set, ...removed];
  if (!written) return `${to}: nothing written\n`;
  return `${to}: ${names.length} ${names.length === 1 ? 'setting' : 'settings'} written for flash offset 0x${offset.toString(16)}\n`;
}

export async function provisionMain(
  argv: readonly string[],
  around: Surroundings,
  root: string,
  tools: ProvisionTools,
): Promise<number> {
  const { stdout, env, cwd } = around;
  const options = parseOptions(argv, stdout.columns);
  if (options.verb === 'help') {
    await writeAll(stdout, options.text);
    return EXIT_OK;
  }
  if (options.verb === 'new-key') return await newKey(options, around);
  const asker = options.input && !options.json ? tools.asker : undefined;
  if (options.verb === 'show') return await show(options, around, tools, asker !== undefined);
  const request = requestOf(options, env, cwd, asker !== undefined);
  const work = async (emit: Emit): Promise<Outcome> =>
    await provision(options, request, { cwd, root, withBoard: tools.withBoard, asker, emit });
  const outcome = await runSteps(stepsOf(work), around, options.json);
  await writeAll(stdout, options.json ? `${JSON.stringify({ type: 'result', ...outcome })}\n` : outcomeLine(outcome));
  return EXIT_OK;
}
