/** Starts `mcconfig`, the SDK's front end: it turns manifests into a makefile, and runs that too when asked. */
import { delimiter, join } from 'node:path';
import type { Environment } from '../cli/colour.ts';
import { Failure } from '../cli/errors.ts';
import { lastLines, type Ran, runProgram } from '../cli/run-program.ts';
import type { Mode } from './options.ts';
import type { Project } from './project.ts';
import type { Sdk } from './sdk.ts';

const MODE_FLAGS: Readonly<Record<Mode, readonly string[]>> = { release: [], debug: ['-dn'], instrument: ['-i'] };

/** The makefiles call the SDK's programs by name. */
export function sdkEnvironment(env: Environment, sdk: Sdk): Environment {
  return { ...env, MODDABLE: sdk.path, PATH: `${sdk.bin}${delimiter}${env.PATH ?? ''}` };
}

async function mcconfig(project: Project, sdk: Sdk, env: Environment, flags: readonly string[]): Promise<Ran> {
  const args = [...flags, ...MODE_FLAGS[project.mode], '-p', project.target, '-o', project.output, project.manifest];
  const ran = await runProgram(join(sdk.bin, 'mcconfig'), args, { env: sdkEnvironment(env, sdk) });
  if (ran.code === 0) return ran;
  throw new Failure(`mcconfig stopped with code ${ran.code}:\n${lastLines(ran, 12)}`);
}

/** Writes the makefile. */
export async function configure(project: Project, sdk: Sdk, env: Environment): Promise<void> {
  await mcconfig(project, sdk, env, []);
}

/** Builds all of it: for a chip by ESP-IDF, for a computer by its compiler. Nothing is started or flashed. */
export async function compile(project: Project, sdk: Sdk, env: Environment): Promise<void> {
  await mcconfig(project, sdk, env, ['-m', '-t', 'build']);
}
