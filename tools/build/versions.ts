/** Which SDK this project builds with, and how versions compare. */

/** Proven with this one; the SDK changes between minor versions. */
export const SDK_VERSION = '8.2.3';

/** Major and minor version of `v6.0`, `8.2.3` or `v6.0-beta1`; null when it has none. */
export function majorMinor(version: string): string | null {
  const match = /(\d+)\.(\d+)/.exec(version);
  return match === null ? null : `${match[1]}.${match[2]}`;
}

export function sameMinor(a: string, b: string): boolean {
  const first = majorMinor(a);
  return first !== null && first === majorMinor(b);
}
