/**
 * The device's entry. The SDK calls the default export once at start; until then nothing runs, so that the module can
 * be preloaded and stays in flash with everything that it imports.
 */

import config from 'mc/config';
import { hardware } from 'lvs/hardware';
import { run } from './run.ts';

declare global {
  /** XS calls it with the reason before it gives up (`defines.xs.aborthook` of the manifest). */
  var abort: ((reason: string, error: unknown) => void) | undefined;
}

export default function main(): void {
  run({
    hardware: hardware(),
    // lvs-allow LVS004: settings are read once, by the names under which NVS has them too
    config: (name) => config[name] as unknown,
    onAbort: (hook) => {
      globalThis.abort = hook;
    },
  });
}
