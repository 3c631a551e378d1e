/**
 * Bundles the programs that run on Node.js into build/bin/. Packages stay outside, and so does the firmware: a program
 * loads build/firmware/node.mjs when it runs, so that it runs the very bytes that a device would. Names of programs on
 * the command line build those alone.
 */
import { existsSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Every program, under the name that it has in build/bin/. A worker is a program of its own: a thread loads a file. */
const PROGRAMS = {
  sim: 'host-sim/cli.ts',
  sweep: 'host-sim/sweep/cli.ts',
  'sweep-worker': 'host-sim/sweep/worker.ts',
  bench: 'host-sim/bench/cli.ts',
  check: 'tools/check/cli.ts',
};

/**
 * The lint walls say it while one writes; this holds it for what is really inside.
 *
 * @param {import('esbuild').Metafile} metafile
 * @returns {string[]} one line for each program that contains firmware
 */
function firmwareInside(metafile) {
  const faults = [];
  for (const [output, { inputs }] of Object.entries(metafile.outputs)) {
    const inside = Object.keys(inputs).filter((path) => path.startsWith('firmware/'));
    if (inside.length === 0) continue;
    faults.push(
      `${output} contains firmware (${inside.join(', ')}): a program may only load build/firmware/node.mjs when it ` +
        `runs; write \`import type\` for types, and load values from the bundle`,
    );
  }
  return faults;
}

const only = process.argv.slice(2);

const entryPoints = Object.entries(PROGRAMS)
  .filter(([name, entry]) => (only.length === 0 || only.includes(name)) && existsSync(`${ROOT}/${entry}`))
  .map(([name, entry]) => ({ in: entry, out: name }));

try {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints,
    outdir: 'build/bin',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    target: 'node20',
    sourcemap: 'linked',
    metafile: true,
    logLevel: 'warning',
  });
  for (const fault of firmwareInside(metafile)) {
    process.stderr.write(`${fault}\n`);
    process.exitCode = 1;
  }
} catch {
  // esbuild has printed what is wrong, with its place; a stack of this file would add nothing.
  process.exitCode = 1;
}
