/**
 * Bundles the programs that run on Node.js into build/bin/. Packages stay outside, and so does the firmware: a program
 * loads build/firmware/node.mjs when it runs, so that it runs the very bytes that a device would. Names of programs on
 * the command line build those alone.
 */
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
  'bench-xs': 'host-sim/bench/xs-cli.ts',
  'parity-xs': 'host-sim/xs/parity-cli.ts',
  node: 'host-sim/node/cli.ts',
  swarm: 'host-sim/swarm/cli.ts',
  'swarm-relay': 'host-sim/swarm/relay-cli.ts',
  'bench-node': 'host-sim/node/bench/cli.ts',
  'bench-node-crowd': 'host-sim/node/bench/crowd-cli.ts',
  'bench-node-flood': 'host-sim/node/bench/flood-cli.ts',
  'store-saver': 'host-sim/node/bench/saver-cli.ts',
  compliance: 'tools/compliance/cli.ts',
  gateway: 'gateway/cli.ts',
  'bench-gateway': 'gateway/bench/cli.ts',
  'bench-federation': 'gateway/federation/bench/cli.ts',
  demo: 'gateway/demo/cli.ts',
  'demo-gateway': 'gateway/demo/gateway-child.ts',
  'page-demo': 'gateway/page/demo/cli.ts',
  'bench-page': 'gateway/page/bench/cli.ts',
  check: 'tools/check/cli.ts',
  build: 'tools/build/cli.ts',
  boards: 'tools/boards/cli.ts',
  doctor: 'tools/doctor/cli.ts',
  setup: 'tools/setup/cli.ts',
  flash: 'tools/flash/cli.ts',
  provision: 'tools/provision/cli.ts',
  monitor: 'tools/monitor/cli.ts',
  'test-moddable': 'tools/test-moddable/cli.ts',
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

/** Modules that run inside the XS engine beside the firmware bundle, under the name that they have in build/xs/. */
const XS_PROGRAMS = {
  driver: 'host-sim/xs/driver/main.ts',
  probe: 'host-sim/xs/probe/main.ts',
};

const only = process.argv.slice(2);

/** @type {(programs: Record<string, string>) => { in: string, out: string }[]} */
const entriesOf = (programs) =>
  Object.entries(programs)
    .filter(([name]) => only.length === 0 || only.includes(name))
    .map(([name, entry]) => ({ in: entry, out: name }));

try {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: entriesOf(PROGRAMS),
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
  await build({
    absWorkingDir: ROOT,
    entryPoints: entriesOf(XS_PROGRAMS),
    outdir: 'build/xs',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'neutral',
    format: 'esm',
    target: 'es2022',
    logLevel: 'warning',
  });
} catch {
  // esbuild has printed what is wrong, with its place; a stack of this file would add nothing.
  process.exitCode = 1;
}
