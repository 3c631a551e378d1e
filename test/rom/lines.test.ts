/** DTR, RTS and the buttons: where the chip comes up, and what it prints then. */
import { describe, expect, test } from 'vitest';
import { firmware, flashed } from './firmware.ts';
import { Hand } from './hand.ts';

/** Longer than EN takes to rise. */
const RISEN_MS = 20;

async function classicReset(hand: Hand): Promise<string> {
  await hand.port.set({ dtr: false, rts: true });
  expect(hand.board.mode).toBe('held');
  await hand.port.set({ dtr: true, rts: false });
  const text = await hand.text(RISEN_MS);
  await hand.port.set({ dtr: false, rts: false });
  return text;
}

describe('the classic circuit', () => {
  test.each([
    ['esp32', 'rst:0x1 (POWERON_RESET),boot:0x3 (DOWNLOAD_BOOT(UART0/UART1/SDIO_REI_REO_V2))'],
    ['esp32s2', 'rst:0x1 (POWERON),boot:0x0 (DOWNLOAD(USB/UART0/1))'],
    ['esp32s3', 'rst:0x1 (POWERON),boot:0x0 (DOWNLOAD(USB/UART0))'],
    ['esp32c3', 'rst:0x1 (POWERON),boot:0x4 (DOWNLOAD(USB/UART0/1))'],
    ['esp32c6', 'rst:0x1 (POWERON),boot:0x4 (DOWNLOAD(USB/UART0/SDIO_REI_FEO))'],
  ] as const)('%s into the loader', async (chip, line) => {
    const hand = await Hand.on({ chip, startsInDownloadMode: false });
    await hand.text();
    expect(await classicReset(hand)).toContain(`${line}\r\nwaiting for download\r\n`);
    expect(hand.board.mode).toBe('download');
  });

  test('RTS alone, then neither: into the application, which prints its lines', async () => {
    const flash = flashed(firmware('esp32', { size_bytes: 30_000 }));
    const hand = await Hand.on({ chip: 'esp32', flash, output: ['hello', 'world'] });
    await hand.text();
    await hand.port.set({ dtr: false, rts: true });
    await hand.port.set({ dtr: false, rts: false });
    const text = await hand.text(RISEN_MS);
    expect(text).toContain('rst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)');
    expect(text).toMatch(/Loaded app from partition at offset 0x10000\r\nhello\r\nworld\r\n$/);
    expect(hand.board.mode).toBe('app');
  });

  test('opening the port, which asserts both, leaves the chip alone; so does closing it', async () => {
    const hand = await Hand.on({ chip: 'esp32' });
    expect(hand.board.mode).toBe('download');
    await hand.sync();
    await hand.port.close();
    expect(hand.board.mode).toBe('download');
  });

  test('lines that change one after the other are read when EN has risen', async () => {
    const hand = await Hand.on({ chip: 'esp32', startsInDownloadMode: false });
    await hand.port.set({ dtr: false, rts: true });
    await hand.port.set({ dtr: true, rts: true });
    await hand.port.set({ dtr: true, rts: false });
    await hand.text(RISEN_MS);
    expect(hand.board.mode).toBe('download');
  });
});

describe('USB-Serial-JTAG', () => {
  const options = { chip: 'esp32c3', adapter: 'usb-serial-jtag', startsInDownloadMode: false } as const;

  test('DTR alone sets the flag, RTS alone resets', async () => {
    const hand = await Hand.on(options);
    await hand.text();
    await hand.port.set({ dtr: false, rts: false });
    await hand.port.set({ dtr: true, rts: false });
    await hand.port.set({ dtr: true, rts: true });
    expect(hand.board.mode).toBe('app');
    await hand.port.set({ dtr: false, rts: true });
    expect(hand.board.mode).toBe('download');
    expect(await hand.text()).toContain('rst:0x15 (USB_UART_CHIP_RESET),boot:0x4');
  });

  test('without the flag it is the application that starts', async () => {
    const hand = await Hand.on({ ...options, startsInDownloadMode: true });
    await hand.port.set({ dtr: false, rts: false });
    await hand.port.set({ dtr: false, rts: true });
    expect(hand.board.mode).toBe('app');
  });

  test('rates mean nothing to it', async () => {
    const hand = await Hand.on({ ...options, startsInDownloadMode: true });
    await hand.port.update({ baudRate: 2_000_000 });
    expect(await hand.sync()).toHaveLength(8);
  });

  test('the chips that have none', async () => {
    await expect(Hand.on({ chip: 'esp32', adapter: 'usb-serial-jtag' })).rejects.toThrow(RangeError);
  });
});

describe('the buttons, and the application', () => {
  test('boot and reset', async () => {
    const hand = await Hand.on({ chip: 'esp32s3', startsInDownloadMode: false });
    hand.board.press('boot');
    expect(await hand.sync()).toHaveLength(8);
    hand.board.press('reset');
    expect(hand.board.mode).toBe('app');
    expect(await hand.sync()).toEqual([]);
  });

  test('a flash that does not boot says so', async () => {
    const hand = await Hand.on({ chip: 'esp32', startsInDownloadMode: false });
    hand.board.press('reset');
    expect(await hand.text()).toContain('flash read err, 1000\r\n');
  });

  test('it prints what it is told, and a panic restarts it by the watchdog', async () => {
    const hand = await Hand.on({ chip: 'esp32c6', startsInDownloadMode: false });
    await hand.text();
    hand.board.say('I (312) main: up');
    expect(await hand.text()).toBe('I (312) main: up\r\n');
    hand.board.panic('Guru Meditation Error\r\n');
    expect(await hand.text()).toMatch(/^Guru Meditation Error\r\n.*rst:0x10 \(RTCWDT_RTC_RST\)/s);
  });

  test('in its loader it prints nothing', async () => {
    const hand = await Hand.on({ chip: 'esp32c6' });
    await hand.text();
    hand.board.say('nobody hears it');
    expect(await hand.text()).toBe('');
  });
});
