/** Starts serve.ts: Node.js 20 runs no TypeScript, so it is bundled first. */
import { renameSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const bundle = fileURLToPath(new URL('../../build/rom/serve.mjs', import.meta.url));
// Several may start at one time: each writes its own, and the last one to be ready stays.
const own = `${bundle}.${process.pid}.tmp`;
await build({
  entryPoints: [fileURLToPath(new URL('serve.ts', import.meta.url))],
  outfile: own,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  target: 'node20',
  logLevel: 'warning',
});
renameSync(own, bundle);
await import(pathToFileURL(bundle).href);
