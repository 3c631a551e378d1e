/** Whether the SDK has the target that a board names, and whether that is for the board's chip. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Board } from './board.ts';

const ESP32_FOLDER = ['build', 'devices', 'esp32'];

interface TargetManifest {
  build?: { ESP32_SUBCLASS?: string };
  include?: string | string[];
}

/** A target without a chip of its own may include the one that it is a variant of. */
function chipOf(sdk: string, target: string, depth = 0): string {
  const path = join(sdk, ...ESP32_FOLDER, 'targets', target, 'manifest.json');
  if (depth > 4 || !existsSync(path)) return 'esp32';
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as TargetManifest;
  if (manifest.build?.ESP32_SUBCLASS !== undefined) return manifest.build.ESP32_SUBCLASS;
  for (const include of [manifest.include ?? []].flat()) {
    const match = /^\.\.\/(\w+)\/manifest\.json$/.exec(include);
    if (match !== null) return chipOf(sdk, match[1], depth + 1);
  }
  return 'esp32';
}

export function targetProblem({ sdk_target, chip }: Board, sdk: string): string[] {
  if (sdk === '') return [];
  const [, target] = sdk_target.split('/') as [string, string | undefined];
  if (target === undefined)
    return chip === 'esp32' ? [] : [`sdk_target "${sdk_target}" is for the esp32, and chip is ${chip}`];
  if (!existsSync(join(sdk, ...ESP32_FOLDER, 'targets', target, 'manifest.json'))) {
    return [`sdk_target "${sdk_target}" is not in the SDK; look into its folder build/devices/esp32/targets`];
  }
  const its = chipOf(sdk, target);
  return its === chip ? [] : [`sdk_target "${sdk_target}" is for the ${its}, and chip is ${chip}`];
}
