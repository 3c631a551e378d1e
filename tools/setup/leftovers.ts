/** What lies where something is to be installed. It is not removed, for it may be someone's work, and it may be the thing itself. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { idfVersion } from '../build/idf.ts';
import { sdkVersion, unbuiltTools } from '../build/sdk.ts';
import { sameMinor, SDK_VERSION } from '../build/versions.ts';
import type { Environment } from '../cli/colour.ts';
import { Failure } from '../cli/errors.ts';
import { type Action, installFolder, type SetupNeeds } from './plan.ts';

/** An SDK that is there and was not taken: another one, one without its tools, or one that nobody named. */
function sdkInTheWay(path: string): string {
  const version = sdkVersion(path);
  if (!sameMinor(version, SDK_VERSION)) {
    return `${path} is there already and is not the SDK ${SDK_VERSION}; move it away, unset MODDABLE, and run this again`;
  }
  const unbuilt = unbuiltTools(path);
  if (unbuilt !== '') return `${path} is the SDK ${version} already and ${unbuilt}, and run this again`;
  return `${path} is the SDK ${version} already, and MODDABLE is not set: open a new terminal, or set MODDABLE to it, and run this again`;
}

function idfInTheWay(path: string, wanted: string): string {
  const version = idfVersion(path);
  if (version === '' || !sameMinor(version, wanted)) {
    return `${path} is there already and is not the ESP-IDF that is wanted; move it away, and run this again`;
  }
  return `${path} is ESP-IDF ${version} already, and IDF_PATH does not name it: run its install script, then its export script in this terminal, and run this again`;
}

/** @throws Failure naming what is in the way, and what to do about it */
export function refuseLeftovers(actions: readonly Action[], needs: SetupNeeds, env: Environment): void {
  const clone = actions.find(({ command }) => command === 'git')?.args.at(-1) ?? '';
  if (clone !== '' && existsSync(clone)) throw new Failure(idfInTheWay(clone, needs.idf_version));
  const sdk = env.MODDABLE ?? join(installFolder(env, process.platform), 'moddable');
  if (needs.sdk && existsSync(sdk)) throw new Failure(sdkInTheWay(sdk));
}
