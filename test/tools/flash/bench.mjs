/** Starts bench.ts: Node.js 20 runs no TypeScript, so it is bundled first. */
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const bundle = fileURLToPath(new URL('../../../build/bench/flash.mjs', import.meta.url));
await build({
  entryPoints: [fileURLToPath(new URL('bench.ts', import.meta.url))],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  target: 'node20',
  logLevel: 'warning',
});
await import(pathToFileURL(bundle).href);
