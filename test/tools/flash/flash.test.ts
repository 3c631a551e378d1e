/** A whole image onto each chip, with the stub and without: written, there already, and one byte of it changed. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Board } from '../../rom/board.ts';
import type { ChipName } from '../../rom/chips.ts';
import { buildImage, flash, removeFolders } from './desk.ts';

const CHIPS: ChipName[] = ['esp32', 'esp32s2', 'esp32s3', 'esp32c3', 'esp32c6'];
const SIZE_BYTES = 1_200_000;
const BLOCK_BYTES = 0x10000;

afterAll(removeFolders);

/** Numbers of the 64 KB blocks in which two flashes differ. */
function blocksThatDiffer(a: Buffer, b: Buffer): number[] {
  return Array.from({ length: a.length / BLOCK_BYTES }, (_, i) => i).filter((i) => {
    const at = i * BLOCK_BYTES;
    return !a.subarray(at, at + BLOCK_BYTES).equals(b.subarray(at, at + BLOCK_BYTES));
  });
}

describe.each(CHIPS)('%s', (chip) => {
  const whole = buildImage(chip, { size_bytes: SIZE_BYTES });
  const changed = buildImage(chip, { size_bytes: SIZE_BYTES });
  changed.app[600_000] ^= 1;
  writeFileSync(join(changed.folder, 'app.bin'), changed.app);

  test.each([
    ['with the stub', []],
    ['without it', ['--no-stub']],
  ])('%s', async (_, flags) => {
    const board = new Board({ chip });
    const words = ['--image', whole.folder, ...flags];

    const first = await flash(words, [board]);
    expect(first.err).toContain('verified');
    expect(first.code).toBe(0);
    expect(board.flash.bytes.equals(whole.whole)).toBe(true);
    const first_bytes = board.wire.toDevice_bytes + board.wire.fromDevice_bytes;

    board.wire.reset();
    const second = await flash(words, [board]);
    expect(second.code).toBe(0);
    expect(second.err).toContain('nothing to write');
    expect(board.wire.toDevice_bytes + board.wire.fromDevice_bytes).toBeLessThan(first_bytes / 10);
    expect(board.flash.bytes.equals(whole.whole)).toBe(true);

    const before = Buffer.from(board.flash.bytes);
    const third = await flash(['--image', changed.folder, ...flags, '--json'], [board]);
    expect(third.code).toBe(0);
    const result = third.events().at(-1);
    expect(result).toMatchObject({ type: 'result', ok: true, written_bytes: BLOCK_BYTES });
    expect(blocksThatDiffer(before, board.flash.bytes)).toEqual([Math.floor((0x10000 + 600_000) / BLOCK_BYTES)]);
    expect(board.flash.bytes.subarray(0x10000, 0x10000 + changed.app.length).equals(changed.app)).toBe(true);
  });
});

test('after a flash the application runs', async () => {
  const board = new Board({ chip: 'esp32c3' });
  const image = buildImage('esp32c3');
  expect((await flash(['--image', image.folder], [board])).code).toBe(0);
  await expect.poll(() => board.mode).toBe('app');
});

test('with --after no-reset the board stays in the loader, and --before no-reset finds it there', async () => {
  const board = new Board({ chip: 'esp32c3' });
  const image = buildImage('esp32c3');
  expect((await flash(['--image', image.folder, '--after', 'no-reset'], [board])).code).toBe(0);
  expect(board.mode).toBe('stub');
  const again = await flash(['verify', '--image', image.folder, '--before', 'no-reset'], [board]);
  expect(again.code, again.err).toBe(0);
});

test('--erase takes what lies beside the image with it', async () => {
  const flashBefore = Buffer.alloc(0x400000, 0x5a);
  const board = new Board({ chip: 'esp32', flash: flashBefore });
  const image = buildImage('esp32');
  const said = await flash(['--image', image.folder, '--erase'], [board]);
  expect(said.code).toBe(0);
  expect(board.flash.bytes.equals(image.whole)).toBe(true);
});

test('the boot loader and the table come last', async () => {
  const board = new Board({ chip: 'esp32' });
  const image = buildImage('esp32');
  const steps = (await flash(['--image', image.folder, '--json'], [board]))
    .events()
    .filter(({ type }) => type === 'step:start');
  const writes = steps.map(({ step }) => step as string).filter((step) => step.startsWith('write'));
  expect(writes).toEqual(['write application', 'write partition table', 'write boot loader']);
});

test.each(['esp32s3', 'esp32c3', 'esp32c6'] as const)(
  "over the %s's own USB port, which goes away with each reset",
  async (chip) => {
    const board = new Board({
      chip,
      adapter: 'usb-serial-jtag',
      path: '/dev/ttyACM0',
      faults: { vanishesOnReset: { for_ms: 40 } },
    });
    const image = buildImage(chip);
    const said = await flash(['--image', image.folder], [board]);
    expect(said.err).toContain('verified');
    expect(said.code, said.err).toBe(0);
    expect(board.flash.bytes.equals(image.whole)).toBe(true);
  },
);

test.each([[[]], [['--no-stub']]])('a flash of 16 MB, its upper end %j', async (flags) => {
  const board = new Board({ chip: 'esp32s3', flashSize_bytes: 0x1000000 });
  const image = buildImage('esp32s3');
  const args = { flash_files: { '0xf00000': 'app.bin' } };
  const high = buildImage('esp32s3', { args });
  const said = await flash(['--image', high.folder, ...flags], [board]);
  expect(said.code).toBe(0);
  expect(board.flash.bytes.subarray(0xf00000, 0xf00000 + image.app.length).equals(image.app)).toBe(true);
});
