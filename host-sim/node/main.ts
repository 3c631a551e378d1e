/** `npm run node`: runs a node, or asks those that run for their status. */
import { resolve } from 'node:path';
import { createColours, wantsColour } from '../../tools/cli/colour.ts';
import { EXIT_OK } from '../../tools/cli/exit-codes.ts';
import { writeAll } from '../../tools/cli/surroundings.ts';
import { EXIT_NO_NODE, NodeFailure } from '../node-platform/failure.ts';
import type { FirmwareApi } from '../world/bundle.ts';
import { statusLines } from './frame.ts';
import { parseOptions, type NodeOptions } from './options.ts';
import { runNode } from './run.ts';
import { askNodes } from './status-socket.ts';
import type { NodeStatus } from './status.ts';
import type { NodeSurroundings } from './surroundings.ts';

function isStatus(answer: object): answer is NodeStatus {
  return 'type' in answer && answer.type === 'status' && 'keys' in answer;
}

async function tellStatus({ state, json }: NodeOptions, around: NodeSurroundings): Promise<number> {
  const { stdout, env, cwd } = around;
  const answers = await askNodes(state === undefined ? undefined : resolve(cwd, state), env);
  const nodes = answers.filter(isStatus);
  if (nodes.length === 0) {
    const where = state === undefined ? 'on this computer under this user' : `with --state ${state}`;
    throw new NodeFailure(EXIT_NO_NODE, `no node runs ${where}; start one with "npm run node -- --sensor KEY=SOURCE"`);
  }
  const colours = createColours(wantsColour(stdout, env));
  const columns = stdout.columns ?? 100;
  const texts = nodes.map((node) =>
    json ? JSON.stringify(node) : [colours.bold(`node ${node.pid}`), ...statusLines(node, columns, colours)].join('\n'),
  );
  await writeAll(stdout, `${texts.join(json ? '\n' : '\n\n')}\n`);
  return EXIT_OK;
}

async function act(argv: string[], around: NodeSurroundings, loadApi: () => Promise<FirmwareApi>): Promise<number> {
  const options = parseOptions(argv, around.stdout.columns);
  if (options.action === 'help') {
    await writeAll(around.stdout, options.help);
    return EXIT_OK;
  }
  if (options.action === 'status') return await tellStatus(options, around);
  return await runNode(options, around, await loadApi());
}

/** Errors with an exit code of their own are told here; the others are the caller's. */
export async function nodeMain(
  argv: string[],
  around: NodeSurroundings,
  loadApi: () => Promise<FirmwareApi>,
): Promise<number> {
  try {
    return await act(argv, around, loadApi);
  } catch (error) {
    if (!(error instanceof NodeFailure)) throw error;
    around.stderr.write(`node: ${error.message}\n`);
    return error.exit_code;
  }
}
