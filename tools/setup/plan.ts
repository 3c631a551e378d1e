/**
 * What to run to get the SDK for a board. `xs-dev` (https://github.com/HipsterBrown/xs-dev) installs the Moddable SDK and
 * what the chips need. It is a dev dependency in one pinned version, and npx is told to take that one and install nothing.
 */
import { join } from 'node:path';
import type { Environment } from '../cli/colour.ts';

export interface Action {
  name: string;
  command: string;
  args: readonly string[];
  /** What it changes on the computer. */
  does: string;
}

export interface SetupNeeds {
  /** Nothing of it is there, or it is another version. */
  sdk: boolean;
  /** The version that the SDK wants, such as `v6.0`. */
  idf_version: string;
  idf: boolean;
}

/** Where xs-dev puts things (its constants.ts), and looks for what is there already. */
export function installFolder(env: Environment, platform: NodeJS.Platform): string {
  const home = (platform === 'win32' ? env.USERPROFILE : env.HOME) ?? '.';
  return platform === 'win32' ? join(home, 'xs-dev') : join(home, '.local', 'share');
}

/** xs-dev takes no --help: it would start installing. Only its commands are called, with all that they need. */
function xsDev(...args: string[]): { command: string; args: string[] } {
  return { command: 'npx', args: ['--no-install', 'xs-dev', ...args] };
}

export interface PlanOptions {
  needs: SetupNeeds;
  sdk_version: string;
  env: Environment;
  platform: NodeJS.Platform;
}

/**
 * xs-dev 0.30 would clone ESP-IDF 5.1, which the SDK's makefile refuses; it takes a clone that is there already. So the
 * right one is cloned to that place first.
 */
export function planSetup({ needs, sdk_version, env, platform }: PlanOptions): Action[] {
  const folder = installFolder(env, platform);
  const actions: Action[] = [];
  if (needs.sdk) {
    actions.push({
      name: `Moddable SDK ${sdk_version}`,
      ...xsDev('setup', '--target-branch', sdk_version),
      does: `installs packages of the system (it asks for your password), clones the SDK to ${join(folder, 'moddable')}, builds it, and adds a line to your shell's profile`,
    });
  }
  if (needs.idf) {
    const idf = join(folder, 'esp32', 'esp-idf');
    const repository = 'https://github.com/espressif/esp-idf.git';
    const clone = [
      'clone',
      '--depth',
      '1',
      '--recursive',
      '--shallow-submodules',
      '--branch',
      needs.idf_version,
      repository,
      idf,
    ];
    actions.push(
      { name: `ESP-IDF ${needs.idf_version}`, command: 'git', args: clone, does: `clones it to ${idf} (about 2 GB)` },
      {
        name: 'tools of ESP-IDF',
        ...xsDev('setup', '--device', 'esp32'),
        does: 'installs packages of the system and the compilers for the chips, and adds lines to the file that your shell reads',
      },
    );
  }
  return actions;
}
