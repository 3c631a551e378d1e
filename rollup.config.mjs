/**
 * Makes the firmware bundle: one self-contained ES module that the simulator, the tests and the device all run. The
 * same sources always give the same bytes, so its SHA-256 names exactly what was run. Beside it, the device's own
 * modules: they leave the node and the SDK's modules outside, and the manifest brings them together on the device.
 */
import { createHash } from 'node:crypto';
import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, isAbsolute } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';

const NODE = fileURLToPath(new URL('firmware/node.ts', import.meta.url));

/** What the manifest calls the node's bundle. */
const NODE_ON_DEVICE = 'lvs/node';

/** Each is one module on the device; the manifest chooses the hardware's by platform, under the name `lvs/hardware`. */
const DEVICE_MODULES = {
  main: 'firmware/device/main.ts',
  'hardware-esp32': 'firmware/device/esp32/hardware.ts',
  'hardware-lin': 'firmware/device/lin/hardware.ts',
};

/** @param {string} name */
function outputOf(name) {
  return fileURLToPath(new URL(`build/firmware/${name}.mjs`, import.meta.url));
}

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
 * The device runs the very bundle that the simulator runs, so its own modules do not contain the node.
 *
 * @returns {import('rollup').Plugin}
 */
function leaveNodeOutside() {
  return {
    name: 'leave-node-outside',
    async resolveId(source, importer, options) {
      const resolved = await this.resolve(source, importer, { ...options, skipSelf: true });
      return resolved?.id === NODE && importer !== undefined ? { id: NODE_ON_DEVICE, external: true } : resolved;
    },
  };
}

/**
 * The device gets the same bytes, in a folder without the map: the SDK's compiler follows the comment that names it, and
 * then takes only the first of its sources, so that every place would be wrong.
 *
 * @returns {import('rollup').Plugin}
 */
function copyForDevice() {
  return {
    name: 'copy-for-device',
    async writeBundle() {
      await mkdir(dirname(outputOf('device/node')), { recursive: true });
      await copyFile(outputOf('node'), outputOf('device/node'));
    },
  };
}

/**
 * Modules of the SDK go by bare names.
 *
 * @param {string} id
 */
function isOfPlatform(id) {
  return !id.startsWith('.') && !isAbsolute(id);
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
  const plugins = flags.configReport === true ? [stripTypes(), report()] : [stripTypes()];
  return [
    {
      input: NODE,
      output: { file: outputOf('node'), format: 'es', sourcemap: true },
      plugins: [...plugins, copyForDevice()],
      onwarn: refuseWarning,
    },
    ...Object.entries(DEVICE_MODULES).map(([name, entry]) => ({
      input: fileURLToPath(new URL(entry, import.meta.url)),
      // Hidden from the SDK's compiler for the same reason, and kept for translating what the device says.
      output: { file: outputOf(name), format: /** @type {const} */ ('es'), sourcemap: /** @type {const} */ ('hidden') },
      external: isOfPlatform,
      plugins: [leaveNodeOutside(), ...plugins],
      onwarn: refuseWarning,
    })),
  ];
}
