/** A firmware build, step by step. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { type Board, type BoardFolder, findBoardFolder } from '../boards/board.ts';
import { boardValidator, checkBoard } from '../boards/check.ts';
import type { Environment } from '../cli/colour.ts';
import { Failure } from '../cli/errors.ts';
import { grouped } from '../cli/numbers.ts';
import { lastLines, runProgram } from '../cli/run-program.ts';
import { step, type Steps } from '../cli/steps.ts';
import { loadBundle } from './bundle.ts';
import { checkFit } from './fit.ts';
import { findIdf, type Idf } from './idf.ts';
import { buildProgram } from './lin.ts';
import { link } from './link.ts';
import { compile, configure } from './mcconfig.ts';
import type { BuildOptions } from './options.ts';
import { collectOutputs } from './outputs.ts';
import { placeProject, type Project, writeProject } from './project.ts';
import { applicationSize, makeReport, type Report } from './report.ts';
import { findSdk, type Sdk } from './sdk.ts';
import { readMerged } from './settings.ts';

interface Target {
  id: string;
  sdk_target: string;
  /** null for a computer. */
  board: Board | null;
  folder: BoardFolder | null;
}

const LIN: Target = { id: 'lin', sdk_target: 'lin', board: null, folder: null };

/** @throws UsageError for a board that is not there, Failure for one that is refused or wrong */
function findTarget({ board: id }: BuildOptions, root: string, env: Environment): Target {
  if (id === '') return LIN;
  const folder = findBoardFolder(root, id);
  const { board, problems } = checkBoard(folder, boardValidator(root), env.MODDABLE ?? '');
  if (board?.refused !== undefined) throw new Failure(`${board.name} is refused: ${board.refused}`);
  if (board === null || problems.length > 0) {
    throw new Failure(`${problems.join('\n')}\nmend the board, and look again with \`npm run boards -- ${id}\``);
  }
  return { id, sdk_target: board.sdk_target, board, folder };
}

/** A step of this project's own, as a program: what it says is shown when it fails. */
async function runOwn(root: string, args: readonly string[], what: string): Promise<void> {
  const ran = await runProgram(process.execPath, args, { cwd: root });
  if (ran.code !== 0) throw new Failure(`${what}:\n${lastLines(ran, 20)}`);
}

function versionOf(root: string): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return version;
}

/** Checks the firmware and makes its bundles. */
export async function* bundle(root: string): Steps<void> {
  yield* step('check', async () => {
    await runOwn(root, ['tools/build-host.mjs', 'check'], 'the checker does not build');
    await runOwn(root, ['build/bin/check.mjs'], 'the firmware leaves the subset (docs/subset.md)');
  });
  yield* step('Rollup', () =>
    runOwn(root, ['node_modules/rollup/dist/bin/rollup', '--config', '--silent'], 'Rollup stopped'),
  );
}

async function* finishBoard(
  project: Project,
  target: Target,
  sdk: Sdk,
  env: Environment,
  root: string,
): Steps<Report['application']> {
  const { board, folder } = target;
  if (board === null || folder === null) {
    yield* step('compile', () => compile(project, sdk, env));
    const [program, library] = yield* step('program', () => buildProgram(project, sdk, root, env));
    yield {
      type: 'info',
      text: `start it in the folder that shall hold its settings and state: ${program} ${library}`,
    };
    return null;
  }
  yield* step('ESP-IDF', () => compile(project, sdk, env));
  return yield* step(
    'images',
    () => applicationSize(collectOutputs(project, board, versionOf(root)), folder),
    ({ bytes, partition_bytes }) => `${grouped(bytes)} of ${grouped(partition_bytes)} bytes`,
  );
}

/** Does the work; its last event is the report's file. */
export async function* build(options: BuildOptions, root: string, env: Environment): Steps<Report> {
  const target = yield* step(
    'board',
    () => findTarget(options, root, env),
    ({ id }) => id,
  );
  const { sdk, idf } = yield* step(
    'SDK',
    (): { sdk: Sdk; idf: Idf | null } => {
      const found = findSdk(env, target.id === 'lin' ? '' : target.id);
      const needsIdf = target.board !== null && !options.link_only;
      return { sdk: found, idf: needsIdf ? findIdf(env, found, target.id) : null };
    },
    (found) => `${found.sdk.version}${found.idf === null ? '' : `, ESP-IDF ${found.idf.version}`}`,
  );
  yield* bundle(root);
  const project = placeProject(root, target.id, target.sdk_target, options.mode);
  yield* step('mcconfig', async () => {
    writeProject(project, root, target.board);
    await configure(project, sdk, env);
    if (target.board !== null) checkFit(await loadBundle(root), readMerged(project));
  });
  const linked = yield* step(
    'link',
    () => link(project, sdk, env),
    ({ modules, archive_bytes }) => `${modules} modules, ${grouped(archive_bytes)} bytes of byte code`,
  );
  for (const text of linked.warnings) yield { type: 'warning', text };
  let application: Report['application'] = null;
  if (!options.link_only) application = yield* finishBoard(project, target, sdk, env, root);
  const report = await makeReport({
    project,
    root,
    linked,
    application,
    sdk_version: sdk.version,
    idf_version: idf?.version ?? null,
  });
  const file = join(project.folder, 'report.json');
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  yield { type: 'info', text: `the report is in build/${target.id}/report.json` };
  return report;
}
