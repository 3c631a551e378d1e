/** ESP-IDF on this computer: Espressif's compiler and libraries, which the SDK calls for everything that is not JavaScript. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../cli/colour.ts';
import { Failure } from '../cli/errors.ts';
import type { Sdk } from './sdk.ts';
import { sameMinor } from './versions.ts';

export interface Idf {
  path: string;
  version: string;
}

/** From the file that ESP-IDF's own build reads: right for a clone and for a downloaded archive. */
export function idfVersion(path: string): string {
  const file = join(path, 'tools', 'cmake', 'version.cmake');
  if (!existsSync(file)) return '';
  const text = readFileSync(file, 'utf8');
  const part = (name: string): string => new RegExp(`IDF_VERSION_${name} (\\d+)`).exec(text)?.[1] ?? '0';
  return `v${part('MAJOR')}.${part('MINOR')}.${part('PATCH')}`;
}

/** @throws Failure saying what is missing and what to run */
export function findIdf(env: Environment, sdk: Sdk, board: string): Idf {
  const path = env.IDF_PATH ?? '';
  const advice = `run \`npm run setup -- --board ${board}\`, which installs ${sdk.idf_wanted}, and open a new terminal; or stop before the chip's compiler with --link-only`;
  if (path === '') throw new Failure(`ESP-IDF is missing: IDF_PATH is not set; ${advice}`);
  const version = idfVersion(path);
  if (version === '') throw new Failure(`IDF_PATH is ${path}, and there is no ESP-IDF; ${advice}`);
  if (sdk.idf_wanted !== '' && !sameMinor(version, sdk.idf_wanted)) {
    throw new Failure(
      `the ESP-IDF in IDF_PATH is ${version}, and the Moddable SDK ${sdk.version} wants ${sdk.idf_wanted}; ${advice}`,
    );
  }
  return { path, version };
}
