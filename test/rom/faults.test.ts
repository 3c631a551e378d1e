/** Each fault shows up as it is described, and none by itself. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { romBinding } from './binding.ts';
import { Board } from './board.ts';
import { esptool, write } from './client.ts';
import { codeLike, firmware, flashed } from './firmware.ts';
import { Hand, turns, words } from './hand.ts';
import { COMMAND } from './packets.ts';

const SYNC_PACKET_BYTES = 46;
const SMALL = { size_bytes: 30_000 };

afterEach(() => vi.useRealTimers());

async function answered(hand: Hand, times: number): Promise<number> {
  let count = 0;
  for (let i = 0; i < times; i++) {
    const replies = await hand.command(COMMAND.READ_REG, words(0x40001000));
    if (replies.some(({ value }) => value === hand.board.chip.magic)) count++;
  }
  return count;
}

describe('bytes', () => {
  test('without a fault every command is answered', async () => {
    expect(await answered(await Hand.on({ chip: 'esp32' }), 200)).toBe(200);
  });

  test.each(['drop_rate', 'garble_rate'] as const)(
    '%s: some commands are lost, the same ones for the same seed',
    async (fault) => {
      const run = async (seed: number): Promise<number> =>
        await answered(await Hand.on({ chip: 'esp32', seed, faults: { [fault]: 0.01 } }), 200);
      const [first, again, other] = [await run(1), await run(1), await run(2)];
      // 27 bytes there and back: three in four come through.
      expect(first).toBeGreaterThan(100);
      expect(first).toBeLessThan(190);
      expect(again).toBe(first);
      expect(other).not.toBe(first);
    },
  );

  test('garbleAbove_baud: what is sent above the rate suffers, and below it does not', async () => {
    const hand = await Hand.on({ chip: 'esp32', faults: { garbleAbove_baud: 460_800 } });
    expect(await answered(hand, 50)).toBe(50);
    await hand.command(COMMAND.CHANGE_BAUDRATE, words(921_600, 0));
    await hand.port.update({ baudRate: 921_600 });
    expect(await answered(hand, 50)).toBeLessThan(40);
  });

  test('noiseBeforeSync_bytes: before the first answer after a reset, and no other', async () => {
    const hand = await Hand.on({ chip: 'esp32', faults: { noiseBeforeSync_bytes: 100 } });
    await hand.text();
    await hand.sync();
    const first = await hand.text();
    await hand.sync();
    const second = await hand.text();
    expect(first.length).toBe(second.length + 100);
    hand.board.press('boot');
    await hand.text();
    await hand.sync();
    expect(await hand.text()).toHaveLength(first.length);
  });
});

describe('a cut', () => {
  test('deadAfterToDevice_bytes: the byte before still arrives, and then there is silence both ways', async () => {
    const faults = { deadAfterToDevice_bytes: 2 * SYNC_PACKET_BYTES };
    const hand = await Hand.on({ chip: 'esp32', faults });
    expect(await hand.sync()).toHaveLength(8);
    await hand.sync();
    // The packet had all come, but the way back was dead by then.
    expect(hand.takePackets()).toEqual([]);
    expect(await hand.sync()).toEqual([]);
    expect(hand.board.mode).toBe('download');
    hand.board.replug();
    expect(await hand.sync()).toHaveLength(8);
  });

  test('deadAfterFromDevice_bytes: the other way round', async () => {
    // Four answers of 14 bytes, and part of a fifth.
    const hand = await Hand.on({ chip: 'esp32', faults: { deadAfterFromDevice_bytes: 60 } });
    expect(await hand.sync()).toHaveLength(4);
    expect(await hand.sync()).toEqual([]);
  });

  test('powerCutAfterToDevice_bytes: the chip is off, the port is there, and what the flash was doing is torn', async () => {
    const hand = await Hand.on({ chip: 'esp32' });
    await hand.startStub();
    hand.board.flash.bytes.fill(0x0f);
    await hand.command(COMMAND.FLASH_BEGIN, words(0x8000, 2, 0x4000, 0));
    await hand.data(COMMAND.FLASH_DATA, 0, Buffer.alloc(0x4000, 0x55));
    // The stub erases and writes the first block while the second one comes: at 115,200 baud 100 bytes are 9 ms.
    hand.board.faults.powerCutAfterToDevice_bytes = hand.board.wire.toDevice_bytes + 100;
    await hand.data(COMMAND.FLASH_DATA, 1, Buffer.alloc(0x4000, 0x55));
    expect(hand.board.mode).toBe('off');
    expect(hand.board.isPresent).toBe(true);
    // Of the first sector's erase, 45 ms, a fifth was done; the later ones had not begun.
    const erased = hand.board.flash.bytes.subarray(0, 0x1000).filter((byte) => byte === 0xff).length;
    expect(erased).toBeGreaterThan(0x1000 * 0.1);
    expect(erased).toBeLessThan(0x1000 * 0.3);
    expect(hand.board.flash.bytes.subarray(0x1000).every((byte) => byte === 0x0f)).toBe(true);
    hand.board.replug();
    expect(hand.board.mode).toBe('download');
  });

  test('unplugAfterToDevice_bytes: the port is gone too, and whoever reads is told', async () => {
    const board = new Board({ chip: 'esp32', startsInDownloadMode: true, faults: { unplugAfterToDevice_bytes: 20 } });
    const binding = romBinding([board]);
    const port = await binding.open({ path: board.path, baudRate: 115200 });
    const reading = port.read(Buffer.alloc(1000), 0, 1000);
    const told = expect(reading).rejects.toMatchObject({ disconnect: true });
    await port.write(Buffer.alloc(46));
    await told;
    await expect(port.write(Buffer.alloc(1))).rejects.toThrow('Input/output error');
    expect(await binding.list()).toEqual([]);
    await expect(binding.open({ path: board.path, baudRate: 115200 })).rejects.toThrow('No such file or directory');
    await port.close();
    board.replug();
    expect(await binding.list()).toHaveLength(1);
    await binding.open({ path: board.path, baudRate: 115200 });
  });

  test('a flash cut in the middle leaves what it leaves; the next one is whole', async () => {
    const made = firmware('esp32c3', { size_bytes: 60_000 });
    const old = flashed(firmware('esp32c3', { size_bytes: 60_000, seed: 99 }));
    const board = new Board({ chip: 'esp32c3', flash: old });
    const binding = romBinding([board]);
    const first = esptool({ binding, path: board.path });
    await first.loader.main();
    board.faults.unplugAfterToDevice_bytes = board.wire.toDevice_bytes + 20_000;
    first.loader.FLASH_WRITE_SIZE = 0x1000;
    first.loader.WRITE_BLOCK_ATTEMPTS = 1;
    await expect(write(first.loader, 0x10000, made.app)).rejects.toThrow();
    expect(board.boots()).toBe(false);
    expect(board.isPresent).toBe(false);
    board.replug();
    expect(board.acceptsFlash()).toBe(true);
    const second = esptool({ binding, path: board.path });
    await second.loader.main();
    await write(second.loader, 0x10000, made.app);
    expect(board.boots()).toBe(true);
  });
});

describe('the board', () => {
  test('a reset right after the last answer of the stub loses what was not yet written', async () => {
    const hand = await Hand.on({ chip: 'esp32' });
    await hand.startStub();
    await hand.command(COMMAND.FLASH_BEGIN, words(0x2000, 1, 0x2000, 0));
    const [reply] = await hand.data(COMMAND.FLASH_DATA, 0, Buffer.alloc(0x2000));
    expect(reply.body[0]).toBe(0);
    await hand.port.set({ dtr: false, rts: true });
    expect(hand.board.flash.bytes.subarray(0, 0x2000).every((byte) => byte === 0xff)).toBe(true);
  });

  test('eraseSlowdown: in the time of the model, and in real time at its pace', async () => {
    const elapsed_us = async (eraseSlowdown: number): Promise<number> => {
      const hand = await Hand.on({ chip: 'esp32', faults: { eraseSlowdown } });
      await hand.startStub();
      hand.board.wire.reset();
      await hand.command(COMMAND.ERASE_REGION, words(0, 0x1000));
      return hand.board.wire.elapsed_us;
    };
    expect((await elapsed_us(20)) - (await elapsed_us(1))).toBeCloseTo(19 * 45_000, 3);
  });

  test('pace: an answer takes as long as it would', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const hand = await Hand.on({ chip: 'esp32', pace: 1, faults: { eraseSlowdown: 10 } });
    await hand.startStub();
    await vi.advanceTimersByTimeAsync(1000);
    hand.takePackets();
    await hand.command(COMMAND.ERASE_REGION, words(0, 0x1000));
    await vi.advanceTimersByTimeAsync(440);
    await turns();
    expect(hand.takePackets()).toEqual([]);
    await vi.advanceTimersByTimeAsync(30);
    await turns();
    expect(hand.takePackets()).toHaveLength(1);
  });

  test('flashEncryption: what is plain does not boot', () => {
    const flash = flashed(firmware('esp32', SMALL));
    expect(new Board({ chip: 'esp32', flash }).boots()).toBe(true);
    expect(new Board({ chip: 'esp32', flash, faults: { flashEncryption: true } }).boots()).toBe(false);
  });

  test('secureDownload is not for an ESP32', () => {
    expect(() => new Board({ chip: 'esp32', faults: { secureDownload: true } })).toThrow(RangeError);
  });

  test('noAutoReset: only the button leads into the loader', async () => {
    const hand = await Hand.on({ chip: 'esp32', startsInDownloadMode: false, faults: { noAutoReset: true } });
    await hand.port.set({ dtr: false, rts: true });
    await hand.port.set({ dtr: true, rts: false });
    await sleep(20);
    expect(hand.board.mode).toBe('app');
    expect(hand.board.acceptsFlash()).toBe(false);
    hand.board.press('boot');
    expect(hand.board.acceptsFlash()).toBe(true);
    expect(await hand.sync()).toHaveLength(8);
  });

  test.each([
    ['unwired', 'app', /boot:0x13 \(SPI_FAST_FLASH_BOOT\)/],
    ['stuckLow', 'download', /waiting for download/],
  ] as const)('io0: %s', async (io0, mode, text) => {
    const hand = await Hand.on({ chip: 'esp32', startsInDownloadMode: false, faults: { io0 } });
    await hand.text();
    await hand.port.set({ dtr: false, rts: true });
    await hand.port.set({ dtr: io0 === 'unwired', rts: false });
    expect(await hand.text(20)).toMatch(text);
    expect(hand.board.mode).toBe(mode);
    hand.board.press('boot');
    expect(hand.board.mode).toBe('download');
  });

  test('vanishesOnReset: the port goes, and comes back under another name', async () => {
    const board = new Board({
      chip: 'esp32c3',
      adapter: 'usb-serial-jtag',
      path: '/dev/ttyACM0',
      faults: { vanishesOnReset: { for_ms: 30, comesBackAs: '/dev/ttyACM1' } },
    });
    const binding = romBinding([board]);
    const paths = async (): Promise<string[]> => (await binding.list()).map(({ path }) => path);
    const port = await binding.open({ path: board.path, baudRate: 115200 });
    await port.set({ dtr: true, rts: false });
    await port.set({ dtr: false, rts: true });
    expect(board.mode).toBe('download');
    expect(await paths()).toEqual([]);
    await vi.waitFor(async () => expect(await paths()).toEqual(['/dev/ttyACM1']));
  });
});

describe('the port', () => {
  test('hostBaud_max: the driver refuses', async () => {
    const hand = await Hand.on({ chip: 'esp32', faults: { hostBaud_max: 500_000 } });
    await expect(hand.port.update({ baudRate: 921_600 })).rejects.toThrow('Invalid argument');
    await hand.port.update({ baudRate: 460_800 });
    expect(await hand.port.getBaudRate()).toEqual({ baudRate: 460_800 });
  });

  test.each([
    ['busy', 'Resource temporarily unavailable Cannot lock port'],
    ['denied', 'Permission denied, cannot open /dev/ttyUSB0'],
  ] as const)('openFails: %s', async (openFails, text) => {
    await expect(Hand.on({ chip: 'esp32', faults: { openFails } })).rejects.toThrow(text);
  });
});

test('a weak link costs esptool-js its patience, not the board its flash', async () => {
  const board = new Board({ chip: 'esp32', seed: 3 });
  const { loader } = esptool({ binding: romBinding([board]), path: board.path });
  await loader.main();
  board.faults.garble_rate = 0.0005;
  const data = codeLike(40_000, 6);
  loader.FLASH_WRITE_SIZE = 0x400;
  loader.WRITE_BLOCK_ATTEMPTS = 1;
  await expect(write(loader, 0x10000, data)).rejects.toThrow();
  board.faults.garble_rate = 0;
  await write(loader, 0x10000, data);
  expect(board.flash.bytes.subarray(0x10000, 0x10000 + data.length).equals(data)).toBe(true);
});
