import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readBoardFolder } from '../../../tools/boards/board.ts';
import { APPLICATION_CHUNK_BYTES, APPLICATION_SLOTS } from '../../../host-sim/memory/chips.ts';
import { loadBundle } from '../../../tools/build/bundle.ts';
import { BESIDE_BYTES, checkFit } from '../../../tools/build/fit.ts';
import { countHeap, nodeHeap, SLOT_BYTES } from '../../../tools/build/heap.ts';
import { importsOf, modulesOf, unresolvedImports } from '../../../tools/build/imports.ts';
import { parseOptions } from '../../../tools/build/options.ts';
import { placeProject } from '../../../tools/build/project.ts';
import { applicationSize } from '../../../tools/build/report.ts';
import { nodeSettings } from '../../../tools/build/settings.ts';
import { Failure } from '../../../tools/cli/errors.ts';
import { projectRoot } from '../../../tools/cli/project-root.ts';

const ROOT = projectRoot();

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'lvs-build-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('parseOptions', () => {
  it('takes a board or this computer', () => {
    expect(parseOptions(['--board', 'm5atom', '--mode', 'debug', '--json'], 80)).toMatchObject({
      board: 'm5atom',
      mode: 'debug',
      json: true,
    });
    expect(parseOptions(['--lin', '--link-only'], 80)).toMatchObject({ board: '', mode: 'release', link_only: true });
  });

  it.each<[string[], string]>([
    [['--board', 'x', '--lin'], 'say what to build for: --board NAME or --lin, one of the two'],
    [['--json'], 'say what to build for: --board NAME or --lin, one of the two'],
    [['--board', 'x', '--mode', 'fast'], '--mode fast: must be one of release, debug, instrument'],
    [['--bord', 'x'], "unknown option '--bord'; did you mean --board?"],
  ])('refuses %j', (argv, message) => {
    expect(() => parseOptions(argv, 80)).toThrow(message);
  });
});

describe('imports', () => {
  it('reads static imports of every shape, and no others', () => {
    const code = `import A from "a";
import { b,
  c } from 'embedded:io/b';
export { d } from "d";
  import "e";
// import X from "not";
const text = 'import Y from "never"';
`;
    expect(importsOf(code).sort()).toEqual(['a', 'd', 'e', 'embedded:io/b']);
  });

  it('knows modules by the names that others import them by', () => {
    const makefile =
      '$(MODULES_DIR)/~.embedded/io/udp.xsb: /sdk/udp.js\n\txsc\n$(MODULES_DIR)/lvs/node.xsb: /x/node.mjs\n';
    expect(modulesOf(makefile)).toEqual([
      { name: 'embedded:io/udp', source: '/sdk/udp.js' },
      { name: 'lvs/node', source: '/x/node.mjs' },
    ]);
  });

  it('names each import that leads nowhere', () => {
    const main = join(folder, 'main.mjs');
    writeFileSync(main, 'import UDP from "embedded:io/udp";\nimport Gone from "gone";\n');
    const makefile = `$(MODULES_DIR)/main.xsb: ${main}\n$(MODULES_DIR)/~.embedded/io/udp.xsb: ${join(folder, 'nothing.js')}\n`;
    expect(unresolvedImports(makefile)).toEqual([`main (${main}) imports "gone"`]);
  });
});

describe('heap', () => {
  it('counts as XS does', () => {
    const hundred = Array.from({ length: 100 }, () => ({ a: 1, b: 2, c: 3 }));
    expect(countHeap(hundred).slots).toBe(402);
    expect(countHeap({ t: new Uint8Array(1024) })).toMatchObject({ slots: 2 + 7, chunk_bytes: 1032 });
    const shared = { x: 1 };
    expect(countHeap([shared, shared]).slots).toBe(2 + 2);
  });

  it('grows with peers and keys, and stays within the pool for 32 peers and 16 keys', async () => {
    const firmware = await loadBundle(ROOT);
    const creation = { static: 94_208, stack: 384, chunk: { initial: 0 }, heap: { initial: 0 } };
    const bytes = (table: number, keys: number): number =>
      nodeHeap(firmware, nodeSettings(firmware, { config: { table, keys: new Array(keys).fill({}) }, creation })).bytes;
    expect(bytes(32, 4)).toBeGreaterThan(bytes(16, 4));
    expect(bytes(32, 16)).toBeGreaterThan(bytes(32, 4));
    expect(bytes(32, 16)).toBeLessThan(94_208 / 2);
  });
});

describe('checkFit', () => {
  const creation = { static: 94_208, stack: 384, chunk: { initial: 0 }, heap: { initial: 0 } };

  it('reckons with the same memory beside the node as the simulator does', () => {
    expect(BESIDE_BYTES).toBe(APPLICATION_SLOTS * SLOT_BYTES + APPLICATION_CHUNK_BYTES);
  });

  it('refuses a node that does not fit, with the figures and the largest table that would', async () => {
    const firmware = await loadBundle(ROOT);
    const check = (table: number): void => checkFit(firmware, { config: { table }, creation });
    expect(() => check(64)).not.toThrow();
    let message = '';
    try {
      check(1000);
    } catch (error) {
      message = error instanceof Failure ? error.message : '';
    }
    expect(message).toContain('and the chip has 75,088 for it: 94,208 of the pool, less 6,144 of stack and 12,976 ');
    const most = Number(/; set table to at most (\d+), or take fewer keys$/.exec(message)?.[1]);
    expect(() => check(most)).not.toThrow();
    expect(() => check(most + 1)).toThrow(`set table to at most ${most}, `);
  });

  it('refuses keys that do not fit whatever the table', async () => {
    const firmware = await loadBundle(ROOT);
    const small = { ...creation, static: 20_480 };
    expect(() => checkFit(firmware, { config: {}, creation: small })).toThrow(
      'for what runs beside the node; take fewer keys',
    );
  });
});

describe('placeProject', () => {
  it('knows where the SDK puts things', () => {
    const places = [
      ['esp32/esp32c3', 'release'],
      ['esp32', 'debug'],
      ['lin', 'instrument'],
    ] as const;
    expect(places.map(([target, mode]) => placeProject('/p', 'b', target, mode).tmp)).toEqual([
      '/p/build/b/sdk/tmp/esp32/esp32c3/release/lvs-node',
      '/p/build/b/sdk/tmp/esp32/debug/lvs-node',
      '/p/build/b/sdk/tmp/lin/mc/instrument/lvs-node',
    ]);
  });
});

describe('applicationSize', () => {
  it('refuses an application that does not fit its slot, with the figures and the ways out', () => {
    const board = readBoardFolder(ROOT, 'esp32-c3-devkitm');
    const image = join(folder, 'xs_esp32.bin');
    writeFileSync(image, new Uint8Array(1_966_080));
    expect(applicationSize(image, board)).toEqual({ bytes: 1_966_080, partition: 'ota_0', partition_bytes: 1_966_080 });
    writeFileSync(image, new Uint8Array(2_000_000));
    expect(() => applicationSize(image, board)).toThrow(
      'the application takes 2,000,000 bytes and its slot ota_0 has 1,966,080: 33,920 too many; build with --mode release, or make ota_0 and ota_1 larger in boards/esp32-c3-devkitm/partitions.csv',
    );
  });
});
