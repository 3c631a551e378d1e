/**
 * Starts the gateway in this very process, so that a signal sent to `npm run` reaches it, after building what is missing
 * or older than its sources. A service starts build/bin/gateway.mjs itself.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What each build stands on, and how it is made. */
const BUILDS = [
  {
    output: 'build/firmware/node.mjs',
    sources: ['firmware', 'rollup.config.mjs'],
    args: ['node_modules/rollup/dist/bin/rollup', '--config', '--silent'],
  },
  {
    output: 'build/bin/gateway.mjs',
    sources: ['gateway', 'host-sim/node-platform', 'tools/cli', 'tools/build-host.mjs', 'package.json'],
    args: ['tools/build-host.mjs', 'gateway'],
  },
  { output: 'build/page/index.html', sources: ['gateway/page'], args: ['gateway/page/build.mjs'] },
];

/** @type {(path: string) => number} */
function newest_ms(path) {
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest_ms(join(path, name))));
}

for (const { output, sources, args } of BUILDS) {
  const path = join(ROOT, output);
  const sources_ms = Math.max(...sources.map((source) => newest_ms(join(ROOT, source))));
  if (existsSync(path) && statSync(path).mtimeMs >= sources_ms) continue;
  const { status } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(status ?? 1);
}
const program = join(ROOT, 'build/bin/gateway.mjs');
process.argv = [process.argv[0], program, ...process.argv.slice(2)];
await import(pathToFileURL(program).href);
