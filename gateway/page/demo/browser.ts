/** Finds a Chromium for the tests and the bench. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The path of one, or '' where there is none. `CHROMIUM` names another. */
export function findChromium(env: Readonly<Record<string, string | undefined>>): string {
  const named = env.CHROMIUM ?? '';
  if (named !== '') return named;
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    for (const name of NAMES) if (existsSync(join(folder, name))) return join(folder, name);
  }
  return '';
}

/** A container has no user namespaces to make a sandbox of, and little shared memory. */
export const CHROMIUM_ARGUMENTS = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'];
