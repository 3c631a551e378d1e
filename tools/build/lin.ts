/**
 * For a computer the SDK builds a library that its simulator opens in a window. A node needs no window: a little program
 * of ours (firmware/device/lin/host.c) opens the library instead.
 */
import { join } from 'node:path';
import type { Environment } from '../cli/colour.ts';
import { Failure } from '../cli/errors.ts';
import { lastLines, runProgram } from '../cli/run-program.ts';
import type { Project } from './project.ts';
import type { Sdk } from './sdk.ts';

export const PROGRAM = 'lvs-node';

async function glibFlags(kind: '--cflags' | '--libs', env: Environment): Promise<string[]> {
  const ran = await runProgram('pkg-config', [kind, 'gio-2.0'], { env });
  if (ran.code === 0) return ran.stdout.trim().split(/\s+/);
  throw new Failure(
    `GLib is missing (${lastLines(ran, 1)}); install it, on Debian with \`apt install libglib2.0-dev pkg-config\``,
  );
}

/** @returns the program and the library that it is started with */
export async function buildProgram(
  project: Project,
  sdk: Sdk,
  root: string,
  env: Environment,
): Promise<[string, string]> {
  const program = join(project.folder, PROGRAM);
  const source = join(root, 'firmware', 'device', 'lin', 'host.c');
  const headers = join(sdk.path, 'build', 'simulators', 'modules');
  const flags = await glibFlags('--cflags', env);
  const libraries = await glibFlags('--libs', env);
  const args = ['-O2', '-Wall', `-I${headers}`, ...flags, source, '-o', program, ...libraries, '-ldl'];
  const ran = await runProgram(env.CC ?? 'cc', args, { env });
  if (ran.code !== 0) throw new Failure(`the program around the simulator does not compile:\n${lastLines(ran, 6)}`);
  return [program, join(project.bin, 'mc.so')];
}
