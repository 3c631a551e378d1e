/** The firmware on the SDK: the JavaScript of every board links, and devices on this computer agree with Node.js nodes. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Firmware from '../../firmware/node.ts';
import { boardIds, readBoardFolder } from '../boards/board.ts';
import { boardValidator, checkBoard } from '../boards/check.ts';
import { buildProgram } from '../build/lin.ts';
import { link, type Linked } from '../build/link.ts';
import { compile, configure } from '../build/mcconfig.ts';
import { placeProject, writeProject } from '../build/project.ts';
import { findSdk, hostName, type Sdk } from '../build/sdk.ts';
import type { Environment } from '../cli/colour.ts';
import { Failure } from '../cli/errors.ts';
import { grouped } from '../cli/numbers.ts';
import { step, type Steps } from '../cli/steps.ts';
import { MixedSwarm } from './swarm.ts';

/** Why there is nothing to test here; '' where there is. */
export function reasonToSkip(env: Environment): string {
  if ((env.MODDABLE ?? '') === '') {
    return 'MODDABLE is not set, so there is no Moddable SDK to build with; `npm run setup` installs one';
  }
  const host = hostName();
  return host === 'lin'
    ? ''
    : `the devices of this test run on the SDK's Linux simulator, and this computer is "${host}"`;
}

function linkedText({ modules, archive_bytes, rom_slots }: Linked): string {
  return `${modules} modules, ${grouped(archive_bytes)} bytes of byte code, ${grouped(rom_slots)} ROM slots`;
}

async function* linkBoards(sdk: Sdk, root: string, env: Environment): Steps<void> {
  const validate = boardValidator(root);
  for (const id of boardIds(root)) {
    const { board, problems } = checkBoard(readBoardFolder(root, id), validate, sdk.path);
    if (board === null || problems.length > 0) throw new Failure(problems.join('\n'));
    if (board.refused !== undefined) {
      yield { type: 'step:skipped', step: `link ${id}`, why: 'refused' };
      continue;
    }
    const project = placeProject(root, id, board.sdk_target, 'release');
    const work = async (): Promise<Linked> => {
      writeProject(project, root, board);
      await configure(project, sdk, env);
      return await link(project, sdk, env);
    };
    yield* step(`link ${id} (${board.sdk_target})`, work, linkedText);
  }
}

async function* buildLin(sdk: Sdk, root: string, env: Environment): Steps<[string, string]> {
  const project = placeProject(root, 'lin', 'lin', 'release');
  const work = async (): Promise<Linked> => {
    writeProject(project, root, null);
    await configure(project, sdk, env);
    return await link(project, sdk, env);
  };
  yield* step('link lin', work, linkedText);
  return yield* step('compile lin', async () => {
    await compile(project, sdk, env);
    return await buildProgram(project, sdk, root, env);
  });
}

async function* runSwarm(firmware: typeof Firmware, command: [string, string]): Steps<void> {
  const swarm = new MixedSwarm();
  const values = (): string =>
    swarm
      .values()
      .map((value) => value.toFixed(3))
      .join(', ');
  try {
    yield* step('start three devices and two Node.js nodes', () => swarm.start(firmware, command));
    yield* step('agreement over UDP', () => swarm.until('agreement', () => swarm.agree()), values);
    yield* step(
      'power cut, restart with the state kept',
      async () => {
        const [device] = swarm.devices;
        await swarm.until('a stored state', () => device.hasStored());
        await device.kill();
        device.lines.length = 0;
        device.start();
        await swarm.until('a loaded state', () => device.says('state-loaded'));
        await swarm.until('agreement after the restart', () => swarm.agree());
      },
      values,
    );
  } finally {
    await swarm.stop();
  }
}

/** Does the work; the bundles are built already. */
export async function* testModdable(root: string, env: Environment): Steps<void> {
  const sdk = yield* step(
    'SDK',
    () => findSdk(env, ''),
    ({ version }) => version,
  );
  yield* linkBoards(sdk, root, env);
  const command = yield* buildLin(sdk, root, env);
  const bundle = pathToFileURL(join(root, 'build', 'firmware', 'node.mjs')).href;
  yield* runSwarm((await import(bundle)) as typeof Firmware, command);
}
