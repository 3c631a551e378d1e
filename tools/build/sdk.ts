/** The Moddable SDK on this computer: where it is, whether it is the right one, and whether its tools are built. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import type { Environment } from '../cli/colour.ts';
import { Failure } from '../cli/errors.ts';
import { SDK_VERSION, sameMinor } from './versions.ts';

export interface Sdk {
  path: string;
  version: string;
  /** Folder of mcconfig, xsc and xsl. */
  bin: string;
  /** The ESP-IDF that it wants, such as `v6.0`. */
  idf_wanted: string;
}

const TOOLS = ['mcconfig', 'xsc', 'xsid', 'xsl', 'mcrez'];

/** What the SDK calls this computer's system. */
export function hostName(platform: NodeJS.Platform = process.platform): string {
  return platform === 'darwin' ? 'mac' : platform === 'win32' ? 'win' : 'lin';
}

/** What to run to get the SDK, for the end of an error. */
function setup(board: string): string {
  return `run \`npm run setup${board === '' ? '' : ` -- --board ${board}`}\`, which installs ${SDK_VERSION}, and open a new terminal`;
}

export function sdkVersion(path: string): string {
  const file = join(path, 'tools', 'VERSION');
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : 'unknown';
}

function wantedIdf(path: string): string {
  const file = join(path, 'build', 'devices', 'esp32', 'manifest.json');
  if (!existsSync(file)) return '';
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as { build?: { EXPECTED_ESP_IDF?: string } };
  return manifest.build?.EXPECTED_ESP_IDF ?? '';
}

function binOf(path: string): string {
  return join(path, 'build', 'bin', hostName(), 'release');
}

/** Which of the SDK's tools are not built, and how they are, in words; '' where all are there. */
export function unbuiltTools(path: string): string {
  const bin = binOf(path);
  const missing = TOOLS.filter((tool) => !existsSync(join(bin, tool)) && !existsSync(join(bin, `${tool}.exe`)));
  if (missing.length === 0) return '';
  const command = hostName() === 'win' ? 'build' : 'make';
  const makefiles = join(path, 'build', 'makefiles', hostName());
  return `lacks its built tools (${missing.join(', ')} in ${bin}); run \`${command}\` in ${makefiles}`;
}

/**
 * @param board for the advice; '' when it is not about one
 * @throws Failure saying what is missing and what to run
 */
export function findSdk(env: Environment, board: string): Sdk {
  const path = env.MODDABLE ?? '';
  if (path === '') throw new Failure(`the Moddable SDK is missing: MODDABLE is not set; ${setup(board)}`);
  if (!existsSync(join(path, 'tools', 'mcconfig'))) {
    throw new Failure(`MODDABLE is ${path}, and there is no Moddable SDK; ${setup(board)}`);
  }
  const version = sdkVersion(path);
  if (!sameMinor(version, SDK_VERSION)) {
    throw new Failure(
      `the Moddable SDK in MODDABLE is version ${version}, and this project builds with ${SDK_VERSION}; ${setup(board)}`,
    );
  }
  const unbuilt = unbuiltTools(path);
  if (unbuilt !== '') throw new Failure(`the Moddable SDK in MODDABLE ${unbuilt}`);
  return { path, version, bin: binOf(path), idf_wanted: wantedIdf(path) };
}
