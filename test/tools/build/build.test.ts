/** Whole builds, with an SDK that only pretends (test/tools/fake-sdk.ts). The real one is for `npm run test:moddable`. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { explain } from '../../../tools/cli/run-main.ts';
import { projectRoot } from '../../../tools/cli/project-root.ts';
import { buildMain } from '../../../tools/build/main.ts';
import { keepSurroundings, type KeptSurroundings } from '../around.ts';
import { fakeIdf, fakeSdk, type FakeSdkOptions } from '../fake-sdk.ts';

const ROOT = projectRoot();
const BOARD = 'esp32-c3-devkitm';

let folder = '';
let root = '';

/** A project with this one's boards and bundles, whose own steps (check, Rollup) do nothing. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-build-'));
  root = join(folder, 'project');
  mkdirSync(join(root, 'build', 'bin'), { recursive: true });
  mkdirSync(join(root, 'tools'), { recursive: true });
  mkdirSync(join(root, 'node_modules', 'rollup', 'dist', 'bin'), { recursive: true });
  for (const file of ['tools/build-host.mjs', 'build/bin/check.mjs', 'node_modules/rollup/dist/bin/rollup'])
    writeFileSync(join(root, file), '');
  for (const name of ['boards', 'manifest.json', 'package.json'])
    cpSync(join(ROOT, name), join(root, name), { recursive: true });
  symlinkSync(join(ROOT, 'build', 'firmware'), join(root, 'build', 'firmware'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function build(
  argv: string[],
  options: FakeSdkOptions = {},
  env: Record<string, string> = {},
): Promise<{ code: number; around: KeptSurroundings; lines: string[] }> {
  const sdk = { MODDABLE: fakeSdk(folder, options), IDF_PATH: fakeIdf(folder), PATH: process.env.PATH ?? '' };
  const around = keepSurroundings({ ...sdk, ...env });
  try {
    return { code: await buildMain(argv, around, root), around, lines: [] };
  } catch (error) {
    return { ...explain('build', error), around };
  }
}

describe('npm run build', () => {
  it('builds, reports, and leaves what flashing tools read', async () => {
    const { code, around } = await build(['--board', BOARD]);
    expect(code).toBe(0);
    expect(around.err()).toContain('✓ link  2 modules, 12 bytes of byte code');
    expect(around.err()).toContain('! xsl: main: default() WORDS: not frozen');
    expect(around.out()).toContain('application  1,000,000 of 1,966,080 bytes of ota_0 (50.9 %)');
    expect(around.out()).toContain('ROM slots    1,000 of 16 bytes (16,000), 3 aliases');

    const output = join(root, 'build', BOARD);
    const web = JSON.parse(readFileSync(join(output, 'manifest.json'), 'utf8')) as unknown;
    expect(web).toMatchObject({
      builds: [
        {
          chipFamily: 'ESP32-C3',
          parts: [
            { path: 'bootloader/bootloader.bin', offset: 0 },
            { path: 'partition_table/partition-table.bin', offset: 0x8000 },
            { path: 'xs_esp32.bin', offset: 0x10000 },
          ],
        },
      ],
    });
    const args = JSON.parse(readFileSync(join(output, 'flasher_args.json'), 'utf8')) as {
      flash_files: Record<string, string>;
    };
    for (const file of Object.values(args.flash_files)) expect(existsSync(join(output, file))).toBe(true);
  });

  it('gives the board its settings last, over those of the SDK target', async () => {
    await build(['--board', BOARD, '--link-only']);
    const sdk = join(root, 'build', BOARD, 'sdk');
    expect(JSON.parse(readFileSync(join(sdk, 'manifest.json'), 'utf8'))).toEqual({
      include: ['../../../manifest.json', './manifest_board.json'],
    });
    expect(JSON.parse(readFileSync(join(sdk, 'manifest_board.json'), 'utf8'))).toMatchObject({
      build: { SDKCONFIGPATH: join(root, 'boards', BOARD) },
      config: { board: { name: BOARD, led: { kind: 'pixel', pin: 8 } } },
    });
  });

  it('writes an event a line with --json, the report last, and the report as a file', async () => {
    const { around } = await build(['--board', BOARD, '--json']);
    const events = around
      .out()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; step?: string });
    expect(events.filter(({ type }) => type === 'step:done').map(({ step }) => step)).toEqual([
      'board',
      'SDK',
      'check',
      'Rollup',
      'mcconfig',
      'link',
      'ESP-IDF',
      'images',
    ]);
    const report = events.at(-1);
    expect(report).toMatchObject({
      type: 'report',
      board: BOARD,
      target: 'esp32/esp32c3',
      idf_version: 'v6.0.1',
      archive_bytes: 12,
      rom_slots: 1000,
      pool_bytes: 94_208,
      application: { bytes: 1_000_000 },
    });
    expect(JSON.parse(readFileSync(join(root, 'build', BOARD, 'report.json'), 'utf8'))).toEqual(report);
  });

  it('stops before ESP-IDF with --link-only, and does not ask for it', async () => {
    const { code, around } = await build(['--board', BOARD, '--link-only'], {}, { IDF_PATH: '' });
    expect(code).toBe(0);
    expect(around.out()).toContain('application  none: ESP-IDF was not asked for one');
  });

  it.each<[string, string[], FakeSdkOptions, Record<string, string>, number, string]>([
    [
      'an unknown board',
      ['--board', 'm5atm'],
      {},
      {},
      2,
      'build: there is no board "m5atm"; did you mean m5atom? (`npm run boards` lists them)',
    ],
    ['a chip without Wi-Fi', ['--board', 'esp32-h2-devkitm'], {}, {}, 1, 'is refused: the ESP32-H2 has no Wi-Fi'],
    ['a missing SDK', ['--board', BOARD], {}, { MODDABLE: '' }, 1, 'run `npm run setup -- --board esp32-c3-devkitm`'],
    [
      'a wrong SDK',
      ['--board', BOARD],
      { version: '9.0.0' },
      {},
      1,
      'is version 9.0.0, and this project builds with 8.2.3',
    ],
    ['a missing ESP-IDF', ['--board', BOARD], {}, { IDF_PATH: '' }, 1, 'ESP-IDF is missing: IDF_PATH is not set'],
    [
      'a full partition',
      ['--board', BOARD],
      { application_bytes: 2_000_000 },
      {},
      1,
      'its slot ota_0 has 1,966,080: 33,920 too many',
    ],
    [
      'an import that leads nowhere',
      ['--board', BOARD],
      { lost: 'embedded:io/gone' },
      {},
      1,
      'main.mjs) imports "embedded:io/gone"',
    ],
    [
      'a table that does not fit the chip',
      ['--board', BOARD],
      { table: 1000 },
      {},
      1,
      'build: config of manifest.json: a node with a table of 1,000 peers and 2 keys takes ',
    ],
    [
      'a table that the node does not take',
      ['--board', BOARD],
      { table: 1001 },
      {},
      1,
      'build: config of manifest.json: table is 1001; it must be a whole number from 1 to 1000',
    ],
    [
      'an mcconfig that fails',
      ['--board', BOARD],
      { code: 3 },
      {},
      1,
      'mcconfig stopped with code 3:\nError: no such module',
    ],
  ])('ends with one message for %s', async (_what, argv, options, env, code, message) => {
    const ended = await build(argv, options, env);
    expect(ended.code).toBe(code);
    expect(ended.lines).toHaveLength(1);
    expect(ended.lines[0]).toContain(message);
  });

  it('names a wrong pin, and where to look again', async () => {
    const path = join(root, 'boards', BOARD, 'board.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"pin": 8', '"pin": 40'));
    const { code, lines } = await build(['--board', BOARD]);
    expect(code).toBe(1);
    expect(lines[0]).toBe(
      'build: boards/esp32-c3-devkitm/board.json: led.pin is GPIO 40, which the esp32c3 does not have; it has 0 to 21\n' +
        'mend the board, and look again with `npm run boards -- esp32-c3-devkitm`',
    );
  });
});
