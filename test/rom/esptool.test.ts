/**
 * The model's reason to be: esptool-js, as it is published, works on it. The tests run side by side, for most of their
 * time it sleeps.
 */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ADAPTERS } from './adapters.ts';
import { romBinding } from './binding.ts';
import { Board } from './board.ts';
import type { ChipName } from './chips.ts';
import { connectRom, esptool, write } from './client.ts';
import { codeLike } from './firmware.ts';

const CHIP_NAMES: readonly ChipName[] = ['esp32', 'esp32s2', 'esp32s3', 'esp32c3', 'esp32c6'];
const IMAGE = codeLike(120_000, 11);
const IMAGE_MD5 = createHash('md5').update(IMAGE).digest('hex');

function heldBy(board: Board, address: number): Buffer {
  return board.flash.bytes.subarray(address, address + IMAGE.length);
}

describe.concurrent.each(CHIP_NAMES)('%s', (chip) => {
  test('with the stub: who it is, written compressed and checked, read back', async () => {
    const board = new Board({ chip, mac: '7c:df:a1:00:be:ef', flashSize_bytes: 0x800000 });
    const { loader, said } = esptool({ binding: romBinding([board]), path: board.path, baud: 921600 });
    await loader.main();
    expect(loader.chip.CHIP_NAME.replace('-', '').toLowerCase()).toBe(chip);
    expect(said).toContain('MAC: 7c:df:a1:00:be:ef');
    expect(said).toContain('Crystal is 40MHz');
    expect(await loader.detectFlashSize()).toBe('8MB');
    expect(board.mode).toBe('stub');
    await write(loader, 0x10000, IMAGE);
    expect(said).toContain('Hash of data verified.');
    expect(heldBy(board, 0x10000).equals(IMAGE)).toBe(true);
    expect(Buffer.from(await loader.readFlash(0x10000, 10_000)).equals(IMAGE.subarray(0, 10_000))).toBe(true);
  });

  test('without the stub: compressed and plain, and the MD5 of the ROM', async () => {
    const board = new Board({ chip });
    const { loader } = esptool({ binding: romBinding([board]), path: board.path });
    await connectRom(loader);
    expect(loader.chip.CHIP_NAME.replace('-', '').toLowerCase()).toBe(chip);
    await write(loader, 0x10000, IMAGE, { md5: false });
    await write(loader, 0x80000, IMAGE, { md5: false, compress: false });
    expect(heldBy(board, 0x10000).equals(IMAGE)).toBe(true);
    expect(heldBy(board, 0x80000).equals(IMAGE)).toBe(true);
    // It writes the ROM's digits as the bytes of digits.
    const digits = Buffer.from(await loader.flashMd5sum(0x10000, IMAGE.length), 'hex').toString();
    expect(digits).toBe(IMAGE_MD5);
  });
});

test.concurrent('plain data by the stub, then erased', async () => {
  const board = new Board({ chip: 'esp32c3' });
  const { loader } = esptool({ binding: romBinding([board]), path: board.path });
  await loader.main();
  await write(loader, 0x20000, IMAGE, { compress: false });
  expect(heldBy(board, 0x20000).equals(IMAGE)).toBe(true);
  await loader.eraseFlash();
  expect(board.flash.bytes.every((byte) => byte === 0xff)).toBe(true);
});

test.concurrent.each(['esp32s3', 'esp32c3', 'esp32c6'] as const)('%s by its USB-Serial-JTAG', async (chip) => {
  const board = new Board({ chip, adapter: 'usb-serial-jtag', path: '/dev/ttyACM0' });
  const usb = ADAPTERS['usb-serial-jtag'];
  const { loader } = esptool({ binding: romBinding([board]), path: board.path, usb });
  await loader.main();
  await write(loader, 0x10000, IMAGE);
  expect(heldBy(board, 0x10000).equals(IMAGE)).toBe(true);
});

test.concurrent('a chip in secure download mode is known, and written without the stub', async () => {
  const board = new Board({ chip: 'esp32c3', faults: { secureDownload: true } });
  const { loader } = esptool({ binding: romBinding([board]), path: board.path });
  await loader.main();
  expect(loader.secureDownloadMode).toBe(true);
  expect(board.mode).toBe('download');
});

test.concurrent('a stub that is still running is met again', async () => {
  const board = new Board({ chip: 'esp32' });
  const binding = romBinding([board]);
  const first = esptool({ binding, path: board.path });
  await first.loader.main();
  await first.loader.transport.disconnect();
  const second = esptool({ binding, path: board.path });
  await second.loader.main('no_reset');
  expect(second.said).toContain('Stub is already running. No upload is necessary.');
});
