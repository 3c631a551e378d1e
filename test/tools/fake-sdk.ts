/** A folder that looks like the Moddable SDK, with programs that do as little as the build can do with. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hostName } from '../../tools/build/sdk.ts';

function put(path: string, text: string, executable = false): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  if (executable) chmodSync(path, 0o755);
}

export interface FakeSdkOptions {
  version?: string;
  tools?: boolean;
  /** Bytes of the application that its ESP-IDF builds. */
  application_bytes?: number;
  /** A module that some other imports and nobody has. */
  lost?: string;
  /** What mcconfig ends with. */
  code?: number;
  /** Peers that the node's table holds, in config. */
  table?: number;
}

/**
 * Writes the makefile as the real one does, as far as it is read: modules with their sources, and a rule for the linked
 * JavaScript. With -m it leaves what ESP-IDF would.
 */
const MCCONFIG = `#!/bin/sh
set -e
while [ $# -gt 0 ]; do
  case "$1" in
    -p) target="$2"; shift ;;
    -o) out="$2"; shift ;;
    -t) shift ;;
    -m) make=1 ;;
    -dn) mode=debug ;;
    -i) mode=instrument ;;
    *) manifest="$1" ;;
  esac
  shift
done
[ @CODE@ = 0 ] || { echo "Error: no such module"; exit @CODE@; }
chip=esp32
case "$target" in */esp32c3) chip=esp32c3 ;; esac
tmp="$out/tmp/$target/\${mode:-release}/lvs-node"
mkdir -p "$tmp/modules/lvs"
cat > "$tmp/manifest_flat.json" <<END
{ "config": { "swarm": "lvs", "table": @TABLE@, "keys": [{}, {}] }, "creation": { "static": 94208, "stack": 384, "chunk": { "initial": 1 }, "heap": { "initial": 1 } } }
END
printf 'import "lvs/node";\\n%s' "@LOST@" > "$tmp/main.mjs"
echo 'export default 1;' > "$tmp/node.mjs"
cat > "$tmp/makefile" <<END
\\$(MODULES_DIR)/main.xsb: $tmp/main.mjs
	xsc
\\$(MODULES_DIR)/lvs/node.xsb: $tmp/node.mjs
	xsc
$tmp/mc.xs.c:
	printf 12345 > $tmp/modules/main.xsb
	printf 1234567 > $tmp/modules/lvs/node.xsb
	printf '#define mxAliasCount 3\\\\n#define mxHeapCount 1000\\\\n' > $tmp/mc.xs.c
	@echo '### warning: main: default() WORDS: not frozen' >&2
END
[ -z "$make" ] && exit 0
build="$tmp/xsProj-$chip/build"
mkdir -p "$build/bootloader" "$build/partition_table"
echo boot > "$build/bootloader/bootloader.bin"
echo table > "$build/partition_table/partition-table.bin"
head -c @BYTES@ /dev/zero > "$build/xs_esp32.bin"
cat > "$build/flasher_args.json" <<END
{ "write_flash_args": ["--flash_mode", "dio"], "flash_files": { "0x8000": "partition_table/partition-table.bin", "0x0": "bootloader/bootloader.bin", "0x10000": "xs_esp32.bin" } }
END
`;

/** @returns the folder, for MODDABLE */
export function fakeSdk(folder: string, options: FakeSdkOptions = {}): string {
  const { version = '8.2.3', tools = true, application_bytes = 1_000_000, lost = '', code = 0, table = 64 } = options;
  const sdk = join(folder, 'moddable');
  put(join(sdk, 'tools', 'VERSION'), `${version}\n`);
  put(join(sdk, 'tools', 'mcconfig', 'make.lin.mk'), '');
  const devices = join(sdk, 'build', 'devices', 'esp32');
  put(join(devices, 'manifest.json'), '{ "build": { "EXPECTED_ESP_IDF": "v6.0" } }');
  put(join(devices, 'targets', 'esp32c3', 'manifest.json'), '{ "build": { "ESP32_SUBCLASS": "esp32c3" } }');
  put(join(devices, 'targets', 'variant', 'manifest.json'), '{ "include": "../esp32c3/manifest.json" }');
  if (!tools) return sdk;
  const bin = join(sdk, 'build', 'bin', hostName(), 'release');
  for (const name of ['xsc', 'xsid', 'xsl', 'mcrez']) put(join(bin, name), '#!/bin/sh\n', true);
  const script = MCCONFIG.replaceAll('@CODE@', String(code))
    .replaceAll('@TABLE@', String(table))
    .replaceAll('@BYTES@', String(application_bytes))
    .replaceAll('@LOST@', lost === '' ? '' : `import '${lost}';`);
  put(join(bin, 'mcconfig'), script, true);
  return sdk;
}

/** @returns the folder, for IDF_PATH */
export function fakeIdf(folder: string, [major, minor]: readonly [number, number] = [6, 0]): string {
  const idf = join(folder, 'esp-idf');
  const lines = [`set(IDF_VERSION_MAJOR ${major})`, `set(IDF_VERSION_MINOR ${minor})`, 'set(IDF_VERSION_PATCH 1)'];
  put(join(idf, 'tools', 'cmake', 'version.cmake'), `${lines.join('\n')}\n`);
  return idf;
}
