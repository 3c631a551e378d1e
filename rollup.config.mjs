/**
 * Makes the firmware bundle: one self-contained ES module that the simulator, the tests and the device all run. The
 * same sources always give the same bytes, so its SHA-256 names exactly what was run.
 */
import { createHash } from 'node:crypto';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';

const ENTRY = fileURLToPath(new URL('firmware/node.ts', import.meta.url));
const OUTPUT = fileURLToPath(new URL('build/firmware/node.mjs', import.meta.url));

/**
 * Takes the types away and nothing else. `verbatimModuleSyntax` keeps each import that is not marked `type`, so what
 * the lint rules see imported is what the bundle contains.
 *
 * @returns {import('rollup').Plugin}
 */
function stripTypes() {
  return {
    name: 'strip-types',
    async transform(code, id) {
      if (!id.endsWith('.ts')) return null;
      const stripped = await transform(code, {
        loader: 'ts',
        target: 'es2022',
        sourcemap: true,
        sourcefile: id,
        tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
      });
      return { code: stripped.code, map: stripped.map };
    },
  };
}

/**
 * Says how large the bundle is and what it is called.
 *
 * @returns {import('rollup').Plugin}
 */
function report() {
  return {
    name: 'report',
    writeBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk') continue;
        const bytes = Buffer.from(file.code);
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        process.stderr.write(`build/firmware/${file.fileName}  ${bytes.length} bytes  sha256 ${sha256}\n`);
      }
    },
  };
}

/**
 * Any warning ends the build: an import left open or going in a circle would only show on the device.
 *
 * @param {import('rollup').RollupLog} warning
 */
function refuseWarning(warning) {
  throw new Error(`${warning.code ?? 'WARNING'}: ${warning.message}`);
}

/**
 * @param {Record<string, unknown>} flags `--configReport` prints size and SHA-256 on stderr.
 * @returns {import('rollup').RollupOptions[]}
 */
export default function config(flags) {
  return [
    {
      input: ENTRY,
      output: { file: OUTPUT, format: 'es', sourcemap: true },
      plugins: flags.configReport === true ? [stripTypes(), report()] : [stripTypes()],
      onwarn: refuseWarning,
    },
  ];
}
