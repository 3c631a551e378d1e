/**
 * Builds the page into build/page/, each file beside its own packed copies: the gateway then serves the best packing
 * without spending its own time on it.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'vite';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const USUAL_FOLDER = fileURLToPath(new URL('../../build/page', import.meta.url));

/** Below this the packing saves less than a packet. */
const PACK_FROM_BYTES = 1000;
const PACKED = new Set(['.html', '.js', '.css', '.svg']);

/** @type {(folder: string) => Promise<void>} */
export async function buildPage(folder) {
  await build({
    configFile: false,
    root: HERE,
    logLevel: 'warn',
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'es2022',
      modulePreload: { polyfill: false },
      // A data: address in a style sheet or script would have to be allowed for.
      assetsInlineLimit: 0,
      rollupOptions: { input: [join(HERE, 'index.html'), join(HERE, 'login.html')] },
    },
  });
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile() && PACKED.has(extname(entry.name))) pack(join(entry.parentPath, entry.name));
  }
}

/** @type {(path: string) => void} */
function pack(path) {
  const plain = readFileSync(path);
  if (plain.length < PACK_FROM_BYTES) return;
  writeFileSync(`${path}.gz`, gzipSync(plain, { level: 9 }));
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length };
  writeFileSync(`${path}.br`, brotliCompressSync(plain, { params }));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildPage(process.argv[2] ?? USUAL_FOLDER);
