/** Which rules a file is held to, by where it lies under the project's root. */
import { relative, sep } from 'node:path';

/** `fixed` may divide, `device` may know its platform, and `ports` is where calls leave the firmware. */
export type Zone = 'fixed' | 'device' | 'ports' | 'plain';

/** From the project's root, with slashes on every system. */
export function pathFrom(root: string, file: string): string {
  return relative(root, file).split(sep).join('/');
}

export function zoneOf(path: string): Zone {
  if (path.startsWith('firmware/fixed/')) return 'fixed';
  if (path.startsWith('firmware/device/')) return 'device';
  return path === 'firmware/platform.ts' ? 'ports' : 'plain';
}
