/**
 * Starts a program of build/bin/ in this very process, so that a signal sent to `npm run` reaches it, after building what
 * is missing or older than its sources. Nodes that are started at once must not build over each other's heads.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SOURCES = ['firmware', 'host-sim', 'tools', 'package.json', 'rollup.config.mjs'];
const BUNDLE = join(ROOT, 'build/firmware/node.mjs');

/** @type {(path: string) => number} */
function newest_ms(path) {
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest_ms(join(path, name))));
}

/** @type {(path: string, sources_ms: number) => boolean} */
function isOld(path, sources_ms) {
  return !existsSync(path) || statSync(path).mtimeMs < sources_ms;
}

/** @param {string[]} args */
function build(...args) {
  const { status } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(status ?? 1);
}

const [name = '', ...rest] = process.argv.slice(2);
/** Programs that a program starts. */
const HELPERS = {
  swarm: ['node', 'swarm-relay'],
  'bench-node': ['node', 'swarm-relay', 'bench-node-crowd', 'bench-node-flood', 'store-saver'],
};
const programs = [name, ...(HELPERS[/** @type {keyof typeof HELPERS} */ (name)] ?? [])];
const paths = programs.map((program) => join(ROOT, 'build/bin', `${program}.mjs`));
const sources_ms = Math.max(...SOURCES.map((source) => newest_ms(join(ROOT, source))));
if (isOld(BUNDLE, sources_ms)) build('node_modules/rollup/dist/bin/rollup', '--config', '--silent');
if (paths.some((path) => isOld(path, sources_ms))) build('tools/build-host.mjs', ...programs);
process.argv = [process.argv[0], paths[0], ...rest];
await import(pathToFileURL(paths[0]).href);
