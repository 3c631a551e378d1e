/** The bundle on one line, as the device counts its steps. */
import { transform } from 'esbuild';

/**
 * `@agoric/xsnap` builds its engine for debugging, so its parser puts a step of bookkeeping before each source line (a
 * twelfth of all). A release build of the device has none of them. Without line breaks there is nothing to keep book of:
 * names, syntax and the order of everything stay as they are.
 */
export async function flatten(code: string): Promise<string> {
  const flat = await transform(code, { minifyWhitespace: true, format: 'esm', target: 'es2022' });
  return flat.code;
}
