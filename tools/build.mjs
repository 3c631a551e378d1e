/**
 * `npm run build`. Without flags it makes the bundles and the host programs, as everything else here needs them; with
 * flags it builds firmware for a board, which is a host program itself.
 */
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** @param {string[]} args */
function run(...args) {
  const { status } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

const flags = process.argv.slice(2);
if (flags.length === 0) {
  run('node_modules/rollup/dist/bin/rollup', '--config', '--silent');
  run('tools/build-host.mjs');
} else {
  run('tools/build-host.mjs', 'build');
  run('--enable-source-maps', 'build/bin/build.mjs', ...flags);
}
