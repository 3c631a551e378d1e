/** What is refused before the first byte: another chip, a smaller flash, a secured chip, and images that cannot be. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Board, type BoardOptions } from '../../rom/board.ts';
import { buildImage, flash, newFolder, removeFolders } from './desk.ts';

afterAll(removeFolders);

const image = buildImage('esp32c3');

/** Runs the command, and holds that the flash is as it was. */
async function refused(options: BoardOptions, words: readonly string[]): Promise<{ code: number; err: string }> {
  const board = new Board(options);
  const before = Buffer.from(board.flash.bytes);
  const said = await flash(words, [board]);
  expect(board.flash.bytes.equals(before)).toBe(true);
  return said;
}

describe('another chip', () => {
  test('the image is for another', async () => {
    const { code, err } = await refused({ chip: 'esp32s3' }, ['--image', image.folder]);
    expect(code).toBe(8);
    expect(err).toContain('is for the esp32c3, and the chip is an ESP32-S3');
    expect(err).toContain('Nothing was written');
  });

  test('--chip says another', async () => {
    const { code, err } = await refused({ chip: 'esp32c3' }, ['--image', image.folder, '--chip', 'ESP32-C6']);
    expect(code).toBe(8);
    expect(err).toContain('--chip says ESP32-C6, and the chip is an ESP32-C3');
  });

  test('ESPTOOL_CHIP says another', async () => {
    const board = new Board({ chip: 'esp32c3' });
    const said = await flash(['--image', image.folder], [board], { env: { ESPTOOL_CHIP: 'esp32' } });
    expect(said.code).toBe(8);
  });

  test('the board is another', async () => {
    const { code, err } = await refused({ chip: 'esp32c3' }, ['erase', '--board', 'esp32-devkitc', '--yes']);
    expect(code).toBe(8);
    expect(err).toContain('the board esp32-devkitc is for the esp32, and the chip is an ESP32-C3');
  });

  test('only the header of the application says it', async () => {
    const args = { extra_esptool_args: {} };
    const other = buildImage('esp32s3', { args });
    const { code, err } = await refused({ chip: 'esp32c3' }, ['--image', other.folder]);
    expect(code).toBe(8);
    expect(err).toContain('the application is built for the chip with number 9, and the ESP32-C3 has 5');
  });
});

describe('another flash', () => {
  test('smaller than the image is built for', async () => {
    const { code, err } = await refused({ chip: 'esp32c3', flashSize_bytes: 0x200000 }, ['--image', image.folder]);
    expect(code).toBe(9);
    expect(err).toContain('the image is built for a flash of 4 MB, and this one has 2 MB');
  });

  test('smaller than what is to be written, which no --force mends', async () => {
    const large = buildImage('esp32c3', { size_bytes: 1_200_000 });
    const words = ['--image', large.folder, '--force'];
    const { code, err } = await refused({ chip: 'esp32c3', flashSize_bytes: 0x100000 }, words);
    expect(code).toBe(9);
    expect(err).toContain('the application ends at 0x134');
  });

  test('smaller than the board has', async () => {
    const words = ['erase', '--board', 'esp32-c3-devkitm', '--yes'];
    const { code, err } = await refused({ chip: 'esp32c3', flashSize_bytes: 0x200000 }, words);
    expect(code).toBe(9);
    expect(err).toContain('the board esp32-c3-devkitm has a flash of 4 MB, and this one has 2 MB');
  });
});

describe.each(['esp32', 'esp32s2', 'esp32s3', 'esp32c3', 'esp32c6'] as const)('a secured %s', (chip) => {
  const own = buildImage(chip);

  test('secure boot', async () => {
    const { code, err } = await refused({ chip, faults: { secureBoot: true } }, ['--image', own.folder]);
    expect(code).toBe(10);
    expect(err).toContain('secure boot is on: the chip starts only images signed with its key');
  });

  test('flash encryption', async () => {
    const { code, err } = await refused({ chip, faults: { flashEncryption: true } }, ['--image', own.folder]);
    expect(code).toBe(10);
    expect(err).toContain('flash encryption is on');
  });

  test.runIf(chip !== 'esp32')('secure download, in spite of --force', async () => {
    const { code, err } = await refused({ chip, faults: { secureDownload: true } }, ['--image', own.folder, '--force']);
    expect(code).toBe(10);
    expect(err).toContain('secure download mode');
  });

  test.runIf(chip !== 'esp32')('secure download shows in info', async () => {
    const board = new Board({ chip, faults: { secureDownload: true } });
    const said = await flash(['info'], [board]);
    expect(said.code).toBe(0);
    expect(said.out).toContain('secure download mode');
  });
});

test('--force goes on with secure boot, and says so', async () => {
  const board = new Board({ chip: 'esp32c3', faults: { secureBoot: true } });
  const said = await flash(['--image', image.folder, '--force'], [board]);
  expect(said.code).toBe(0);
  expect(said.err).toContain('secure boot');
});

describe('images that cannot be', () => {
  const words = async (folder: string): Promise<{ code: number; err: string }> => await flash(['--image', folder], []);

  test('no flasher_args.json', async () => {
    const { code, err } = await words(newFolder());
    expect(code).toBe(2);
    expect(err).toContain('there is no flasher_args.json in');
  });

  test('no JSON', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'flasher_args.json'), '{');
    const { code, err } = await words(folder);
    expect(code).toBe(2);
    expect(err).toContain('it is no JSON');
  });

  test.each([
    [
      'a file that is not there',
      { flash_files: { '0x10000': 'gone.bin' } },
      'names gone.bin, and there is no such file',
    ],
    ['no files', { flash_files: {} }, 'names no files in flash_files'],
    ['an address that is none', { flash_files: { ten: 'app.bin' } }, '"ten" does not say which file goes where'],
    ['the middle of a sector', { flash_files: { '0x10010': 'app.bin' } }, 'in the middle of a sector'],
    ['two in one place', { flash_files: { '0x8000': 'app.bin', '0x9000': 'app.bin' } }, 'ends at 0x'],
    ['encrypted parts', { app: { encrypted: 'true', offset: '0x10000' } }, 'app is to be encrypted'],
  ])('%s', async (_, args, text) => {
    const { code, err } = await words(buildImage('esp32', { args }).folder);
    expect(code).toBe(2);
    expect(err).toContain(text);
  });

  test('larger than its partition', async () => {
    const { code, err } = await words(buildImage('esp32', { size_bytes: 1_600_000 }).folder);
    expect(code).toBe(2);
    expect(err).toContain('its partition factory takes 1572864');
  });

  test('none at all, and several', async () => {
    const root = newFolder();
    const run = async (): Promise<{ code: number; err: string }> => await flash([], [], { root });
    expect((await run()).err).toContain('there is nothing to flash: build for a board first');
    for (const id of ['one', 'two']) {
      mkdirSync(join(root, 'build', id), { recursive: true });
      buildImage('esp32', {}, join(root, 'build', id));
    }
    const said = await run();
    expect(said.code).toBe(2);
    expect(said.err).toContain('build/ holds images for one, two; say which with --board');
  });
});
