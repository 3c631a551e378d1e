/** Where the XS engine lies: the program that `@agoric/xsnap` builds from Moddable's sources when it is installed. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Failure } from '../../tools/cli/errors.ts';

/** The package's own names of the systems that it builds for. */
const SYSTEMS: Readonly<Partial<Record<NodeJS.Platform, string>>> = { linux: 'lin', darwin: 'mac' };

/** The package's folder, or null when it is not installed. */
function packageFolder(): string | null {
  try {
    return join(createRequire(import.meta.url).resolve('@agoric/xsnap/package.json'), '..');
  } catch {
    return null;
  }
}

/** @throws Failure that says what is missing and what to run */
export function xsWorkerPath(platform: NodeJS.Platform = process.platform, folder = packageFolder()): string {
  const system = SYSTEMS[platform];
  if (system === undefined) {
    throw new Failure(
      `there is no XS engine for ${platform}: @agoric/xsnap builds on Linux and macOS; use --engine node`,
    );
  }
  if (folder === null) {
    throw new Failure('the XS engine is not installed; run "npm ci --include=dev", which builds it from source');
  }
  const path = join(folder, 'xsnap-native/xsnap/build/bin', system, 'release/xsnap-worker');
  if (!existsSync(path)) {
    throw new Failure(
      'the XS engine has not been built yet: run "npm rebuild @agoric/xsnap", which takes a minute and needs a C compiler and make',
    );
  }
  return path;
}
